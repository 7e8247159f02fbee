"""The lines of a statement that is a spreadsheet, with days and amounts as they are shown."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from siweb.collection.statements.reading.csv_mapping import CsvMapping, missing_headings
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.statements.reading.read_table import LOOKED_AT, Line
from siweb.documents.spreadsheets.reading.cell import HALF_A_SECOND, Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Workbook

# Days of a sheet count from here; 1900 was no leap year, but the first sheet program thought so.
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
_DAYS = re.compile(r"\d{1,7}(\.\d+)?")
_NUMBER = re.compile(r"-?\d{1,17}(\.\d+)?([eE][+-]?\d{1,3})?")
# A binary fraction shows up far behind the fen.
_NOISE, _LARGEST = Decimal("0.000001"), Decimal(10) ** 15
_MOST_COLUMNS = 200


def sheet_lines(file: Path, mapping: CsvMapping) -> Iterator[Line]:
    """Yield the filled lines of the sheet that has the headings, with their numbers.

    :raises StatementRefused: "not_a_sheet" where the file is damaged, protected or none;
        "several_sheets" with their names where more than one has them.
    """
    try:
        with open_workbook(file) as workbook:
            for row in workbook.rows(_place(workbook, mapping)):
                yield row.number, _cells(row, begins_1904=workbook.begins_1904)
    except SheetRefused as refused:
        raise StatementRefused("not_a_sheet", text=refused.code) from None


def _place(workbook: Workbook, mapping: CsvMapping) -> int:
    """Return which sheet has the headings; the first that people see where none has them."""
    found = [
        place
        for place, rows in enumerate(workbook.beginnings(LOOKED_AT))
        if workbook.tabs[place].is_visible
        and any(not missing_headings(mapping, _cells(row)) for row in rows)
    ]
    if len(found) > 1:
        first, second = (workbook.tabs[place].name for place in found[:2])
        raise StatementRefused("several_sheets", column=second[:80], text=first)
    return next(iter(found), workbook.first_visible() or 0)


def _cells(row: RawRow, *, begins_1904: bool = False) -> list[str]:
    cells = [""] * min(max(row.cells, default=-1) + 1, _MOST_COLUMNS)
    for place, cell in row.cells.items():
        if place < len(cells):
            cells[place] = _text(cell, begins_1904=begins_1904)
    return cells


def _text(cell: Cell, *, begins_1904: bool) -> str:
    if cell.kind is CellKind.DAY and _DAYS.fullmatch(cell.text):
        days = int(Decimal(cell.text) + HALF_A_SECOND)
        since = _FROM_1904 if begins_1904 else _FROM_1900
        try:
            return (since + timedelta(days=days)).isoformat()
        except OverflowError:
            return cell.text
    if cell.kind in {CellKind.NUMBER, CellKind.FORMULA} and _NUMBER.fullmatch(cell.text):
        return _number(cell.text)
    return cell.text


def _number(text: str) -> str:
    """Return a number as it is shown: 1474.1000000000001 is 1474.1, 8.0E+03 is 8000.

    A number that is no whole fen stays as it is: the entry is named then.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if abs(number) >= _LARGEST:
        return text
    fen = number.quantize(Decimal("0.01"))
    shown = fen if abs(number - fen) < _NOISE else number
    # Either has a point: an integer is written with its two zeros.
    return format(shown, "f").rstrip("0").rstrip(".")
