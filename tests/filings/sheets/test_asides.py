"""Which rows below the headings are nobody's, each told by what stands in its own cells."""

import pytest

from siweb.documents.spreadsheets.reading.cell import NOT_CALCULATED, Cell, CellKind
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import fields_of
from siweb.filings.sheets.asides import Asides
from siweb.filings.sheets.headings import Header

FIELDS = {field.name: field for field in fields_of(FilingKind.HIRE)}
PLACES = ("name", "id_number", "hired_on", "wage_fen", "start_month")
HEADER = Header(1, {place: FIELDS[name] for place, name in enumerate(PLACES)}, {5: "pension"})
ID, DAY, WAGE, MONTH = "310101199003070115", "2026-11-03", "8000", "2026-11"


def formula(text):
    return Cell(CellKind.FORMULA, text)


def is_aside(*cells):
    """Whether a row is nobody's; None is a cell that is not there, a text one of text."""
    there = {
        place: Cell(CellKind.TEXT, cell) if isinstance(cell, str) else cell
        for place, cell in enumerate(cells)
        if cell is not None
    }
    return Asides(HEADER).has(there)


@pytest.mark.parametrize(
    "cells",
    [
        ("赵一", ID, DAY, WAGE, MONTH),
        # Whoever has a number is somebody, whatever stands around it.
        ("合计", ID),
        ("(张三)", ID),
        ("示范", "abc1"),
        ("赵一", ID[:-1] + "X"),
        (None, ID),
        ("赵一", "3.10101E+17"),
        # A number that is wrong, or that a formula did not give, is still somebody's.
        ("王芳", "abc1"),
        ("王芳", NOT_CALCULATED),
        (NOT_CALCULATED, None, None, WAGE),
        # Without a number: a name, or the values of a person.
        ("王芳",),
        ("王芳", None, None, WAGE),
        ("王芳!", None, DAY, WAGE),
        ("人事部", None, DAY, WAGE),
        ("人事部", None, None, WAGE),
        (None, None, DAY, WAGE),
        (None, None, formula(DAY), WAGE),
        ("1. 王芳", None, DAY, WAGE),
        ("字" * 20,),
        ("a" * 60,),
        ("制表", DAY),
        # Three numbers or letters in a row are no numbering of columns.
        ("1", "2", "3"),
    ],
    ids=str,
)
def test_whoever_may_be_somebody_is_kept(cells):
    assert not is_aside(*cells)


@pytest.mark.parametrize(
    "cells",
    [
        ("张三(示例)", ID, DAY, WAGE, MONTH),
        ("示例:张三", ID, DAY, WAGE, MONTH),
        ("合计", None, None, WAGE),
        ("合计", None, DAY, WAGE),
        (None, None, "合计", WAGE, MONTH),
        # A label with its date, and no word that names nobody.
        (None, None, "填表:2026-11-03", WAGE, MONTH),
        ("请在此填写姓名,谢谢",),
        ("王芳!",),
        ("张三2",),
        ("姓名",),
        ("2026",),
        # No name: one value alone, sums, words, a signature.
        (None, None, None, WAGE),
        (None, None, None, formula("16000"), formula("3")),
        (None, None, "甲", "乙"),
        (None, None, "日期:", DAY),
        (None, DAY),
        (None, None, DAY, "合计8000"),
        (None, None, DAY, "x:1"),
        # The department of whoever stands below it; what stands beside the list says nothing.
        ("人事部",),
        ("人事部", None, None, NOT_CALCULATED),
        ("人事部", None, None, None, None, None, "备注"),
        ("1. 王芳",),
        ("1. 王芳", None, None, WAGE),
        ("字" * 21,),
        ("a" * 61,),
        # What belongs into the columns, and their numbers.
        ("必填", "必填"),
        ("姓名", "18位身份证"),
        ("1", "2", "3", "4"),
        ("甲", "乙", "丙", "丁", "戊"),
    ],
    ids=str,
)
def test_whatever_is_nobody_is_left_out(cells):
    assert is_aside(*cells)


def test_the_name_may_stand_anywhere_or_nowhere():
    without = Header(1, {0: FIELDS["id_number"], 1: FIELDS["wage_fen"]}, {})

    def text(said):
        return Cell(CellKind.TEXT, said)

    assert not Asides(without).has({0: text(ID)})
    assert Asides(without).has({1: text(WAGE)})
    assert not Asides(without).has({0: text("12"), 1: text(WAGE)})


@pytest.mark.parametrize(
    ("cells", "is_left_out"),
    [
        ({0: "合计", 1: "三人", 3: "5"}, True),
        ({0: "1", 1: "合计", 3: "5"}, True),
        ({0: "1", 1: "王芳"}, False),
    ],
)
def test_a_number_of_the_row_may_stand_before_the_name(cells, is_left_out):
    header = Header(1, {1: FIELDS["name"], 2: FIELDS["id_number"], 3: FIELDS["wage_fen"]}, {})
    row = {place: Cell(CellKind.TEXT, text) for place, text in cells.items()}

    assert Asides(header).has(row) is is_left_out
