"""Cells of a table know their heading, which stands beside them where a phone stacks a row."""

import re
from collections.abc import Sequence
from html import escape

from markupsafe import Markup

_PIECE = re.compile(r"<tr\b|<t([hd])\b([^>]*)>")


def labelled_cells(rows: object, columns: Sequence[object]) -> Markup:
    """Return the rows of a table with `data-is` on every cell that has none: its heading.

    The heading of a row needs none, nor what stands under a heading without words.
    """
    place = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal place
        if found[0] == "<tr":
            place = 0
            return found[0]
        place += 1
        words = str(columns[place - 1]) if place <= len(columns) else ""
        if found[1] != "d" or not words or "data-is=" in found[2]:
            return found[0]
        return f'<td{found[2]} data-is="{escape(words)}">'

    marked = _PIECE.sub(mark, str(rows))
    return Markup(marked)  # noqa: S704 - it was safe, and only an escaped attribute is added
