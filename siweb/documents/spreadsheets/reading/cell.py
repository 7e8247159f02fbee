"""A cell as it stands in a file, before anything is made of it."""

import re
from enum import StrEnum
from typing import NamedTuple

MOST_COLUMNS = 200
"""Cells further right are no filer's: a sheet that has more of them is refused."""
LONGEST_CELL = 32_767
# Tabs and ends of lines part words; other control characters, and halves of letters, say nothing.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


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
UNRECKONED = Cell(CellKind.FORMULA, "")


class RawRow(NamedTuple):
    """One row with something in it: its number from 1, and its cells by column from 0."""

    number: int
    cells: dict[int, Cell]
    is_hidden: bool = False


def clean(text: str) -> str:
    """Return text without control characters: a database keeps no NUL, and nobody sees them."""
    return text if text.isprintable() else _UNSEEN.sub("", text)
