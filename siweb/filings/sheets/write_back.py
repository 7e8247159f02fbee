"""Give a filer's own sheet back: the same cells, one more column that says what is wrong, marks.

Values are kept as they stand; colours and widths of the sheet are not. The column is no column of
any filing, so the corrected sheet can be uploaded as it is.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from siweb.documents.sheet import neutral
from siweb.filings.filing_kind import FilingKind
from siweb.filings.sheets.cell import Cell, CellKind, RawRow
from siweb.filings.sheets.header import find_header
from siweb.filings.sheets.read_raw import read_raw
from siweb.filings.sheets.read_rows import LOOKED_AT

Marks = Mapping[int, tuple[list[str], set[str]]]
"""By row of the sheet: the sentences about it, and the fields whose cells are marked."""
_LONGEST_NUMBER = 15


def write_back(
    source: Path, kind: FilingKind, target: IO[bytes], marks: Marks, *, heading: str
) -> None:
    """Write the marked sheet as XLSX, row by row.

    :raises SheetRefused: when the file cannot be read any more.
    """
    raw = read_raw(source)
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "date_1904": raw.begins_1904})
    formats = {
        (kind_of, is_marked): book.add_format(
            ({"num_format": "yyyy-mm-dd"} if kind_of is CellKind.DAY else {})
            | ({"bg_color": "#FFC7CE"} if is_marked else {})
        )
        for kind_of in CellKind
        for is_marked in (False, True)
    }
    sheet = book.add_worksheet("核对")
    first: list[RawRow] = []
    places: dict[int, str] = {}
    added = 0

    def write(row: RawRow) -> None:
        nonlocal added
        said, fields = marks.get(row.number, ([], set()))
        for place, cell in sorted(row.cells.items()):
            is_marked = places.get(place) in fields
            _write_cell(sheet, row.number - 1, place, cell, formats[cell.kind, is_marked])
        if said:
            text = neutral("；".join(said))
            sheet.write_string(row.number - 1, added, text, formats[CellKind.TEXT, True])

    for row in raw.rows:
        first.append(row)
        if len(first) == LOOKED_AT:
            break
    header = find_header(kind, first)
    if header is not None:
        places = {place: column.field for place, column in header.columns.items()}
        places |= dict.fromkeys(header.insurances, "insurances")
    added = 1 + max((max(row.cells) for row in first), default=0)
    for row in first:
        write(row)
        if header is not None and row.number == header.number:
            sheet.write_string(row.number - 1, added, heading, formats[CellKind.TEXT, True])
    for row in raw.rows:
        write(row)
    sheet.set_column(added, added, 60)
    book.close()


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, form: Any) -> None:
    is_number = cell.kind in {CellKind.NUMBER, CellKind.DAY}
    digits = sum(one.isdigit() for one in cell.text)
    write: Callable[..., Any] = sheet.write_string
    if is_number and digits <= _LONGEST_NUMBER and _is_plain(cell.text):
        sheet.write_number(row, place, _number(cell.text), form)
        return
    write(row, place, neutral(cell.text), form)


def _is_plain(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit()


def _number(text: str) -> Any:
    """Return what the sheet had there; the writer puts the same digits down again."""
    return Decimal(text)
