"""Read an XLSX file row by row: memory does not grow with the rows, and every digit is seen.

An own reader, since those there are load a sheet whole, lose the last digits of an ID number that
was saved as a number, or do not say that a cell is a formula.
"""

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from siweb.filings.sheets.cell import LONGEST_CELL, MOST_COLUMNS, Cell, CellKind, RawRow
from siweb.filings.sheets.refused import SheetRefused
from siweb.filings.sheets.xlsx_parts import Attributes, Parts, local, open_parts, parse_part

_KINDS = {"e": CellKind.ERROR, "str": CellKind.FORMULA}
_DIGITS = "0123456789"
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def read_xlsx(file: Path) -> tuple[Iterator[RawRow], bool]:
    """Return the filled rows of the first visible sheet, and whether its days begin in 1904.

    :raises SheetRefused: at once or while reading.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError):
        raise SheetRefused("broken") from None
    if "xl/workbook.xml" not in archive.namelist():
        archive.close()
        raise SheetRefused("not_a_sheet")
    try:
        parts = open_parts(archive)
    except BaseException:
        archive.close()
        raise
    return _rows(archive, parts), parts.begins_1904


def _rows(archive: zipfile.ZipFile, parts: Parts) -> Iterator[RawRow]:
    ready: list[RawRow] = []
    start, end, text = _handlers(parts, ready)
    with archive:
        for _piece in parse_part(archive, parts.sheet, start, end, text):
            if ready:
                yield from ready
                ready.clear()


def _handlers(parts: Parts, ready: list[RawRow]) -> tuple[Start, End, Text]:  # noqa: C901, PLR0915 - one state
    """Return what the parser calls; rows that are whole are put into `ready`.

    They run for every cell there is, so they share plain variables.
    """
    number, column, size, aside = 0, -1, 0, 0
    kind, style = "n", ""
    is_formula = is_text = False
    cells: dict[int, Cell] = {}
    buffer: list[str] = []
    column_of, make = _Columns(), partial(_cell, parts)

    def start(name: str, attributes: Attributes) -> None:
        nonlocal number, column, size, aside, kind, style, is_formula, is_text, cells
        if name == "c":
            reference = attributes.get("r")
            column = column + 1 if reference is None else column_of[reference.rstrip(_DIGITS)]
            kind, style = attributes.get("t", "n"), attributes.get("s", "")
            is_formula, size = False, 0
            buffer.clear()
        elif name in {"v", "t"}:
            is_text = not aside
        elif name == "row":
            given = attributes.get("r")
            number = number + 1 if given is None else int(given)
            column, cells = -1, {}
        elif name == "f":
            is_formula = True
        elif name == "rPh":
            aside += 1
        elif ":" in name:
            start(local(name), attributes)

    def end(name: str) -> None:
        nonlocal aside, is_text
        if name in {"v", "t"}:
            is_text = False
        elif name == "c":
            if buffer:
                said = buffer[0] if len(buffer) == 1 else "".join(buffer)
                cell = make(kind, said, style, is_formula)
                if cell.text and not cell.text.isspace():
                    cells[column] = cell
        elif name == "row":
            if len(cells) > MOST_COLUMNS:
                raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
            if cells:
                ready.append(RawRow(number, cells))
        elif name == "rPh":
            aside -= 1
        elif ":" in name:
            end(local(name))

    def text(data: str) -> None:
        nonlocal size
        if is_text:
            buffer.append(data)
            size += len(data)
            if size > LONGEST_CELL:
                raise SheetRefused("bomb")

    return start, end, text


def _cell(parts: Parts, kind: str, text: str, style: str, is_formula: bool) -> Cell:
    """Return a cell of what its element says."""
    if kind == "s":
        try:
            found = Cell(CellKind.TEXT, parts.strings[int(text)])
        except (ValueError, IndexError):
            raise SheetRefused("broken") from None
    elif kind == "n":
        is_day = style and style in parts.day_styles
        found = Cell(CellKind.DAY if is_day else CellKind.NUMBER, text)
    elif kind == "b":
        found = Cell(CellKind.TEXT, "TRUE" if text == "1" else "FALSE")
    else:
        found = Cell(_KINDS.get(kind, CellKind.TEXT), text)
    if is_formula and found.kind in {CellKind.TEXT, CellKind.NUMBER}:
        return Cell(CellKind.FORMULA, found.text)
    return found


class _Columns(dict[str, int]):
    """The number of a column, from 0, by its letters; reckoned once."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        self[letters] = number - 1
        return number - 1
