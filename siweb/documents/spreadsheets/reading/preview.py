"""The first rows of every sheet of a file, for a page: read beside, so that no file stops it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

MODULE = "siweb.documents.spreadsheets.reading.preview_process"
# Longer than the process gives itself in CPU time (60), so that it can still say why it ends.
_SECONDS = 90


@dataclass(frozen=True, slots=True)
class TabPreview:
    """A sheet and its first filled rows."""

    name: str
    is_visible: bool
    rows: list[RawRow]


@dataclass(frozen=True, slots=True)
class Preview:
    """The sheets of a file with their first rows."""

    tabs: list[TabPreview]
    begins_1904: bool


def preview(file: Path, count: int) -> Preview:
    """Return the first `count` filled rows of each sheet.

    :raises SheetRefused: what the readers say, or "too_big_inside" when the process died.
    """
    command = [sys.executable, "-m", MODULE, str(file.resolve()), str(count)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module on a file that we named
            command, capture_output=True, timeout=_SECONDS, check=False
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise SheetRefused("too_big_inside") from None
    if "refused" in found:
        raise SheetRefused(found["refused"], **found["facts"])
    tabs = [
        TabPreview(name, is_visible, [_row(number, cells) for number, cells in rows])
        for name, is_visible, rows in found["tabs"]
    ]
    return Preview(tabs, found["begins_1904"])


def _row(number: int, cells: list[tuple[int, str, str]]) -> RawRow:
    return RawRow(number, {place: Cell(CellKind(kind), text) for place, kind, text in cells})
