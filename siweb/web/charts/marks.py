"""The grid of twelve months: one real table whose cells are the picture.

A cell is known by its ground, its sign and, for whoever listens, its word.
"""

from typing import Any, NamedTuple


class Mark(NamedTuple):
    """How a cell looks: its class, its sign, and the word for it."""

    css: str
    sign: str
    says: Any


class MarkRow(NamedTuple):
    """A row of the grid: a sign of the sprite, the short name beside it, and its cells."""

    icon: str
    name: Any
    marks: tuple[Mark, ...]


class Grid(NamedTuple):
    """Months, short as they stand above the columns and in full as they are read out, and rows."""

    months: tuple[tuple[str, str], ...]
    rows: tuple[MarkRow, ...]

    @property
    def key(self) -> list[Mark]:
        """Return every mark that occurs, once, in the order in which it is met."""
        return list(dict.fromkeys(mark for row in self.rows for mark in row.marks))
