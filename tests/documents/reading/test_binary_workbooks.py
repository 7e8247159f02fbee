"""Workbooks of binary records are read by what is in them, whatever they are called."""

import pytest

from tests.documents.reading.test_text_forms import cells
from tests.filings.sheets.xlsb import make_xlsb


@pytest.mark.parametrize("name", ["a.xlsb", "a.xls", "a.xlsx", "a.sheet"])
def test_a_binary_workbook_is_read(tmp_path, name):
    path = make_xlsb(tmp_path / name, [["姓名", "月工资"], ["王芳", 8000.5]])

    assert cells(path) == [
        (1, {0: ("text", "姓名"), 1: ("text", "月工资")}),
        (2, {0: ("text", "王芳"), 1: ("number", "8000.5")}),
    ]
