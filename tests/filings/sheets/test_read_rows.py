"""Sheets as filers make them come out as rows; what is unclear is named, row by row."""

from datetime import date

import pytest

from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.labels import FINDINGS, REFUSED_FILES
from siweb.filings.sheets.read_rows import read_rows
from tests import factories
from tests.documents.read_raw import read_raw
from tests.filings.sheets.files import HEADINGS, convert, inline, make_parts, make_xlsx

WOMAN = factories.make_id_number(date(1990, 3, 7), serial=2)
MAN = factories.make_id_number(date(1985, 1, 2), serial=1)
PERSON = ["王芳", WOMAN, date(2026, 11, 2), 8000.5, "2026-11", "五险"]
GIVEN = {
    "name": "王芳",
    "id_number": WOMAN,
    "hired_on": "2026-11-02",
    "wage_fen": 800_050,
    "start_month": "2026-11",
    "insurances": ["pension", "medical", "unemployment", "work_injury", "maternity"],
}


def rows_of(path, kind=FilingKind.HIRE, **defaults):
    return list(read_rows(path, kind, defaults=defaults))


def codes(row):
    return [(one.code, one.facts.get("field")) for one in row.findings]


def test_a_sheet_reads_as_the_form_gives_it(tmp_path):
    (row,) = rows_of(make_xlsx(tmp_path / "a.xlsx", [HEADINGS, PERSON]))

    assert (row.number, row.given, row.findings) == (2, GIVEN, [])


def test_columns_are_found_by_name_in_any_order(tmp_path):
    headings = [
        "备注",
        "险种",
        "月缴费工资（元）",
        "身份证号码*",
        "缴费起始月",
        "员工 姓名",
        "用工日期",
    ]
    line = ["新", "养老、医疗", "￥8,000.50元", f"'{WOMAN}", "2026年11月", "王 芳", "2026.11.2"]

    (row,) = rows_of(make_xlsx(tmp_path / "a.xlsx", [headings, line]))

    assert row.given == GIVEN | {"insurances": ["pension", "medical"]}


def test_titles_totals_examples_notes_and_empty_rows_are_no_people(tmp_path):
    lines = [
        ["2026年11月增员表"],
        ["单位名称：", "甲公司", None, "填表日期", "2026-11-02"],
        HEADINGS,
        ["（示例）张三", MAN, date(2026, 11, 1), 6000, "2026-11", "五险"],
        PERSON,
        [],
        ["合 计", None, None, 8000.5],
        [None, None, None, None, None, None, "制表人：李雷"],
    ]

    (row,) = rows_of(make_xlsx(tmp_path / "a.xlsx", lines))

    assert row.number == 5


@pytest.mark.parametrize(
    "line",
    [
        ["合计", "共1人", "1人", 8000.5],
        ["人数合计", "1人"],
        ["共1人"],
        ["制表人：张三", None, "日期：2026-11-24"],
        ["填表人：张三", "2026-11-24"],
        ["填表人", "张三", None, None, "审核"],
        ["审核：", "20261124"],
        ["备注：以上2人均为本单位职工", "1"],
    ],
)
def test_what_stands_below_a_list_is_nobody(tmp_path, line):
    numbered = [[1, *PERSON], [None, *line], [2, *line]]

    assert len(rows_of(make_xlsx(tmp_path / "a.xlsx", [HEADINGS, PERSON, line]))) == 1
    path = make_xlsx(tmp_path / "b.xlsx", [["序号", *HEADINGS], *numbered])
    assert [row.number for row in rows_of(path)] == [2]


@pytest.mark.parametrize("number", [WOMAN, "1.10101E+17", "11010119900307002", f"'{WOMAN}"])
def test_whoever_has_a_number_is_somebody_whatever_stands_first(tmp_path, number):
    lines = [["部门", *HEADINGS], ["审核", PERSON[0], number, *PERSON[2:]]]

    assert len(rows_of(make_xlsx(tmp_path / "a.xlsx", lines))) == 1


def test_whoever_has_no_number_in_a_department_is_somebody(tmp_path):
    lines = [["部门", *HEADINGS], ["审核部", PERSON[0], None, *PERSON[2:]]]

    (row,) = rows_of(make_xlsx(tmp_path / "a.xlsx", lines))

    assert codes(row) == [("cell_missing", "id_number")]


def test_the_first_visible_sheet_is_read(tmp_path):
    path = make_xlsx(
        tmp_path / "a.xlsx", [HEADINGS, PERSON], sheets=("码表", "名单"), hidden=("码表",)
    )

    assert [row.given for row in rows_of(path)] == [GIVEN]


def test_a_column_for_each_insurance_is_ticked(tmp_path):
    headings = [*HEADINGS[:5], "养老保险", "医疗", "失业", "工伤", "生育"]

    (row,) = rows_of(
        make_xlsx(tmp_path / "a.xlsx", [headings, [*PERSON[:5], "是", "√", "否", 1, None]])
    )

    assert row.given["insurances"] == ["pension", "medical", "work_injury"]


def test_what_a_sheet_has_no_column_for_is_answered_once(tmp_path):
    path = make_xlsx(tmp_path / "a.xlsx", [HEADINGS[:4], PERSON[:4]])

    (row,) = rows_of(path, start_month="2026-11", insurances=["pension"])

    assert row.given == GIVEN | {"insurances": ["pension"]}


def test_an_id_number_that_a_spreadsheet_cut_is_seen(tmp_path):
    fitting, other = WOMAN[:17] + "0", f"{WOMAN[:14]}{(int(WOMAN[14]) + 1) % 10}000"
    lines = [[PERSON[0], float(one), *PERSON[2:]] for one in (fitting, other)]

    fits, differs = rows_of(make_xlsx(tmp_path / "a.xlsx", [HEADINGS, *lines]))

    assert [one.code for one in fits.findings] == ["id_excel_mangled"]
    assert "id_number" not in fits.given
    assert differs.given["id_number"] == other


def test_everything_that_is_unclear_in_a_row_is_named_at_once(tmp_path):
    line = ["王芳", WOMAN, "下周", "八千", "2026-13", "五险一金"]

    (row,) = rows_of(make_xlsx(tmp_path / "a.xlsx", [HEADINGS, line, PERSON]))[:1]

    assert codes(row) == [
        ("cell_day", "hired_on"),
        ("cell_money", "wage_fen"),
        ("cell_month", "start_month"),
        ("cell_choice", "insurances"),
    ]


def test_a_needed_cell_that_is_empty_is_named(tmp_path):
    (row,) = rows_of(
        make_xlsx(tmp_path / "a.xlsx", [HEADINGS, ["王芳", WOMAN, None, 8000, "2026-11", "五险"]])
    )

    assert codes(row) == [("cell_missing", "hired_on")]


def test_a_hidden_row_counts_and_says_so(tmp_path):
    lines = [HEADINGS, ["王芳", WOMAN, "2026-11-02", "8000.50", "2026-11", "五险"]]
    cells = [
        "".join(inline(f"{'ABCDEF'[place]}{number}", said) for place, said in enumerate(line))
        for number, line in enumerate(lines, 1)
    ]
    sheet = f'<row r="1">{cells[0]}</row><row r="2" hidden="1">{cells[1]}</row>'

    (row,) = rows_of(make_parts(tmp_path / "a.xlsx", sheet))

    assert row.given == GIVEN
    assert [(one.code, one.level) for one in row.findings] == [("cell_hidden", "warning")]


@pytest.mark.parametrize(
    ("place", "field"), [(4, "start_month"), (5, "insurances")], ids=["month", "insurances"]
)
def test_an_empty_cell_takes_no_answer_that_is_for_sheets_without_its_column(
    tmp_path, place, field
):
    line = [None if one == place else said for one, said in enumerate(PERSON)]

    (row,) = rows_of(
        make_xlsx(tmp_path / "a.xlsx", [HEADINGS, line]),
        start_month="2026-12",
        insurances=["pension"],
    )

    assert codes(row) == [("cell_missing", field)]
    assert field not in row.given


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_rows_and_columns_are_numbered_as_the_filer_sees_them(tmp_path, suffix):
    lines = [[], [], [], [None, *HEADINGS], [], [None, *PERSON]]
    source = make_xlsx(tmp_path / "list.xlsx", lines)

    path = convert(source, suffix, tmp_path / "out")

    assert [(row.number, row.given) for row in rows_of(path)] == [(6, GIVEN)]
    assert [(row.number, min(row.cells)) for row in read_raw(path).rows] == [(4, 1), (6, 1)]


def test_formulas_are_used_as_saved_and_named_and_errors_refused(tmp_path):
    cells = "".join(inline(f"{'ABCDEF'[n]}1", heading) for n, heading in enumerate(HEADINGS))
    first = (
        inline("A2", "王芳")
        + inline("B2", WOMAN)
        + '<c r="C2" t="str"><f>TODAY()</f><v>2026-11-02</v></c>'
        + '<c r="D2"><f>A1*2</f><v>8000.5</v></c>'
        + '<c r="E2" t="e"><v>#REF!</v></c>'
        + inline("F2", "五险")
    )
    path = make_parts(tmp_path / "a.xlsx", f'<row r="1">{cells}</row><row r="2">{first}</row>')

    (row,) = rows_of(path)

    assert codes(row) == [
        ("cell_formula", "hired_on"),
        ("cell_formula", "wage_fen"),
        ("cell_error", "start_month"),
    ]
    assert (row.given["hired_on"], row.given["wage_fen"]) == ("2026-11-02", 800_050)


def test_days_that_count_from_1904_are_those_days(tmp_path):
    path = make_xlsx(tmp_path / "a.xlsx", [HEADINGS, PERSON], date_1904=True)

    assert rows_of(path)[0].given["hired_on"] == "2026-11-02"


@pytest.mark.parametrize(
    ("kind", "headings", "line", "given"),
    [
        (
            FilingKind.LEAVE,
            ["姓名", "证件号码", "离职日期", "减员原因", "本人意愿", "停保年月"],
            ["王芳", WOMAN, "20261130", "02.协商一致", "否", "202611"],
            {
                "ended_on": "2026-11-30",
                "end_reason": "mutual",
                "is_voluntary": "no",
                "stop_month": "2026-11",
            },
        ),
        (
            FilingKind.BASE,
            ["姓名", "身份证", "上年工资总额", "月数"],
            ["王芳", WOMAN, "100,000.01", 12],
            {"total_wage_fen": 10_000_001, "months": 12, "wage_fen": 833_333},
        ),
        (
            FilingKind.PAUSE,
            ["姓名", "身份证", "停缴月份", "停缴原因"],
            ["王芳", WOMAN, "2026-11", "停薪留职"],
            {"stop_month": "2026-11", "reason": "unpaid_leave"},
        ),
        (
            FilingKind.RESUME,
            ["姓名", "身份证", "恢复缴费月", "缴费基数"],
            ["王芳", WOMAN, "2026-12", "9000"],
            {"start_month": "2026-12", "wage_fen": 900_000},
        ),
        (
            FilingKind.CHANGE,
            ["姓名", "身份证", "新姓名", "新工资", "生效月份"],
            ["王芳", WOMAN, "王芬", "9000", "2026-12"],
            {"new_name": "王芬", "wage_fen": 900_000, "start_month": "2026-12"},
        ),
    ],
)
def test_every_kind_of_filing_has_its_columns(tmp_path, kind, headings, line, given):
    (row,) = rows_of(make_xlsx(tmp_path / "a.xlsx", [headings, line]), kind)

    assert row.findings == []
    assert row.given == {"name": "王芳", "id_number": WOMAN} | given


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_read_as_they_are_saved(tmp_path, encoding, delimiter):
    path = tmp_path / "a.csv"
    line = ["王芳", WOMAN, "2026/11/2", '"8000.50"', "2026-11", '"养老、\n医疗"']
    path.write_text(
        delimiter.join(HEADINGS) + "\r\n" + delimiter.join(line) + "\r\n", encoding, newline=""
    )

    (row,) = rows_of(path)

    assert row.given == GIVEN | {"insurances": ["pension", "medical"]}


@pytest.mark.parametrize(
    ("suffix", "option"),
    [
        ("xlsx", ":Calc MS Excel 2007 XML"),
        ("xls", ""),
        ("ods", ""),
        ("csv", ":Text - txt - csv (StarCalc):44,34,GB18030,1"),
    ],
)
def test_files_that_libreoffice_saved_read_alike(tmp_path, suffix, option):
    source = make_xlsx(
        tmp_path / "list.xlsx",
        [["增员表"], HEADINGS, PERSON],
        # LibreOffice writes the first sheet of all as text, hidden or not.
        **({} if suffix == "csv" else {"sheets": ("码表", "名单"), "hidden": ("码表",)}),
    )

    path = convert(source, suffix, tmp_path / "out", option=option)

    assert [(row.number, row.given, row.findings) for row in rows_of(path)] == [(3, GIVEN, [])]


def test_every_finding_and_refusal_has_words():
    assert {"cell_missing", "cell_day", "cell_formula"} <= set(FINDINGS)
    assert {"empty", "web_page", "protected", "columns_missing"} <= set(REFUSED_FILES)


def test_a_sheet_without_needed_columns_names_them(tmp_path):
    path = make_xlsx(tmp_path / "a.xlsx", [["姓名", "身份证", "月工资"], ["王芳", WOMAN, 8000]])

    with pytest.raises(SheetRefused) as refused:
        rows_of(path)

    assert refused.value.code == "columns_missing"
    assert refused.value.facts["columns"] == ["入职日期", "起始缴费月", "参保险种"]


def test_a_sheet_without_headings_is_refused(tmp_path):
    with pytest.raises(SheetRefused, match="no_columns"):
        rows_of(make_xlsx(tmp_path / "a.xlsx", [["王芳", WOMAN], ["李雷", MAN]]))


def test_a_list_is_of_one_employer(tmp_path):
    other = ["李娜", MAN, *PERSON[2:]]
    path = make_xlsx(
        tmp_path / "a.xlsx",
        [["单位名称", *HEADINGS], ["甲公司", *PERSON], [None, *other], ["乙公司", *other]],
    )

    rows = rows_of(path)

    assert [[(one.code, one.facts) for one in row.findings] for row in rows] == [
        [],
        [],
        [("cell_other_employer", {"text": "乙公司", "first": "甲公司"})],
    ]
