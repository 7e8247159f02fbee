"""Spreadsheets (XLSX) that the office gives out, row by row so that memory does not grow."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Excel refuses longer names of sheets, and the signs that are taken out below.
_LONGEST_TITLE = 31
_WIDTH = 14
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fen:
    """A cell with an amount; it is shown in yuan."""

    fen: int


Cell = str | int | Fen | None


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, nor a program that it is copied to."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_sheet(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, above: Sequence[str] = ()
) -> IO[bytes]:
    """Return an open file with one sheet: lines `above`, the headings, the rows.

    Whoever gets it closes it; then it is gone.
    """
    target = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    # Each row goes to the disk when the next begins: nothing is written into an earlier one.
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet(
        "".join(char for char in title if char not in "[]:*?/\\")[:_LONGEST_TITLE]
    )
    sheet.set_column(0, len(columns) - 1, _WIDTH)
    for number, line in enumerate(above):
        sheet.write_string(number, 0, neutral(line))
    first = len(above)
    for place, heading in enumerate(columns):
        sheet.write_string(first, place, heading, strong)
    sheet.freeze_panes(first + 1, 1)
    for number, row in enumerate(rows, first + 1):
        for place, cell in enumerate(row):
            if isinstance(cell, Fen):
                sheet.write_number(number, place, Decimal(cell.fen).scaleb(-2), money)
            elif isinstance(cell, str):
                sheet.write_string(number, place, neutral(cell))
            elif cell is not None:
                sheet.write_number(number, place, cell)
    book.close()
    target.seek(0)
    return target


def as_download(name: str) -> dict[str, str]:
    """Return the header that makes a browser keep an answer as a file."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield an open file piece by piece; it is closed at the end, or when nobody reads on."""
    with file:
        while piece := file.read(_PIECE):
            yield piece
