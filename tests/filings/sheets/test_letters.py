"""Letters that a file says in its own way, and those that nobody sees."""

import pytest

from siweb.documents.spreadsheets.reading.cell import clean, unescaped
from tests.documents.read_raw import read_raw
from tests.filings.sheets.files import inline, make_parts

SHARED = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'


def strings(*texts):
    inside = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return {"xl/sharedStrings.xml": f"<sst>{inside}</sst>"}


def first_cell(path):
    return next(iter(read_raw(path).rows)).cells[0].text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("陈新_x000D_", "陈新\r"),
        ("陈_x0000_新_x0007_", "陈新"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD842__xDFB7_田", "𠮷田"),
        ("_xD842_田", "田"),
        ("A_x0041_xyz_x12", "AAxyz_x12"),
        ("x_y", "x_y"),
    ],
)
@pytest.mark.parametrize("is_shared", [True, False])
def test_escapes_of_a_part_are_read(tmp_path, written, meant, is_shared):
    parts = (SHARED, strings(written)) if is_shared else None
    path = tmp_path / "a.xlsx"

    if parts:
        make_parts(path, parts[0], **parts[1])
    else:
        make_parts(path, f'<row r="1">{inline("A1", written)}</row>')

    assert first_cell(path) == meant
    assert unescaped(written) == meant


def test_a_cell_of_what_nobody_sees_is_empty(tmp_path):
    cells = inline("A1", "_x0000__x000B_") + inline("B1", "a")
    (row,) = read_raw(make_parts(tmp_path / "a.xlsx", f'<row r="1">{cells}</row>')).rows

    assert list(row.cells) == [1]


def test_what_a_formula_showed_is_read_alike(tmp_path):
    sheet = '<row r="1"><c r="A1" t="str"><f>B1</f><v>a_x0000_b</v></c></row>'

    assert first_cell(make_parts(tmp_path / "a.xlsx", sheet)) == "ab"


def test_control_characters_in_text_files_are_left_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("陈\a新,\x7f,b\x85\n", "utf-8")

    (row,) = read_raw(path).rows

    assert {place: cell.text for place, cell in row.cells.items()} == {0: "陈新", 2: "b"}


def test_ends_of_lines_and_tabs_stay():
    assert clean("a\tb\r\nc\u3000") == "a\tb\r\nc\u3000"
