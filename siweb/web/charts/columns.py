"""Columns beside each other: bars of one series, or several series stacked to a growth.

Widths are per cent of the picture, heights pixels: on a phone the labels keep their size.
"""

from collections.abc import Sequence
from typing import NamedTuple

from siweb.web.charts.scale import per_cent, pixels

HEIGHT = 96
# On the page that is about the picture, where there is room for small differences.
TALL = 168
# Room for a label of large type, which grows with the reader's letters as the picture does not.
_LABEL = 24
_ABOVE = 20
# So many labels stand beside each other on a phone; of more every second, third … is written.
_MOST_LABELS = 7


class Column(NamedTuple):
    """A column before it is drawn: its label and a whole number for each series."""

    label: str
    values: tuple[int, ...]


class Piece(NamedTuple):
    """A rectangle of a series: from which pixel on, how high."""

    series: int
    y: int
    height: int


class Drawn(NamedTuple):
    """A column's left edge, width and middle in per cent; no label where there is no room."""

    x: str
    width: str
    middle: str
    label: str
    pieces: tuple[Piece, ...]


class Columns(NamedTuple):
    """A picture of columns, with the numbers it was made of for its table."""

    series: tuple[str, ...]
    rows: tuple[Column, ...]
    columns: tuple[Drawn, ...]
    # Where the top of the last column is: its value stands above.
    top: int
    ground: int
    height: int


def draw_columns(series: Sequence[str], rows: Sequence[Column], height: int = HEIGHT) -> Columns:
    """Return columns whose values are stacked; what is below nothing has no height."""
    ground = _ABOVE + height
    most = max((sum(_above(row)) for row in rows), default=0)
    every = -(-len(rows) // _MOST_LABELS) or 1
    drawn = tuple(
        # Counted from the end: the newest column always has its label.
        _draw(row, place, len(rows), most, height, (len(rows) - 1 - place) % every == 0)
        for place, row in enumerate(rows)
    )
    tops = [piece.y for piece in drawn[-1].pieces] if drawn else []
    top = min(tops, default=ground)
    return Columns(tuple(series), tuple(rows), drawn, top, ground, ground + _LABEL)


def _draw(row: Column, place: int, count: int, most: int, height: int, is_labelled: bool) -> Drawn:
    # A column takes seven of ten parts of its place, with a gap on both sides.
    whole = 20 * count
    pieces, ground = [], _ABOVE + height
    for series, value in enumerate(_above(row)):
        high = pixels(value, most, height)
        ground -= high
        if high:
            pieces.append(Piece(series, ground, high))
    return Drawn(
        per_cent(20 * place + 3, whole),
        per_cent(14, whole),
        per_cent(20 * place + 10, whole),
        row.label if is_labelled else "",
        tuple(pieces),
    )


def _above(row: Column) -> list[int]:
    return [max(value, 0) for value in row.values]
