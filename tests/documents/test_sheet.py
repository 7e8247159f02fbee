"""A spreadsheet holds exact amounts, and nothing that a program takes for a formula."""

import pytest
from openpyxl import load_workbook

from siweb.documents.spreadsheets.sheet import Fen, write_sheet


def read(file):
    with file:
        return [list(row) for row in load_workbook(file).active.iter_rows(values_only=True)]


def test_amounts_are_numbers_to_the_fen():
    rows = read(write_sheet("a", ["姓名", "金额"], [["王芳", Fen(716_201)], ["李雷", Fen(-5)]]))

    assert rows == [["姓名", "金额"], ["王芳", 7162.01], ["李雷", -0.05]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_becomes_a_formula(text):
    (cell,) = read(write_sheet("a", ["x"], [[text]], above=[text]))[2]

    assert cell.startswith("'")


def test_lines_stand_above_and_odd_titles_are_taken():
    rows = read(write_sheet("2026/08 [*]:?" * 9, ["x"], [[1]], above=["总计"]))

    assert rows == [["总计"], ["x"], [1]]
