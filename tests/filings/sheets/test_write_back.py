"""The filer's own sheet, given back: nothing is written over, and everything is what it was."""

from datetime import date, datetime, time
from io import BytesIO

import openpyxl
import pytest

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.write_back import write_back
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
