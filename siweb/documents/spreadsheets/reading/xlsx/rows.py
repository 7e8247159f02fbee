"""The rows of an XLSX sheet and the strings that its cells share, as a parser comes past them."""

from collections.abc import Iterator, Sequence

from siweb.documents.spreadsheets.reading.cell import (
    LONGEST_CELL,
    LONGEST_ROW,
    MOST_COLUMNS,
    NOT_CALCULATED,
    Cell,
    CellKind,
    RawRow,
    unescaped,
)
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.xlsx.package import (
    Attributes,
    Package,
    damage_refused,
    make_parser,
)
from siweb.documents.spreadsheets.reading.xlsx.skipping import Skipping

_TEXT, _NUMBER, _DAY, _FORMULA = CellKind.TEXT, CellKind.NUMBER, CellKind.DAY, CellKind.FORMULA
# A named tuple's own constructor takes twice as long, for every cell.
_make = tuple.__new__
_DIGITS = "0123456789"
_TRUE = frozenset({"1", "true"})
_INLINE = "inlineStr"
_MOST_LETTERS = len("XFD")
# The last row that Excel has.
MOST_ROWS = 1_048_576
# Each is kept; a file of 500,000 rows with 6 different texts a row is the largest seen.
MOST_STRINGS = 3_000_000
# All shared strings together; they are kept while rows are read.
MOST_LETTERS = 100_000_000


def rows_of(package: Package, part: str, sheet: "SheetHandler") -> Iterator[RawRow]:
    """Yield the filled rows of a part as a handler makes them."""
    parser = make_parser()
    sheet.begin(parser)
    with damage_refused():
        for piece in package.pieces(part, parser):
            parser.Parse(piece, not piece)
            if sheet.ready:
                yield from sheet.ready
                sheet.ready.clear()


def shared_strings(package: Package, part: str) -> list[str]:
    """Return the strings that cells refer to by number."""
    parser, strings = make_parser(), _Strings()
    strings.begin(parser)
    with damage_refused():
        for piece in package.pieces(part, parser):
            parser.Parse(piece, not piece)
            if len(strings.ready) > MOST_STRINGS:
                raise SheetRefused("bomb")
    return strings.ready


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
            if not _reads_as_it_is(text):
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


def _reads_as_it_is(text: str) -> bool:
    return "_x" not in text and text.isprintable()


class _Strings(Skipping):
    """The shared strings as they are parsed; how they sound (rPh) is no part of them."""

    __slots__ = ("is_text", "letters", "parts", "ready", "size")

    def __init__(self) -> None:
        self.ready: list[str] = []
        self.parts: list[str] = []
        self.is_text = False
        self.size = 0
        self.letters = 0

    def start(self, name: str, _attributes: Attributes) -> None:
        if name == "si":
            self.parts.clear()
            self.size = 0
        elif name == "t":
            self.is_text = True
        elif name not in {"r", "sst"}:
            self.skip()

    def end(self, name: str) -> None:
        if name == "si":
            text = "".join(self.parts)
            self.ready.append(text if _reads_as_it_is(text) else unescaped(text))
        elif name == "t":
            self.is_text = False

    def text(self, data: str) -> None:
        if self.is_text:
            self.parts.append(data)
            self.size += len(data)
            self.letters += len(data)
            if self.size > LONGEST_CELL or self.letters > MOST_LETTERS:
                raise SheetRefused("bomb")
