"""Read a CSV file as people save it: UTF-8, GB18030 or UTF-16; comma, tab or such."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from siweb.documents.spreadsheets.reading.cell import (
    LONGEST_CELL,
    MOST_COLUMNS,
    Cell,
    CellKind,
    RawRow,
    clean,
)
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

_PIECE = 1 << 20
_LOOKED_AT = 1 << 16
_ENCODINGS: tuple[str, ...] = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;|，"


def read_text(file: Path) -> Iterator[RawRow]:
    """Yield the filled rows; numbers count lines of the table, not of the file.

    :raises SheetRefused: "encoding", "not_a_sheet", "too_many_columns" or "open_quote".
    """
    encoding = _encoding(file)
    with file.open(encoding=encoding, newline="") as source:
        beginning = source.read(_LOOKED_AT)
        source.seek(0)
        for number, texts in _rows(source, _delimiter(beginning)):
            if len(texts) > MOST_COLUMNS:
                raise SheetRefused("too_many_columns", most=MOST_COLUMNS)
            cells = {
                place: Cell(CellKind.TEXT, text)
                for place, text in enumerate(map(clean, texts))
                if text and not text.isspace()
            }
            if cells:
                yield RawRow(number, cells)


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
    reader = csv.reader(lines(), delimiter=delimiter)
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
        goes_on = reader.line_num > begins + 1
        code, facts = ("open_quote", {"row": number + 1}) if goes_on else ("not_a_sheet", {})
        raise SheetRefused(code, **facts) from None


def _encoding(file: Path) -> str:
    """Return the encoding that the whole file can be read in."""
    candidates = _ENCODINGS
    with file.open("rb") as source:
        # What a spreadsheet saves as "Unicode text".
        if source.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            candidates = ("utf-16",)
    for encoding in candidates:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with file.open("rb") as source:
                while piece := source.read(_PIECE):
                    if "\0" in decoder.decode(piece):
                        raise SheetRefused("not_a_sheet")
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise SheetRefused("encoding")


def _delimiter(beginning: str) -> str:
    """Return what parts the cells: whatever stands most often in one of the first lines."""
    lines = beginning.splitlines()[:30]

    def most(one: str) -> tuple[int, bool]:
        return max((line.count(one) for line in lines), default=0), one == ","

    return max(_DELIMITERS, key=most)
