"""What headings leave open is asked: another unit than yuan, two columns, an average that differs."""

import pytest

from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.layout import Layout
from siweb.filings.sheets.read_rows import read_rows
from tests.filings.sheets.files import make_xlsx

WHO = "310101199003070115"
HIRE = {
    "姓名": "赵一一",
    "身份证号码": WHO,
    "入职日期": "2026-11-03",
    "月工资": 8000,
    "起始缴费月": "2026-11",
}


@pytest.fixture
def read(tmp_path):
    def one(cells, *, above=(), kind=FilingKind.HIRE, layout=None):
        lines = [*above, [said[0] for said in cells], [said[1] for said in cells]]
        defaults = {"insurances": ["pension"]} if kind is FilingKind.HIRE else {}
        path = make_xlsx(tmp_path / "a.xlsx", lines)
        (row,) = read_rows(path, kind, defaults=defaults, layout=layout or Layout())
        return row

    return one


def under(heading):
    return [(heading if name == "月工资" else name, said) for name, said in HIRE.items()]


def codes(row):
    return [(one.code, one.facts.get("field")) for one in row.findings]


@pytest.mark.parametrize(
    "heading",
    ["月工资（万元）", "月工资(千元)", "月工资（美元）", "月工资（元/年）", "月工资（元/天）",
     "月工资【单位：万元】", "月工资(k)"],
)  # fmt: skip
def test_amounts_in_another_unit_are_asked(read, heading):
    row = read(under(heading))

    assert codes(row) == [("cell_unit", "wage_fen")]
    assert "wage_fen" not in row.given


@pytest.mark.parametrize(
    "heading", ["月工资（元）", "月工资(元/月)", "月工资元", "月工资（税前）", "月工资（人民币元）"]
)
def test_amounts_in_yuan_are_read(read, heading):
    row = read(under(heading))

    assert (row.given["wage_fen"], row.findings) == (800_000, [])


@pytest.mark.parametrize("line", ["单位：万元", "增员表（单位:人民币千元）"])
def test_a_line_above_the_list_says_the_unit_of_all_amounts(read, line):
    row = read(under("月工资"), above=[[line]])

    assert codes(row) == [("cell_unit", "wage_fen")]


@pytest.mark.parametrize("line", ["单位：元", "单位：千山万水公司", "填报单位：甲公司"])
def test_a_line_above_the_list_may_name_the_employer(read, line):
    assert read(under("月工资"), above=[[line]]).findings == []


def test_of_two_columns_that_differ_none_counts(read):
    row = read([*HIRE.items(), ("月工资", 9000)])

    assert codes(row) == [("cell_twice", "wage_fen")]
    assert "wage_fen" not in row.given


@pytest.mark.parametrize("other", [8000, None])
def test_two_columns_that_agree_are_one(read, other):
    row = read([*HIRE.items(), ("月工资", other)])

    assert (row.given["wage_fen"], row.findings) == (800_000, [])


def test_of_two_columns_the_one_that_was_assigned_counts(read):
    row = read([*HIRE.items(), ("月工资", 9000)], layout=Layout(columns={"wage_fen": 5}))

    assert (row.given["wage_fen"], row.findings) == (900_000, [])


@pytest.mark.parametrize(
    ("cells", "is_split"),
    [
        ((8, "000.00"), True),
        ((8, "000"), True),
        ((800, "000"), True),
        ((8000, "000"), False),
        ((8, "00"), False),
        ((8, "病假"), False),
    ],
)
def test_an_amount_that_was_cut_at_its_comma_is_asked(tmp_path, cells, is_split):
    path = tmp_path / "a.csv"
    names = ["姓名", "身份证号码", "入职日期", "起始缴费月", "月工资", ""]
    line = ["赵一一", WHO, "2026-11-03", "2026-11", *map(str, cells)]
    path.write_text(",".join(names) + "\n" + ",".join(line) + "\n", "utf-8")

    (row,) = read_rows(path, FilingKind.HIRE, defaults={"insurances": ["pension"]})

    assert ("wage_fen" not in row.given) is is_split
    assert codes(row) == ([("cell_money", "wage_fen")] if is_split else [])


@pytest.mark.parametrize(
    ("average", "found"),
    [
        (8000, []),
        (8000.99, []),
        (8001, [("average_differs", "total_wage_fen")]),
        (7999, [("average_differs", "total_wage_fen")]),
        ("见附件", []),
        (None, []),
    ],
)
def test_an_average_beside_the_total_is_held_against_it(read, average, found):
    cells = [("姓名", "赵一一"), ("身份证号码", WHO), ("上年工资总额", 96_000), ("月数", 12)]

    row = read([*cells, ("月平均工资", average)], kind=FilingKind.BASE)

    assert codes(row) == found


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "########", "###"])
def test_what_a_program_showed_instead_of_a_value_is_none(read, shown):
    assert codes(read([*under("月工资")[:3], ("月工资", shown), ("起始缴费月", "2026-11")])) == [
        ("cell_error", "wage_fen")
    ]


@pytest.mark.parametrize(
    ("name", "code"), [("赵\ufffd一", "cell_letters"), ("赵?一", "cell_letters")]
)
def test_a_name_that_lost_a_letter_is_asked(read, name, code):
    row = read([("姓名", name), *list(HIRE.items())[1:]])

    assert codes(row) == [(code, "name")]


def test_a_list_of_nobody_is_refused(tmp_path):
    path = make_xlsx(tmp_path / "a.xlsx", [list(HIRE), ["合计", None, None, 0]])

    with pytest.raises(SheetRefused, match="no_people"):
        list(read_rows(path, FilingKind.HIRE, defaults={"insurances": ["pension"]}))
