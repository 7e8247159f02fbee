"""Which column of a filer's sheet says what: the best heading wins, wherever it stands."""

from datetime import date

import pytest

from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.read_rows import read_rows
from tests import factories
from tests.filings.sheets.files import HEADINGS, make_xlsx

WHO = factories.make_id_number(date(1985, 1, 2), serial=1)
HIRE = dict(zip(HEADINGS, ["李雷", WHO, date(2026, 11, 2), 9000, "2026-11", "五险"], strict=True))
LEAVE = {
    "姓名": "李雷",
    "身份证号": WHO,
    "离职日期": "2026-11-20",
    "离职原因": "辞职",
    "是否自愿": "是",
    "停保月份": "2026-11",
}


@pytest.fixture
def read(tmp_path):
    def rows(kind, *lines, **defaults):
        return list(read_rows(make_xlsx(tmp_path / "a.xlsx", lines), kind, defaults=defaults))

    return rows


def read_one(read, kind, cells, **defaults):
    (row,) = read(kind, list(cells), list(cells.values()), **defaults)
    return row


@pytest.mark.parametrize(
    ("kind", "before", "usual", "field", "value"),
    [
        (FilingKind.LEAVE, {"合同终止日期": "2028-12-31"}, LEAVE, "ended_on", "2026-11-20"),
        (FilingKind.HIRE, {"参加工作日期": "2005-07-01"}, HIRE, "hired_on", "2026-11-02"),
        (FilingKind.HIRE, {"合同起始日期": "2026-10-01"}, HIRE, "hired_on", "2026-11-02"),
        (FilingKind.HIRE, {"ID(工号)": "1001"}, HIRE, "id_number", WHO),
        (FilingKind.HIRE, {"缴费基数": 7460}, HIRE, "wage_fen", 900_000),
        (
            FilingKind.HIRE,
            {"联系电话": "021-61234567"},
            HIRE | {"手机号": "13800001234"},
            "mobile",
            "13800001234",
        ),
    ],
)
def test_the_best_heading_counts_and_not_the_first(read, kind, before, usual, field, value):
    row = read_one(read, kind, before | usual)

    assert (row.given[field], row.findings) == (value, [])


def test_when_somebody_began_to_work_at_all_is_no_day_of_hire(read):
    cells = {("参加工作日期" if one == "入职日期" else one): said for one, said in HIRE.items()}

    with pytest.raises(SheetRefused) as refused:
        read_one(read, FilingKind.HIRE, cells)

    assert refused.value.facts["columns"] == ["入职日期"]


@pytest.mark.parametrize("heading", ["解除终止劳动合同日期", "终止解除日期", "合同终止日期"])
def test_the_day_on_which_the_contract_was_ended_is_the_last_day(read, heading):
    cells = {(heading if one == "离职日期" else one): said for one, said in LEAVE.items()}

    assert read_one(read, FilingKind.LEAVE, cells).given["ended_on"] == "2026-11-20"


def base(**wages):
    return {"姓名": "李雷", "身份证号": WHO} | wages


@pytest.mark.parametrize(
    "heading", ["上年月平均工资", "上年度月平均工资", "月平均工资", "月均工资"]
)
def test_a_yearly_base_may_come_as_an_average_alone(read, heading):
    row = read_one(read, FilingKind.BASE, base(**{heading: "8000.50"}))

    assert (row.given["wage_fen"], row.findings) == (800_050, [])


def test_an_average_alone_is_needed_where_it_is_the_only_column(read):
    row = read_one(read, FilingKind.BASE, base(月均工资=None, 备注="病假"))

    assert [(one.code, one.facts["field"]) for one in row.findings] == [
        ("cell_missing", "wage_fen")
    ]


def test_an_average_beside_total_and_months_is_not_looked_at(read):
    cells = base(上年度月平均工资="见附件", 上年度工资总额=96_000, 缴费月数=12)

    row = read_one(read, FilingKind.BASE, cells)

    assert (row.given["wage_fen"], row.findings) == (800_000, [])


def test_an_average_counts_where_the_months_are_not_said(read):
    row = read_one(read, FilingKind.BASE, base(上年度工资总额="见附件", 月平均工资=8000))

    assert (row.given["wage_fen"], row.findings) == (800_000, [])


def test_a_base_without_average_or_total_is_refused(read):
    with pytest.raises(SheetRefused) as refused:
        read_one(read, FilingKind.BASE, base(备注="新"))

    assert refused.value.facts["columns"] == ["上年工资总额", "上年工作月数"]


UPPER = [*HEADINGS[:5], "参保险种", None, None, "备注"]
LOWER = [None] * 5 + ["养老", "医疗（含生育）", "工伤", None]
TICKED = [*list(HIRE.values())[:5], "是", "否", "√"]


def test_headings_of_two_levels_are_read_together(read):
    rows = read(FilingKind.HIRE, UPPER, LOWER, TICKED)

    assert [(row.number, row.findings) for row in rows] == [(3, [])]
    assert rows[0].given["insurances"] == ["pension", "work_injury"]


def test_headings_of_two_levels_may_repeat_who_it_is(read):
    lower = [*HEADINGS[:2], *LOWER[2:]]

    (row,) = read(FilingKind.HIRE, UPPER, lower, TICKED)

    assert row.given["insurances"] == ["pension", "work_injury"]


SPANNING = [None, None, None, HEADINGS[3], None, None]
WITHOUT_IT = [*HEADINGS[:3], None, *HEADINGS[4:]]


@pytest.mark.parametrize("between", [0, 1])
def test_a_heading_may_stand_in_one_of_the_two_rows_above(read, between):
    asides = [["填表说明", None, None, None, None, None]] * between

    (row,) = read(FilingKind.HIRE, SPANNING, *asides, WITHOUT_IT, list(HIRE.values()))

    assert (row.number, row.given["wage_fen"]) == (3 + between, 900_000)


def test_what_stands_further_above_is_no_heading(read):
    asides = [["填表说明", None, None, None, None, None]] * 2

    with pytest.raises(SheetRefused) as refused:
        read(FilingKind.HIRE, SPANNING, *asides, WITHOUT_IT, list(HIRE.values()))

    assert refused.value.facts["columns"] == [HEADINGS[3]]


def test_more_insurances_below_than_headings_above_are_still_below(read):
    upper = [*HEADINGS[:4], "险种（打√）"]
    lower = [None] * 4 + ["养老", "医疗", "失业", "工伤", "生育"]
    line = [*list(HIRE.values())[:4], "是", "是", "否", "是", "否"]

    (row,) = read(FilingKind.HIRE, upper, lower, line, start_month="2026-11")

    assert (row.number, row.given["insurances"]) == (3, ["pension", "medical", "work_injury"])


def test_a_first_row_without_name_and_number_is_no_heading(read):
    incomplete = [None, None, date(2026, 11, 2), 9000, "2026-11", "养老"]

    rows = read(FilingKind.HIRE, HEADINGS, incomplete, list(HIRE.values()))

    assert [row.number for row in rows] == [2, 3]
    assert rows[1].findings == []


WOMAN = factories.make_id_number(date(1990, 3, 7), serial=2)


@pytest.mark.parametrize("post", ["销售岗", "工人岗位"])
def test_the_post_of_a_man_is_not_looked_at(read, post):
    row = read_one(read, FilingKind.HIRE, HIRE | {"岗位类别": post})

    assert "retirement_category" not in row.given
    assert row.findings == []


def test_the_post_of_a_woman_is(read):
    row = read_one(read, FilingKind.HIRE, HIRE | {"公民身份号码": WOMAN, "岗位类别": "销售岗"})

    assert [one.code for one in row.findings] == ["cell_choice"]


def test_a_change_of_a_mans_post_is_none(read):
    row = read_one(read, FilingKind.CHANGE, {"姓名": "李雷", "身份证号": WHO, "岗位类别": "干部"})

    assert "retirement_category" not in row.given
