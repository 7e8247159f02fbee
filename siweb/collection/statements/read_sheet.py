"""The lines of a statement that is a spreadsheet, with days and amounts as they are shown."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from siweb.collection.statements.refusal import StatementRefused
from siweb.documents.spreadsheets.reading.cell import Cell, CellKind
from siweb.documents.spreadsheets.reading.read_cells import read_raw
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

# Days of a sheet count from here; 1900 was no leap year, but the first sheet program thought so.
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
_DAYS = re.compile(r"\d{1,7}(\.\d+)?")
_NUMBER = re.compile(r"-?\d{1,17}(\.\d+)?([eE][+-]?\d{1,3})?")
# A binary fraction shows up far behind the fen.
_NOISE, _LARGEST = Decimal("0.000001"), Decimal(10) ** 15
_MOST_COLUMNS = 200


def sheet_lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the filled lines of a sheet with their numbers.

    :raises StatementRefused: "not_a_sheet" where the file is damaged, protected or none.
    """
    try:
        sheet = read_raw(file)
        for row in sheet.rows:
            width = min(max(row.cells, default=-1) + 1, _MOST_COLUMNS)
            cells = [""] * width
            for place, cell in row.cells.items():
                if place < width:
                    cells[place] = _text(cell, begins_1904=sheet.begins_1904)
            yield row.number, cells
    except SheetRefused as refused:
        raise StatementRefused("not_a_sheet", text=refused.code) from None


def _text(cell: Cell, *, begins_1904: bool) -> str:
    if cell.kind is CellKind.DAY and _DAYS.fullmatch(cell.text):
        days, since = int(Decimal(cell.text)), _FROM_1904 if begins_1904 else _FROM_1900
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
    plain = format(shown, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
