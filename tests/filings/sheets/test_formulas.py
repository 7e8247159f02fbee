"""Formulas of a filer's sheet whose result was not saved with them."""

import openpyxl
import pytest

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.labels import finding_text
from siweb.filings.sheets.read_rows import read_rows
from tests.filings.sheets.files import HEADINGS, inline, make_parts

PERSON = ["王芳", "310101199003070020", "2026-11-02", 8000, "2026-11", "五险"]


@pytest.fixture
def read(tmp_path):
    def rows(*lines, headings=HEADINGS):
        book = openpyxl.Workbook()
        for line in (headings, *lines):
            book.worksheets[0].append(line)
        book.save(tmp_path / "a.xlsx")
        return list(read_rows(tmp_path / "a.xlsx", FilingKind.HIRE))

    return rows


def codes(row):
    return [(one.code, one.level, one.facts["field"]) for one in row.findings]


def test_a_formula_that_nobody_reckoned_is_named(read, app):
    (row,) = read([*PERSON[:3], "=4000*2", *PERSON[4:]])

    assert codes(row) == [("cell_formula_empty", "error", "wage_fen")]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = finding_text({"code": "cell_formula_empty", "facts": {"field": "wage_fen"}})
    assert said.startswith("“Monthly wage” is a formula whose result was not saved.")


def test_a_tick_that_nobody_reckoned_is_named(read):
    (row,) = read([*PERSON[:5], "=1"], headings=[*HEADINGS[:5], "养老"])

    assert codes(row) == [("cell_formula_empty", "error", "insurances")]


def test_a_name_that_nobody_reckoned_is_somebodys(read):
    (row,) = read(["=B9", "=C9"])

    assert codes(row)[:2] == [
        ("cell_formula_empty", "error", "name"),
        ("cell_formula_empty", "error", "id_number"),
    ]


def test_formulas_filled_down_beyond_the_list_are_nobody(read):
    assert len(read(PERSON, [None, None, None, "=D2*2", None, "=F2"])) == 1


def test_a_formula_that_came_to_no_text_is_an_empty_cell(tmp_path):
    cells = "".join(inline(f"{'ABCDEF'[n]}1", heading) for n, heading in enumerate(HEADINGS))
    line = inline("A2", "王芳") + '<c r="C2" t="str"><f>G2</f><v></v></c>'
    path = make_parts(tmp_path / "a.xlsx", f'<row r="1">{cells}</row><row r="2">{line}</row>')

    (row,) = read_rows(path, FilingKind.HIRE)

    assert {one.code for one in row.findings} == {"cell_missing"}
