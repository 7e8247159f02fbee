"""Read an XLSX file row by row: memory does not grow with the rows, and every digit is seen.

An own reader, since those there are load a sheet whole, lose the last digits of an ID number that
was saved as a number, or do not say that a cell is a formula.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from siweb.documents.spreadsheets.reading.cell import (
    LONGEST_CELL,
    LONGEST_ROW,
    MOST_COLUMNS,
    NOT_CALCULATED,
    Cell,
    CellKind,
    RawRow,
)
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Workbook
from siweb.documents.spreadsheets.reading.xlsx.package import Attributes, Package, unescaped
from siweb.documents.spreadsheets.reading.xlsx.parts import (
    day_styles,
    find_parts,
    shared_strings,
)
from siweb.documents.spreadsheets.reading.xlsx.skipping import Skipping

_TEXT, _NUMBER, _DAY, _FORMULA = CellKind.TEXT, CellKind.NUMBER, CellKind.DAY, CellKind.FORMULA
# A named tuple's own constructor takes twice as long, for every cell.
_make = tuple.__new__
_DIGITS = "0123456789"
_TRUE = frozenset({"1", "true"})
_INLINE = "inlineStr"
_MOST_LETTERS = len("XFD")
MOST_ROWS = 1_048_576


class XlsxWorkbook(Workbook):
    """An XLSX file; also one with macros, of which only the values are read."""

    def __init__(self, package: Package, workbook: str) -> None:
        self.package = package
        self.parts = find_parts(package, workbook)
        self.tabs = [tab for tab, _part in self.parts.sheets]
        self.begins_1904 = self.parts.begins_1904

    def rows(self, place: int) -> Iterator[RawRow]:
        """Yield the filled rows of a sheet."""
        return self.read(place, SheetHandler(self.strings, self.day_styles))

    def read(self, place: int, sheet: "SheetHandler") -> Iterator[RawRow]:
        """Yield the filled rows of a sheet as a handler makes them."""
        for _piece in self.package.parse(self.parts.sheets[place][1], sheet, sheet.begin):
            if sheet.ready:
                yield from sheet.ready
                sheet.ready.clear()

    @cached_property
    def strings(self) -> Sequence[str]:
        """The strings that all sheets share."""
        return list(shared_strings(self.package, self.parts.strings))

    @cached_property
    def day_styles(self) -> frozenset[str]:
        """The numbers of the styles that show a day."""
        return day_styles(self.package, self.parts.styles)

    def close(self) -> None:
        """Close the archive."""
        self.package.archive.close()


class SheetHandler(Skipping):
    """What the parser calls for every cell there is; rows that are whole are in `ready`.

    Every element whose place is not known is left out with all it holds, so that a cell counts
    only in a row, a row only in the data, a value only in a cell.
    """

    __slots__ = (
        "buffer",
        "cells",
        "column",
        "column_of",
        "day_styles",
        "is_formula",
        "is_hidden",
        "is_inline",
        "is_text",
        "kind",
        "letters",
        "number",
        "ready",
        "reference",
        "row_number",
        "size",
        "strings",
        "style",
        "where",
    )

    def __init__(self, strings: Sequence[str], days: frozenset[str]) -> None:
        self.strings, self.day_styles = strings, days
        self.ready: list[RawRow] = []
        self.number, self.column, self.size, self.letters = 0, -1, 0, 0
        self.row_number: str | None = None
        self.reference: str | None = None
        self.kind, self.style = "n", ""
        self.is_formula = self.is_text = self.is_hidden = self.is_inline = False
        self.cells: dict[int, Cell] = {}
        self.buffer: list[str] = []
        self.column_of = _Columns()
        # The element that is open: "", "worksheet", "sheetData", "row" or "c".
        self.where = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c" and self.where == "row":
            self.where = "c"
            reference = attributes.get("r")
            if reference is None:
                self.column += 1
            else:
                self.column = self.column_of[reference.rstrip(_DIGITS)]
                if self.row_number is None:
                    self.reference = reference
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.is_formula = self.is_inline = False
            self.buffer.clear()
        elif self.where == "c":
            if name == "t":
                self.is_text = True
            else:
                self._start_in_cell(name)
        elif name == "row" and self.where == "sheetData":
            self.where = "row"
            self.row_number = attributes.get("r")
            self.is_hidden = attributes.get("hidden") in _TRUE
            self.column, self.letters, self.cells = -1, 0, {}
            self.reference = None
        elif (name, self.where) in {("worksheet", ""), ("sheetData", "worksheet")}:
            self.where = name
        else:
            self.skip()

    def _start_in_cell(self, name: str) -> None:
        if name == "v":
            # Beside an inline text a value is what some programs kept of before; of two values
            # nobody knows which one counts.
            self.is_text = not self.is_inline
            if self.is_text and self.buffer:
                raise SheetRefused("broken")
        elif name == "f":
            self.is_formula = True
        elif name == "is" and self.kind == _INLINE:
            self.is_inline = True
            self.buffer.clear()
        elif name != "r":
            self.skip()

    def end(self, name: str) -> None:
        if name == "v" or name == "t":  # noqa: PLR1714 - twice as fast as a set, for every cell
            self.is_text = False
        elif name == "c":
            self.where = "row"
            if self.buffer:
                self._end_cell()
            elif self.is_formula and self.kind == "n":
                # A program wrote it and calculated nothing; one that came to no text is a "str".
                self.cells[self.column] = NOT_CALCULATED
            # Here, not at the row's end: one row may hold more than memory does.
            if self.column >= MOST_COLUMNS or self.letters > LONGEST_ROW:
                raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
        elif name == "row":
            self.where = "sheetData"
            self._end_row()
        elif name == "sheetData":
            self.where = "worksheet"

    def _end_cell(self) -> None:
        text = self.buffer[0] if len(self.buffer) == 1 else "".join(self.buffer)
        if len(text) > LONGEST_CELL:
            raise SheetRefused("bomb")
        cell = self._cell(text)
        text = cell[1]
        if text and not text.isspace():
            if self.column in self.cells:
                raise SheetRefused("broken")
            self.cells[self.column] = cell
            self.letters += len(text)

    def text(self, data: str) -> None:
        if self.is_text:
            if self.buffer:
                self._hold_size(data)
            self.buffer.append(data)

    def _hold_size(self, data: str) -> None:
        """Bound a cell whose text comes in pieces; one piece is bounded by the parser's buffer."""
        if len(self.buffer) == 1:
            self.size = len(self.buffer[0])
        self.size += len(data)
        if self.size > LONGEST_CELL:
            raise SheetRefused("bomb")

    def _end_row(self) -> None:
        given = self.row_number
        if given is None and self.reference is not None:
            # The row does not say where it stands; its last cell does.
            given = self.reference.lstrip(_LETTERS) or None
        self.number = self.number + 1 if given is None else int(given)
        if not 0 < self.number <= MOST_ROWS:
            raise SheetRefused("broken")
        if self.cells:
            self.ready.append(RawRow(self.number, self.cells, self.is_hidden))

    def _cell(self, text: str) -> Cell:
        """Return a cell of what its element holds."""
        kind = self.kind
        if kind == "s":
            place = int(text)
            if place < 0:  # it would be counted from the end; one too high ends the parsing
                raise SheetRefused("broken")
            text = self.strings[place]
            if not self.is_formula:
                return _make(Cell, (_TEXT, text))
        elif kind == "n":
            if self.style and self.style in self.day_styles:
                return _make(Cell, (_DAY, text))
            if not self.is_formula:
                return _make(Cell, (_NUMBER, text))
        elif kind == "b":
            text = "TRUE" if text in _TRUE else "FALSE"
        else:
            if "_x" in text or not text.isprintable():
                text = unescaped(text)
            if kind == "e":
                return Cell(CellKind.ERROR, text)
        # A "str" without a formula is how some programs write text.
        return _make(Cell, (_FORMULA if self.is_formula else _TEXT, text))


class _Columns(dict[str, int]):
    """The number of a column, from 0, by its letters; computed once."""

    def __missing__(self, letters: str) -> int:
        plain = letters.replace("$", "").upper()
        if not (1 <= len(plain) <= _MOST_LETTERS and plain.isascii() and plain.isalpha()):
            raise SheetRefused("broken")
        number = 0
        for letter in plain:
            number = number * 26 + ord(letter) - ord("A") + 1
        self[letters] = number - 1
        return number - 1


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"
