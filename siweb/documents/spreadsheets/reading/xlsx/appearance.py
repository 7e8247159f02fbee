"""How an XLSX sheet looks, beside what stands in it: widths, filter, panes, style of each cell."""

import re
from dataclasses import dataclass, field

from siweb.documents.spreadsheets.reading.cell import RawRow
from siweb.documents.spreadsheets.reading.xlsx.package import Attributes
from siweb.documents.spreadsheets.reading.xlsx.read_xlsx import XlsxWorkbook
from siweb.documents.spreadsheets.reading.xlsx.rows import SheetHandler

_MOST_COLUMNS_ELEMENTS = 16_384
_MOST_MERGED = 1_000
_WIDTH = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?", re.ASCII)
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_CORNER = re.compile(r"[A-Z]{1,3}[0-9]{1,7}", re.ASCII)
_SPLIT = re.compile(r"[0-9]{1,5}", re.ASCII)
_PARENTS = frozenset({"cols", "sheetViews", "sheetView", "mergeCells"})
Range = tuple[str, int, str, int]
"""First column and row, last column and row."""


@dataclass(slots=True)
class Appearance:
    """What of the look of a sheet is kept when it is written anew."""

    # First and last column from 1, and their attributes.
    columns: list[tuple[int, int, Attributes]] = field(default_factory=list)
    filter: Range | None = None
    pane: Attributes | None = None
    merged: list[Range] = field(default_factory=list)


class AppearanceHandler(SheetHandler):
    """Reads the rows with the style of each cell, and how the sheet looks.

    Everything is held against a pattern: what comes from a file is written into another one.
    """

    __slots__ = ("appearance", "row_styles")

    def __init__(self, workbook: XlsxWorkbook) -> None:
        super().__init__(workbook.strings, workbook.day_styles)
        self.appearance = Appearance()
        self.row_styles: dict[int, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if self.where != "worksheet" or name == "sheetData":
            super().start(name, attributes)
        elif name == "col":
            self._note_column(attributes)
        elif name == "pane":
            self._note_pane(attributes)
        elif name == "autoFilter":
            self.appearance.filter = _range(attributes.get("ref", ""))
            self.skip()
        elif name == "mergeCell":
            merged = _range(attributes.get("ref", ""))
            if merged is not None and len(self.appearance.merged) < _MOST_MERGED:
                self.appearance.merged.append(merged)
        elif name not in _PARENTS:
            self.skip()

    def end(self, name: str) -> None:
        super().end(name)
        if name == "c" and self.column in self.cells:
            self.row_styles[self.column] = self.style or "0"

    def _end_row(self) -> None:
        count = len(self.ready)
        super()._end_row()
        if len(self.ready) > count:
            self.ready[-1] = RawRow(self.number, self.cells, self.is_hidden, self.row_styles)
        self.row_styles = {}

    def _note_column(self, attributes: Attributes) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        width = attributes.get("width", "")
        is_whole = all(_SPLIT.fullmatch(number) for number in (first, last))
        if not is_whole or len(self.appearance.columns) >= _MOST_COLUMNS_ELEMENTS:
            return
        kept = {
            name: attributes[name]
            for name in ("style", "hidden")
            if attributes.get(name, "").isascii() and attributes.get(name, "").isdigit()
        }
        if _WIDTH.fullmatch(width):
            kept |= {"width": width, "customWidth": "1"}
        self.appearance.columns.append((int(first), int(last), kept))

    def _note_pane(self, attributes: Attributes) -> None:
        kept = {
            name: value
            for name, value in attributes.items()
            if (name in {"xSplit", "ySplit"} and _SPLIT.fullmatch(value))
            or (name == "topLeftCell" and _CORNER.fullmatch(value))
        }
        if attributes.get("state") == "frozen" and kept.keys() & {"xSplit", "ySplit"}:
            self.appearance.pane = kept | {"state": "frozen"}


def _range(text: str) -> Range | None:
    match = _RANGE.fullmatch(text)
    return None if match is None else (match[1], int(match[2]), match[3], int(match[4]))
