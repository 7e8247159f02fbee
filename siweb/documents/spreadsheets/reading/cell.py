"""A cell as it stands in a file, before anything is made of it."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

MOST_COLUMNS = 16_384
"""What a spreadsheet has at most, A to XFD; a row with more cells is none."""
# Excel's own limit of a cell.
LONGEST_CELL = 32_767
LONGEST_ROW = 4_000_000
"""The letters of all cells of one row: a row is whole in memory, so it is bounded."""
# Tabs and ends of lines part words; other control characters, and halves of letters, say nothing.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Exponents beyond these are no amount, day or number of anybody.
_EXPONENT = re.compile(r"(-?[0-9]+(?:\.[0-9]*)?)[eE]([+-]?[0-9]{1,2})", re.ASCII)

HALF_A_SECOND = Decimal(1) / 172_800
"""In days: what a day comes short by from programs that reckon times in binary."""
# How an XLSX part writes a letter that XML does not keep, or that would read as such an escape.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WRAPPED = re.compile(r'\s*=\s*"((?:[^"]|"")*)"\s*')


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    # A number that the sheet shows as a day: days since the sheet's own beginning.
    DAY = "day"
    # What a formula came to when the sheet was saved last.
    FORMULA = "formula"
    ERROR = "error"


class Cell(NamedTuple):
    """The text that stands there, exactly, and what the file says it is."""

    kind: CellKind
    text: str


# A formula whose result was not saved with it.
NOT_CALCULATED = Cell(CellKind.FORMULA, "")


class RawRow(NamedTuple):
    """One row with something in it: its number from 1, and its cells by column from 0."""

    number: int
    cells: dict[int, Cell]
    is_hidden: bool = False
    # Of XLSX, where a sheet is written anew: the number of the style of each cell.
    styles: dict[int, str] | None = None


def clean(text: str) -> str:
    """Return text without control characters: a database keeps no NUL, and nobody sees them."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def unescaped(text: str) -> str:
    """Return a string of an XLSX part as it was written: _x000D_ is the end of a line."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        # A letter beyond the first 65,536 comes as two escapes.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return clean(text)


def unwrapped(text: str) -> str:
    """Return what a formula of nothing but a text shows: ="3101" keeps a program from counting."""
    match = _WRAPPED.fullmatch(text)
    return text if match is None else match[1].replace('""', '"')


def spelled_out(number: str) -> str:
    """Return a number without exponent, digit by digit: 8.000E+03 is 8000; other text as it is.

    Exact, since a binary float would make 9500.499999999999 of some.
    """
    match = _EXPONENT.fullmatch(number)
    if match is None:
        return number
    text = format(Decimal(match[1]).scaleb(int(match[2])), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
