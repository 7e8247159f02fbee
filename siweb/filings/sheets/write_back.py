"""Give a filer's own sheet back: the same cells, one more column that says what is wrong, marks.

Values are kept as they stand; colours and widths of the sheet are not. The column is no column of
any filing, so the corrected sheet can be uploaded as it is.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.read_cells import read_raw
from siweb.documents.spreadsheets.sheet import neutral
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.header import find_header
from siweb.filings.sheets.read_rows import LOOKED_AT

Marks = Mapping[int, tuple[list[str], set[str]]]
"""By row of the sheet: the sentences about it, and the fields whose cells are marked."""
_LONGEST_NUMBER = 15
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


def write_back(
    source: Path, kind: FilingKind, target: IO[bytes], marks: Marks, *, heading: str
) -> None:
    """Write the marked sheet as XLSX, row by row.

    :raises SheetRefused: when the file cannot be read any more.
    """
    raw = read_raw(source)
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "date_1904": raw.begins_1904})
    formats = {
        (shape, is_marked): book.add_format(
            ({"num_format": shape} if shape else {})
            | ({"bg_color": "#FFC7CE"} if is_marked else {})
        )
        for shape in ("", _DAY, _MOMENT)
        for is_marked in (False, True)
    }
    sheet = book.add_worksheet("核对")
    first: list[RawRow] = []
    places: dict[int, str] = {}

    def write(row: RawRow) -> None:
        said, fields = marks.get(row.number, ([], set()))
        for place, cell in sorted(row.cells.items()):
            is_marked = places.get(place) in fields
            _write_cell(sheet, row.number - 1, place, cell, formats[_shape(cell), is_marked])
        if said:
            text = neutral("；".join(said))
            sheet.write_string(row.number - 1, added, text, formats["", True])

    for row in raw.rows:
        first.append(row)
        if len(first) == LOOKED_AT:
            break
    header = find_header(kind, first)
    if header is not None:
        places = {place: column.field for place, column in header.columns.items()}
        places |= dict.fromkeys(header.insurances, "insurances")
    added = _free_column(source, max(places, default=-1))
    for row in first:
        write(row)
        if header is not None and row.number == header.number:
            sheet.write_string(row.number - 1, added, heading, formats["", True])
    for row in raw.rows:
        write(row)
    sheet.set_column(added, added, 60)
    book.close()


def _free_column(source: Path, last: int) -> int:
    """Return the first column behind the last one that is used in which no row has anything."""
    filled: set[int] = set()
    for row in read_raw(source).rows:
        filled.update(row.cells)
    return next(place for place in count(last + 1) if place not in filled)


def _shape(cell: Cell) -> str:
    if cell.kind is not CellKind.DAY:
        return ""
    return _MOMENT if "." in cell.text else _DAY


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, form: Any) -> None:
    is_number = cell.kind in {CellKind.NUMBER, CellKind.DAY}
    # More digits before the point than a number keeps stay text; behind it they are noise.
    is_short = len(cell.text.partition(".")[0]) <= _LONGEST_NUMBER
    if is_number and is_short and _is_plain(cell.text):
        sheet.write_number(row, place, _number(cell.text), form)
    else:
        sheet.write_string(row, place, neutral(cell.text), form)


def _is_plain(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit()


def _number(text: str) -> Any:
    """Return what the sheet had there; the writer puts the same digits down again."""
    return Decimal(text)
