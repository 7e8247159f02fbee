"""Read a web page with a table, which many programs write under the name .xls."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from siweb.documents.spreadsheets.reading.cell import (
    LONGEST_CELL,
    LONGEST_ROW,
    MOST_COLUMNS,
    Cell,
    CellKind,
    RawRow,
    clean,
    unwrapped,
)
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.text_encoding import text_pieces
from siweb.documents.spreadsheets.reading.workbook import Tab, Workbook

_PIECE = 1 << 16
# What the parser may wait with for the end of a tag or a comment.
_LONGEST_TAG = 1 << 20
# Tables within tables are for the look of a page; nobody's list stands so deep.
_DEEPEST = 20
_MOST_TABLES = 200
_MOST_ROWS_SPANNED = 65_536
_BREAKS = frozenset({"br", "p", "div", "li"})
# What is set apart from the text beside it: a struck 7000 before 8000, the mark of a footnote.
_APART = frozenset({"del", "s", "strike", "sub", "sup"})
# Where spreadsheet programs keep the number of which the page shows some digits.
_KEPT = ("x:num", "sdval")
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?(?:E[-+]?\d{1,2})?", re.ASCII | re.IGNORECASE)
_SHOWN_NUMBER = re.compile(
    r"[¥￥$]?\s*(-?\d[\d, ]*(?:\.(\d+))?)(E[-+]?\d+)?\s*元?", re.ASCII | re.IGNORECASE
)
# What has no end tag, so that nothing can stand within it.
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "wbr"})
_UNSEEN = frozenset({"script", "style", "template", "title"})
Attributes = list[tuple[str, str | None]]


class HtmlWorkbook(Workbook):
    """A web page; each of its tables is a sheet."""

    def __init__(self, file: Path) -> None:
        self.file = file
        page = _Page(None)
        for _piece in _parse(file, page):
            if page.tables > _MOST_TABLES:
                raise SheetRefused("bomb")
        if not page.tables:
            raise SheetRefused("web_page")
        self.tabs = [Tab(str(number + 1)) for number in range(page.tables)]

    def rows(self, place: int) -> Iterator[RawRow]:
        """Yield the filled rows of a table."""
        page = _Page(place)
        for _piece in _parse(self.file, page):
            yield from page.ready
            page.ready.clear()


def _parse(file: Path, page: "_Page") -> Iterator[None]:
    for piece in text_pieces(file, _PIECE):
        page.feed(piece)
        if len(page.rawdata) > _LONGEST_TAG:
            raise SheetRefused("bomb")
        yield
    page.close()
    page.end_row()
    yield


class _Page(HTMLParser):
    """Reads the rows of the table at `place`, or only counts the tables."""

    def __init__(self, place: int | None) -> None:
        super().__init__(convert_charrefs=True)
        self.place, self.tables = place, 0
        # The tables that are open, the innermost last.
        self.open: list[int] = []
        self.ready: list[RawRow] = []
        self.number, self.column, self.letters = 0, 0, 0
        self.cells: dict[int, Cell] | None = None
        self.is_hidden = self.is_formula = False
        self.texts: list[str] | None = None
        # The element in a cell that nobody sees, and how many of its name are open within it.
        self.unseen, self.unseen_depth = "", 0
        self.kept = ""
        self.size = 0
        # By column how many rows below are taken up by a cell that goes down.
        self.taken_up: dict[int, int] = {}

    @property
    def is_inside(self) -> bool:
        """Whether what comes belongs to the table that is read, and to none within it."""
        return bool(self.open) and self.open[-1] == self.place

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "table":
            self.open.append(self.tables)
            self.tables += 1
            if len(self.open) > _DEEPEST:
                raise SheetRefused("bomb")
        elif not self.is_inside or self._is_unseen(tag, dict(attrs)):
            return
        elif tag == "tr":
            self._start_row(dict(attrs))
        elif tag in {"td", "th"}:
            self._start_cell(dict(attrs))
        elif tag in _BREAKS or tag in _APART:
            self.handle_data(" ")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.open:
            if self.is_inside:
                self.end_row()
            self.open.pop()
        elif not self.is_inside:
            return
        elif self.unseen and tag == self.unseen:
            self.unseen_depth -= 1
            self.unseen = self.unseen if self.unseen_depth else ""
        elif tag == "tr":
            self.end_row()
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag in _APART:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        if self.texts is not None and self.is_inside and not self.unseen:
            self.texts.append(data)
            self.size += len(data)
            if self.size > LONGEST_ROW:
                raise SheetRefused("bomb")

    def end_row(self) -> None:
        """End the row that is open: pages leave out the tags that end rows and cells."""
        self._end_cell()
        if self.cells:
            self.ready.append(RawRow(self.number, self.cells, self.is_hidden))
        self.cells = None

    def _start_row(self, attributes: dict[str, str | None]) -> None:
        self.end_row()
        self.number += 1
        self.column, self.letters, self.cells = 0, 0, {}
        self.is_hidden = _is_hidden(attributes)
        self.taken_up = {place: left - 1 for place, left in self.taken_up.items() if left > 0}

    def _is_unseen(self, tag: str, attributes: dict[str, str | None]) -> bool:
        """Return whether an element stands where nobody sees it, within what a cell shows."""
        if tag in {"tr", "td", "th"}:
            self.unseen = ""  # whatever was not closed ends with its cell
            return False
        if self.unseen:
            self.unseen_depth += tag == self.unseen
            return True
        if (
            self.texts is not None
            and tag not in _VOID
            and (tag in _UNSEEN or _is_hidden(attributes))
        ):
            self.unseen, self.unseen_depth = tag, 1
        return bool(self.unseen)

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        if self.cells is None:
            self._start_row({})
        # A cell of a row above that reaches down to here.
        while self.taken_up.get(self.column, -1) >= 0:
            self.column += 1
        self.is_formula = "x:fmla" in attributes
        self.kept = next((text for name in _KEPT if (text := attributes.get(name))), "")
        self.texts, self.size = [], 0
        self.wide = _span(attributes.get("colspan"), MOST_COLUMNS)
        down = _span(attributes.get("rowspan"), _MOST_ROWS_SPANNED)
        if self.column + self.wide > MOST_COLUMNS:
            raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
        if down > 1:
            self.taken_up.update(
                dict.fromkeys(range(self.column, self.column + self.wide), down - 1)
            )

    def _end_cell(self) -> None:
        if self.texts is None or self.cells is None:
            return
        text = clean(unwrapped(" ".join("".join(self.texts).split())))
        if len(text) > LONGEST_CELL:
            raise SheetRefused("bomb")
        if text:
            kind = CellKind.TEXT
            if _is_shown(self.kept, text):
                kind, text = CellKind.NUMBER, self.kept
            self.cells[self.column] = Cell(CellKind.FORMULA if self.is_formula else kind, text)
            self.letters += len(text)
            if self.letters > LONGEST_ROW:
                raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
        self.column += self.wide
        self.texts = None


def _is_shown(kept: str, text: str) -> bool:
    """Return whether a text shows a number that was kept: rounded, or with an exponent.

    Of a day the count of days is kept, which says nothing without where it begins.
    """
    shown = _SHOWN_NUMBER.fullmatch(text)
    if shown is None or not _NUMBER.fullmatch(kept):
        return False
    rounded = Decimal(shown[1].replace(",", "").replace(" ", ""))
    return bool(shown[3]) or abs(Decimal(kept) - rounded) < Decimal(1).scaleb(-len(shown[2] or ""))


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = "".join((attributes.get("style") or "").split()).casefold()
    return "hidden" in attributes or "display:none" in style


def _span(typed: str | None, most: int) -> int:
    text = (typed or "").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    # Python refuses to read thousands of digits, and six are above every limit.
    return max(1, min(int(text[:6]), most))
