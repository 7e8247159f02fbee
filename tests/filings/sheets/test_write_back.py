"""The filer's own sheet, given back: nothing is written over, and everything is what it was."""

from datetime import date, datetime, time
from io import BytesIO
from time import process_time as time_of_this_process

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from siweb.documents.spreadsheets.sheet_copy import column_letters
from siweb.documents.spreadsheets.style_sheet import StyleSheet
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.read_rows import read_rows
from siweb.filings.sheets.write_back import write_back
from tests.documents.read_raw import read_raw
from tests.filings.sheets.files import HEADINGS, convert, inline, make_parts, make_xlsx

PERSON = ["王芳", "310101199003070021", date(2026, 11, 2), "八千", "2026-11", "五险"]
MOMENT = datetime.combine(date(2026, 11, 2), time(9, 30))
WRONG = "“八千” is no amount in yuan."


def given_back(source):
    target = BytesIO()
    marks = {2: ([WRONG], {"wage_fen"})}
    write_back(source, FilingKind.HIRE, target, marks, heading="What is wrong")
    return openpyxl.load_workbook(target).worksheets[0]


def with_cell(path, row, column, said):
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(row, column, said)
    book.save(path)
    return path


@pytest.mark.parametrize("row", [1, 2, 60])
def test_a_stray_cell_far_right_does_not_take_what_is_wrong_with_it(tmp_path, row):
    path = make_xlsx(tmp_path / "a.xlsx", [HEADINGS, *[PERSON] * 59])

    sheet = given_back(with_cell(path, row, 16_384, "."))

    assert (sheet.cell(1, 7).value, sheet.cell(2, 7).value) == ("What is wrong", WRONG)
    assert sheet.cell(row, 16_384).value == "."


def test_what_is_wrong_is_never_written_over_a_remark(tmp_path):
    path = make_xlsx(tmp_path / "a.xlsx", [HEADINGS, *[PERSON] * 59])

    sheet = given_back(with_cell(path, 60, 7, "不要改"))

    assert sheet.cell(60, 7).value == "不要改"
    assert (sheet.cell(1, 8).value, sheet.cell(2, 8).value) == ("What is wrong", WRONG)


def test_a_day_with_a_time_comes_back_as_one(tmp_path):
    path = make_xlsx(
        tmp_path / "a.xlsx",
        [[*HEADINGS, "登记时间"], [*PERSON, MOMENT]],
        default_date_format="yyyy-mm-dd hh:mm",
    )

    sheet = given_back(path)

    assert sheet.cell(2, 7).value == MOMENT
    assert sheet.cell(2, 3).value.date() == date(2026, 11, 2)


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_a_time_is_not_lost_in_other_files(tmp_path, suffix):
    lines = [[*HEADINGS, "登记时间"], [*PERSON, MOMENT]]
    source = make_xlsx(tmp_path / "a.xlsx", lines, default_date_format="yyyy-mm-dd hh:mm")

    sheet = given_back(convert(source, suffix, tmp_path / "out"))

    assert sheet.cell(2, 7).value == "2026-11-02 09:30:00"
    assert sheet.cell(2, 3).value == "2026-11-02"


def test_numbers_stay_numbers_and_long_ones_keep_their_digits(tmp_path):
    cells = "".join(inline(f"{'ABCDEF'[n]}1", heading) for n, heading in enumerate(HEADINGS))
    line = (
        '<c r="B2"><v>310101199003070021</v></c><c r="D2"><v>0.30000000000000004</v></c>'
        '<c r="E2"><v>202611</v></c>'
    )
    path = make_parts(tmp_path / "a.xlsx", f'<row r="1">{cells}</row><row r="2">{line}</row>')

    sheet = given_back(path)

    assert sheet.cell(2, 2).value == "310101199003070021"
    assert sheet.cell(2, 4).value == pytest.approx(0.3)
    assert sheet.cell(2, 5).value == 202611


STYLED = [["2026年11月增员表"], HEADINGS, PERSON, ["李雷", 1.2e3, 46329, 8000.5, "2026-11", "五险"]]


@pytest.fixture
def styled(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "增员"
    for line in STYLED:
        sheet.append(line)
    for cell in sheet[2]:
        cell.font = Font(bold=True, color="FF0000FF")
        cell.fill = PatternFill("solid", fgColor="FFDDEBF7")
    sheet["C4"].number_format = "yyyy年m月d日"
    sheet["D4"].number_format = "#,##0.00"
    sheet.column_dimensions["A"].width = 33
    sheet.column_dimensions["D"].width = 21
    sheet.column_dimensions["E"].hidden = True
    sheet.auto_filter.ref = "A2:F4"
    sheet.freeze_panes = "B3"
    sheet.merge_cells("A1:F1")
    book.save(tmp_path / "styled.xlsx")
    return tmp_path / "styled.xlsx"


def written(source, marks, **options):
    target = BytesIO()
    write_back(source, FilingKind.HIRE, target, marks, heading="What is wrong", **options)
    return openpyxl.load_workbook(target).worksheets[0]


def test_the_sheet_comes_back_in_its_own_look(styled):
    sheet = written(styled, {4: ([WRONG], {"wage_fen"})})

    assert sheet.title == "增员"
    assert [sheet.column_dimensions[letter].width for letter in "AD"] == [33, 21]
    assert sheet.column_dimensions["E"].hidden
    assert (sheet["A2"].font.bold, sheet["A2"].fill.fgColor.rgb) == (True, "FFDDEBF7")
    assert sheet["C4"].number_format == "yyyy年m月d日"
    assert sheet["C4"].value.date() == date(2026, 11, 3)
    assert (sheet["D4"].number_format, sheet["D4"].value) == ("#,##0.00", 8000.5)
    assert sheet["D4"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["D3"].fill.fgColor.rgb != "FFFFC7CE"
    assert sheet.auto_filter.ref == "A2:F4"
    assert sheet.freeze_panes == "B3"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:F1"]
    assert (sheet["G2"].value, sheet["G2"].font.bold) == ("What is wrong", True)
    assert (sheet["G3"].value, sheet["G4"].value) == (None, WRONG)


def test_id_numbers_are_text_even_where_they_were_numbers(styled):
    sheet = written(styled, {})

    assert [(sheet.cell(row, 2).value, sheet.cell(row, 2).number_format) for row in (3, 4)] == [
        (PERSON[1], "@"),
        ("1200", "@"),
    ]


def test_only_the_refused_rows_are_had_alone_and_read_again(styled, tmp_path):
    marks = {4: ([WRONG], {"wage_fen"})}
    sheet = written(styled, marks, only_marked=True)

    assert [row[0].value for row in sheet.iter_rows()] == ["2026年11月增员表", "姓名", "李雷"]
    assert sheet["G3"].value == WRONG
    assert sheet.auto_filter.ref == "A2:F3"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:F1"]
    with (tmp_path / "back.xlsx").open("wb") as target:
        write_back(styled, FilingKind.HIRE, target, marks, heading="X", only_marked=True)
    assert [row.given["name"] for row in read_rows(tmp_path / "back.xlsx", FilingKind.HIRE)] == [
        "李雷"
    ]


def test_libreoffice_opens_the_returned_sheet_as_it_was(styled, tmp_path):
    with (tmp_path / "back.xlsx").open("wb") as target:
        write_back(styled, FilingKind.HIRE, target, {4: ([WRONG], {"wage_fen"})}, heading="X")

    again = convert(tmp_path / "back.xlsx", "xlsx", tmp_path / "out")

    sheet = openpyxl.load_workbook(again).worksheets[0]
    assert [sheet.column_dimensions[letter].width for letter in "AD"] == [
        pytest.approx(width, abs=0.5) for width in (33, 21)
    ]
    assert (sheet["A2"].font.bold, sheet["B3"].number_format) == (True, "@")
    assert sheet.auto_filter.ref == "A2:F4"
    assert (sheet["B3"].value, sheet["D4"].value, sheet["G4"].value) == (PERSON[1], 8000.5, WRONG)
    assert sheet["D4"].fill.fgColor.rgb == "FFFFC7CE"
    assert [row.given.get("hired_on") for row in read_rows(again, FilingKind.HIRE)] == [
        "2026-11-02",
        "2026-11-03",
    ]


def test_a_stray_cell_in_the_last_column_takes_no_time(tmp_path):
    path = make_xlsx(tmp_path / "a.xlsx", [HEADINGS, *[PERSON] * 3000])
    with_cell(path, 2, 16_384, ".")
    started = time_of_this_process()

    sheet = written(path, {3: ([WRONG], {"wage_fen"})})

    # Written up to the last column, each row alone would take some hundredths of a second.
    assert time_of_this_process() - started < 10
    assert sheet.cell(3, 7).value == WRONG


@pytest.mark.parametrize(
    ("text", "kept"),
    [("_x005F_x0041_", "_x0041_"), ("a\r\nb", "a\r\nb"), ("a & <b>", "a & <b>"), ("=1+1", "'=1+1")],
)
def test_text_comes_back_letter_by_letter(tmp_path, text, kept):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for line in ([*HEADINGS, "备注"], PERSON):
        book.worksheets[0].append(line)
    book.worksheets[0]["G2"].value = text
    book.worksheets[0]["G2"].data_type = "s"
    book.save(path)
    with (tmp_path / "b.xlsx").open("wb") as target:
        write_back(path, FilingKind.HIRE, target, {}, heading="X")

    rows = list(read_raw(tmp_path / "b.xlsx").rows)

    assert rows[1].cells[6].text.replace("\n", "") == kept.replace("\n", "")


@pytest.mark.parametrize(
    "styles",
    [
        b"",
        b"<styleSheet",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><styleSheet/>",
        b"<styleSheet><fonts><font/></fonts></styleSheet>",
        b"<other/>",
    ],
)
def test_styles_that_are_damaged_are_replaced_by_plain_ones(styles):
    sheet = StyleSheet(styles)

    assert not sheet.is_taken_over
    assert sheet.variant(0, is_marked=True) == 1
    assert sheet.variant(0, is_marked=True) == 1
    assert sheet.variant(0) == 0
    assert sheet.xml().count("FFFFC7CE") == 1


@pytest.mark.parametrize(("number", "style"), [("1", 1), ("2", 0), ("-1", 0), ("x", 0), ("", 0)])
def test_a_style_that_there_is_not_is_the_plain_one(number, style):
    part = (
        b"<styleSheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        b"<fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>"
        b"<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
    )

    assert StyleSheet(part).is_taken_over
    assert StyleSheet(part).style(number) == style


@pytest.mark.parametrize(
    ("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")]
)
def test_columns_are_lettered_as_spreadsheets_do(place, letters):
    assert column_letters(place) == letters
