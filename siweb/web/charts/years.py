"""Years of twelve marks as one picture: months on end that look alike are one rectangle.

Thirty years of five insurances are 1,800 marks: a cell of its own for each would weigh more than
the whole page may. Places across are per cent of the picture, places down are pixels.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from siweb.web.charts.marks import Mark
from siweb.web.charts.scale import per_cent

ROW = 21
_CELL, _HEAD = 18, 20
# In thousandths of the width: the years stand before the cells, the count after them.
_LEFT, _PITCH, _WHOLE = 140, 62, 1000
_MONTHS = 12


class YearRow(NamedTuple):
    """A year before it is drawn: its label, its twelve marks, and what stands at the end."""

    label: str
    marks: tuple[Mark, ...]
    end: str


class Run(NamedTuple):
    """Months on end that look alike."""

    css: str
    x: str
    width: str


class Sign(NamedTuple):
    """A sign in the middle of one cell."""

    css: str
    x: str
    sign: str


class DrawnYear(NamedTuple):
    """A row of the picture: from which pixel on, and where its letters stand."""

    label: str
    end: str
    y: int
    letters: int
    runs: tuple[Run, ...]
    signs: tuple[Sign, ...]


class YearsPicture(NamedTuple):
    """The rows, where the months' numbers and the lines between cells stand, and the height."""

    rows: tuple[DrawnYear, ...]
    months: tuple[tuple[str, str], ...]
    edges: tuple[str, ...]
    height: int
    top: int = _HEAD
    cell: int = _CELL


def draw_years(rows: Sequence[YearRow], plain: str, empty: Sequence[str]) -> YearsPicture:
    """Return the picture; marks of the class `plain` need no sign, those of `empty` no ground."""
    return YearsPicture(
        tuple(_draw(row, place, plain, empty) for place, row in enumerate(rows)),
        tuple((_middle(month), str(month + 1)) for month in range(_MONTHS)),
        tuple(_left(month) for month in range(1, _MONTHS)),
        _HEAD + ROW * len(rows),
    )


def _draw(row: YearRow, place: int, plain: str, empty: Sequence[str]) -> DrawnYear:
    runs = []
    for css, months in groupby(range(_MONTHS), lambda month: row.marks[month].css):
        first, *rest = months
        if css not in empty:
            runs.append(Run(css, _left(first), per_cent(_PITCH * (len(rest) + 1), _WHOLE)))
    signs = tuple(
        Sign(mark.css, _middle(month), mark.sign)
        for month, mark in enumerate(row.marks)
        if mark.css != plain and mark.sign
    )
    y = _HEAD + ROW * place
    return DrawnYear(row.label, row.end, y, y + _CELL - 5, tuple(runs), signs)


def _left(month: int) -> str:
    return per_cent(_LEFT + _PITCH * month, _WHOLE)


def _middle(month: int) -> str:
    return per_cent(_LEFT + _PITCH * month + _PITCH // 2, _WHOLE)
