"""Run by itself: print the rows of a file's only visible sheet as JSON lines, within limits."""

import resource
import sys
from pathlib import Path
from typing import Any

from siweb.db.json_text import json_text
from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Workbook

MEMORY = 1_500 << 20
SECONDS = 900
# Rows of one message: larger ones would leave the other side idle, smaller ones cost by the piece.
AT_A_TIME = 500


def main(file: str) -> None:
    """Print {"begins_1904"}, lists of [number, [[place, kind, text], ...]], then {"end": true}.

    Where the file is refused, {"refused", "facts"} is the last line.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        with open_workbook(Path(file)) as workbook:
            _print_rows(workbook)
        _print({"end": True})
    except SheetRefused as refused:
        _print({"refused": refused.code, "facts": refused.facts})
    except MemoryError:
        _print({"refused": "too_big_inside", "facts": {}})


def _print_rows(workbook: Workbook) -> None:
    place = _place(workbook)
    _print({"begins_1904": workbook.begins_1904})
    rows: list[Any] = []
    last = 0
    for row in workbook.rows(place):
        if row.number <= last:
            raise SheetRefused("broken")
        last = row.number
        cells = [(at, *cell) for at, cell in row.cells.items() if cell.text.strip()]
        rows.append((row.number, cells))
        if len(rows) == AT_A_TIME:
            _print(rows)
            rows = []
    _print(rows)


def _place(workbook: Workbook) -> int:
    """Return where the list stands: nobody guesses which of several is meant."""
    filled = [
        place
        for place, rows in enumerate(workbook.beginnings(1))
        if rows and workbook.tabs[place].is_visible
    ]
    if not filled:
        raise SheetRefused("no_sheet" if workbook.tabs else "empty")
    if len(filled) > 1:
        raise SheetRefused("several_lists", sheets=[workbook.tabs[place].name for place in filled])
    return filled[0]


def _print(value: Any) -> None:
    sys.stdout.write(json_text(value) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
