"""Read a CSV file as people save it: UTF-8, GB18030 or UTF-16; comma, tab or such."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

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
from siweb.documents.spreadsheets.reading.text_encoding import find_encoding
from siweb.documents.spreadsheets.reading.workbook import Tab, Workbook

_BEGINNING = 1 << 16
# Enough to tell the delimiter by the headings, titles above them included.
_FIRST_LINES = 30
# Where two part the cells equally well, the one that stands first here.
_DELIMITERS = "\t,;|，"


class CsvWorkbook(Workbook):
    """A text file with one list."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.tabs = [Tab("")]

    def rows(self, place: int) -> Iterator[RawRow]:
        """Yield the filled rows; numbers count lines of the table, not of the file.

        :raises SheetRefused: "encoding", "not_a_sheet", "too_many_columns" or "open_quote".
        """
        encoding = find_encoding(self.file)
        with self.file.open(encoding=encoding, newline="") as source:
            beginning = source.read(_BEGINNING)
            source.seek(0)
            for number, texts in _rows(source, find_delimiter(beginning)):
                if len(texts) > MOST_COLUMNS or sum(map(len, texts)) > LONGEST_ROW:
                    raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
                cells = {
                    place: Cell(CellKind.TEXT, text)
                    for place, text in enumerate(map(_text, texts))
                    if text and not text.isspace()
                }
                if cells:
                    yield RawRow(number, cells)


def _text(text: str) -> str:
    return clean(unwrapped(text) if text[:1] == "=" else text)


def _rows(source: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each row and its texts; a quote that nothing closes is found.

    It would take the rows behind it into one cell, all of them or as far as the next quote.
    """
    is_over = False

    def lines() -> Iterator[str]:
        nonlocal is_over
        yield from source
        is_over = True

    csv.field_size_limit(LONGEST_CELL)
    # Some programs write a blank behind each comma, before the quote.
    reader = csv.reader(lines(), delimiter=delimiter, skipinitialspace=True)
    swallowed = re.compile(rf"\n.*{re.escape(delimiter)}[=\"']*\d{{17}}[\dXx]")
    number, begins = 0, 0
    try:
        for number, texts in enumerate(reader, 1):
            goes_on = reader.line_num > begins + 1
            if is_over or (goes_on and any(map(swallowed.search, texts))):
                raise SheetRefused("open_quote", row=number)
            begins = reader.line_num
            yield number, texts
    except csv.Error:
        if reader.line_num > begins + 1:
            raise SheetRefused("open_quote", row=number + 1) from None
        raise SheetRefused("not_a_sheet") from None


def find_delimiter(beginning: str) -> str:
    """Return what parts the cells: what parts most of the first lines into alike many.

    Not what stands most often: a title may have more commas than the list below it has tabs, and
    amounts or lists of insurances have commas of their own in some lines.
    """
    lines = beginning.splitlines()[:_FIRST_LINES]

    def quality(delimiter: str) -> tuple[int, int, int]:
        counts = _widths(lines, delimiter)
        agreeing, width = max(
            (
                (sum(width <= 2 * other and other <= 2 * width for other in counts), width)
                for width in counts
            ),
            default=(0, 0),
        )
        return agreeing, width, -_DELIMITERS.index(delimiter)

    best = max(_DELIMITERS, key=quality)
    return best if quality(best)[0] else ","


def _widths(lines: Sequence[str], delimiter: str) -> list[int]:
    """Return into how many cells a delimiter parts each of the lines that it parts."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []
    return [len(row) for row in rows if len(row) > 1]
