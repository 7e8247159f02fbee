"""Read XML Spreadsheet 2003, which many programs write under the name .xls."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from siweb.documents.spreadsheets.reading.cell import (
    LONGEST_CELL,
    LONGEST_ROW,
    MOST_COLUMNS,
    NOT_CALCULATED,
    Cell,
    CellKind,
    RawRow,
    clean,
)
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.text_encoding import text_pieces
from siweb.documents.spreadsheets.reading.workbook import Tab, Workbook
from siweb.documents.spreadsheets.reading.xlsx.package import LONGEST_TAG, Attributes
from siweb.documents.spreadsheets.reading.xlsx.skipping import Skipping

_PIECE = 1 << 16
# The last row that Excel has.
_MOST_ROWS = 1_048_576
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_EXCEL = "urn:schemas-microsoft-com:office:excel"
_NAMES = [
    "Workbook",
    "Worksheet",
    "Table",
    "Row",
    "Cell",
    "Data",
    "Name",
    "Index",
    "Span",
    "Hidden",
    "Type",
    "Formula",
    "MergeAcross",
]
# What stands for a name in the parser's table is what handlers are given (see xlsx.package).
_SHORT = {f"{_SPACE}}}{name}": name for name in _NAMES} | {
    f"{_EXCEL}}}{name}": f"x:{name}"
    for name in ("ExcelWorkbook", "Date1904", "WorksheetOptions", "Visible")
}
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?", re.ASCII)
_INSIDE = {
    "Workbook": "",
    "Worksheet": "Workbook",
    "Table": "Worksheet",
    "Row": "Table",
    "Cell": "Row",
    "Data": "Cell",
}


class SpreadsheetMlWorkbook(Workbook):
    """A workbook as one XML text."""

    def __init__(self, file: Path) -> None:
        self.file = file
        names = _Tabs()
        for _piece in _parse(file, names):
            pass
        self.tabs, self.begins_1904 = names.tabs, names.begins_1904

    def rows(self, place: int) -> Iterator[RawRow]:
        """Yield the filled rows of a sheet."""
        sheet = _Sheet(place)
        for _piece in _parse(self.file, sheet):
            yield from sheet.ready
            sheet.ready.clear()


def _parse(file: Path, handler: "_Tabs | _Sheet") -> Iterator[None]:
    # The text is decoded first: the parser knows none of the Chinese encodings.
    parser = expat.ParserCreate("utf-8", "}", dict(_SHORT))
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    handler.begin(parser)
    fed = 0
    try:
        for piece in text_pieces(file, _PIECE):
            # XML allows nothing before its declaration; programs write marks and empty lines there.
            data = piece.lstrip("\ufeff \r\n\t").encode() if not fed else piece.encode()
            parser.Parse(data)
            fed += len(data)
            # What the parser keeps back grows only within a tag that does not end.
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise SheetRefused("bomb")
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, UnicodeEncodeError):
        raise SheetRefused("broken") from None


def _refuse_doctype(*_declaration: object) -> None:
    raise SheetRefused("bomb")


_ON_THE_WAY = frozenset(
    {
        ("Workbook",),
        ("Workbook", "x:ExcelWorkbook"),
        ("Workbook", "Worksheet", "x:WorksheetOptions"),
    }
)


class _Tabs(Skipping):
    """Which sheets there are, which of them are hidden, and from when days count."""

    __slots__ = ("begins_1904", "is_state", "state", "tabs", "where")

    def __init__(self) -> None:
        self.tabs: list[Tab] = []
        self.begins_1904 = False
        self.where: list[str] = []
        self.is_state = False
        self.state = ""

    def start(self, name: str, attributes: Attributes) -> None:
        path = (*self.where, name)
        if path == ("Workbook", "Worksheet"):
            self.tabs.append(Tab(attributes.get("Name", "")))
            self.state = ""
        elif path == ("Workbook", "Worksheet", "x:WorksheetOptions", "x:Visible"):
            self.is_state = True
        elif path == ("Workbook", "x:ExcelWorkbook", "x:Date1904"):
            self.begins_1904 = True
        elif path not in _ON_THE_WAY:
            self.skip()
            return
        self.where.append(name)

    def end(self, name: str) -> None:
        self.where.pop()
        self.is_state = False
        if name == "x:Visible" and self.state in {"SheetHidden", "SheetVeryHidden"}:
            self.tabs[-1] = Tab(self.tabs[-1].name, is_visible=False)

    def text(self, data: str) -> None:
        if self.is_state and len(self.state) < LONGEST_CELL:
            self.state += data.strip()


class _Sheet(Skipping):
    """The rows of one sheet; rows and cells are numbered where they do not follow each other."""

    __slots__ = (
        "buffer",
        "cells",
        "column",
        "inside",
        "is_formula",
        "is_hidden",
        "kind",
        "letters",
        "number",
        "place",
        "ready",
        "size",
        "span",
        "tab",
        "wide",
    )

    def __init__(self, place: int) -> None:
        self.place, self.tab = place, -1
        self.ready: list[RawRow] = []
        self.inside = ""
        self.number, self.span, self.column, self.wide = 0, 0, -1, 0
        self.size, self.letters = 0, 0
        self.is_formula = self.is_hidden = False
        self.kind = ""
        self.cells: dict[int, Cell] = {}
        self.buffer: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if self.inside == "Data":
            self.depth += 1  # letters set in bold, in the namespace of web pages
            return
        if _INSIDE.get(name) != self.inside:
            self.skip()
            return
        if name == "Worksheet":
            self.tab += 1
            if self.tab != self.place:
                self.skip()
                return
        elif name == "Row":
            self._start_row(attributes)
        elif name == "Cell":
            self._start_cell(attributes)
        elif name == "Data":
            self.depth, self.kind = 0, attributes.get("Type", "String")
        self.inside = name

    def _start_row(self, attributes: Attributes) -> None:
        given = attributes.get("Index")
        self.number = self.number + self.span + 1 if given is None else _whole(given)
        # A row that stands for more rows of the same look: they are empty, and counted.
        self.span = _whole(attributes.get("Span", "0"))
        self.is_hidden = attributes.get("Hidden") == "1"
        if not 0 < self.number <= _MOST_ROWS:
            raise SheetRefused("broken")
        self.column, self.wide, self.letters, self.cells = -1, 0, 0, {}

    def _start_cell(self, attributes: Attributes) -> None:
        given = attributes.get("Index")
        self.column = self.column + self.wide + 1 if given is None else _whole(given) - 1
        self.wide = _whole(attributes.get("MergeAcross", "0"))
        if not 0 <= self.column < MOST_COLUMNS:
            raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
        self.is_formula = "Formula" in attributes
        self.kind, self.size = "", 0
        self.buffer.clear()

    def end(self, name: str) -> None:
        if self.inside == "Data" and self.depth:
            self.depth -= 1
            return
        if name == "Cell":
            cell = self._cell()
            if cell is not None:
                self.cells[self.column] = cell
                self.letters += len(cell.text)
                if self.letters > LONGEST_ROW:
                    raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
        elif name == "Row" and self.cells:
            self.ready.append(RawRow(self.number, self.cells, self.is_hidden))
        self.inside = _INSIDE[name]

    def text(self, data: str) -> None:
        if self.inside == "Data":
            self.buffer.append(data)
            self.size += len(data)
            if self.size > LONGEST_CELL:
                raise SheetRefused("bomb")

    def _cell(self) -> Cell | None:
        if not self.kind:
            return NOT_CALCULATED if self.is_formula else None
        text = clean("".join(self.buffer))
        if not text or text.isspace():
            return None
        if self.kind == "Error":
            return Cell(CellKind.ERROR, text)
        if self.kind == "DateTime" and (moment := _MOMENT.fullmatch(text)):
            text = moment[1] if moment[2] == "00:00:00" else f"{moment[1]} {moment[2]}"
        elif self.kind == "Boolean":
            text = "TRUE" if text == "1" else "FALSE"
        if self.is_formula:
            return Cell(CellKind.FORMULA, text)
        return Cell(CellKind.NUMBER if self.kind == "Number" else CellKind.TEXT, text)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_ROWS))):
        raise SheetRefused("broken")
    return int(text)
