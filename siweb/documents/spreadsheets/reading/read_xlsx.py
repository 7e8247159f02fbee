"""Read an XLSX file row by row: memory does not grow with the rows, and every digit is seen.

An own reader, since those there are load a sheet whole, lose the last digits of an ID number that
was saved as a number, or do not say that a cell is a formula.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from siweb.documents.spreadsheets.reading.cell import (
    LONGEST_CELL,
    MOST_COLUMNS,
    UNRECKONED,
    Cell,
    CellKind,
    RawRow,
)
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.xlsx_package import (
    DAMAGED,
    Attributes,
    Parts,
    local,
    open_parts,
    parse_part,
    unescaped,
)

_KINDS = {"e": CellKind.ERROR, "str": CellKind.FORMULA}
_DIGITS = "0123456789"
_TRUE = frozenset({"1", "true"})
_MOST_LETTERS = len("XFD")
MOST_ROWS = 1_048_576


def read_xlsx(file: Path) -> tuple[Iterator[RawRow], bool]:
    """Return the filled rows of the first visible sheet, and whether its days begin in 1904.

    :raises SheetRefused: at once or while reading.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (*DAMAGED, ValueError):
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
    sheet = _Sheet(parts)
    with archive:
        for _piece in parse_part(archive, parts.sheet, sheet.start, sheet.end, sheet.text):
            if sheet.ready:
                yield from sheet.ready
                sheet.ready.clear()


class _Sheet:
    """What the parser calls for every cell there is; rows that are whole are in `ready`."""

    __slots__ = (
        "aside",
        "buffer",
        "cells",
        "column",
        "column_of",
        "is_formula",
        "is_hidden",
        "is_text",
        "kind",
        "number",
        "parts",
        "ready",
        "size",
        "style",
    )

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.ready: list[RawRow] = []
        self.number, self.column, self.size, self.aside = 0, -1, 0, 0
        self.kind, self.style = "n", ""
        self.is_formula = self.is_text = self.is_hidden = False
        self.cells: dict[int, Cell] = {}
        self.buffer: list[str] = []
        self.column_of = _Columns()

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self.column += 1
            else:
                self.column = self.column_of[reference.rstrip(_DIGITS)]
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.is_formula, self.size = False, 0
            self.buffer.clear()
        elif name in {"v", "t"}:
            self.is_text = not self.aside
        elif name == "row":
            given = attributes.get("r")
            self.number = self.number + 1 if given is None else int(given)
            if not 0 < self.number <= MOST_ROWS:
                raise SheetRefused("broken")
            self.is_hidden = attributes.get("hidden") in _TRUE
            self.column, self.cells = -1, {}
        elif name == "f":
            self.is_formula = True
        elif name == "rPh":
            self.aside += 1
        elif ":" in name:
            self.start(local(name), attributes)

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.is_text = False
        elif name == "c":
            if self.buffer:
                said = self.buffer[0] if len(self.buffer) == 1 else "".join(self.buffer)
                cell = _cell(self.parts, self.kind, said, self.style, self.is_formula)
                if cell.text and not cell.text.isspace():
                    self.cells[self.column] = cell
            elif self.is_formula and self.kind == "n":
                # A program wrote it and reckoned nothing; one that came to no text is a "str".
                self.cells[self.column] = UNRECKONED
            # Here, not at the row's end: one row may hold more than memory does.
            if len(self.cells) > MOST_COLUMNS:
                raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self.aside -= 1
        elif ":" in name:
            self.end(local(name))

    def _end_row(self) -> None:
        if self.cells:
            self.ready.append(RawRow(self.number, self.cells, self.is_hidden))

    def text(self, data: str) -> None:
        if self.is_text:
            self.buffer.append(data)
            self.size += len(data)
            if self.size > LONGEST_CELL:
                raise SheetRefused("bomb")


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
        if "_x" in text or not text.isprintable():
            text = unescaped(text)
        found = Cell(_KINDS.get(kind, CellKind.TEXT), text)
    if is_formula and found.kind in {CellKind.TEXT, CellKind.NUMBER}:
        return Cell(CellKind.FORMULA, found.text)
    return found


class _Columns(dict[str, int]):
    """The number of a column, from 0, by its letters; reckoned once."""

    def __missing__(self, letters: str) -> int:
        if not 1 <= len(letters) <= _MOST_LETTERS:
            raise SheetRefused("broken")
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        self[letters] = number - 1
        return number - 1
