"""Run by itself: print the first rows of every sheet of a file as one JSON line, within limits."""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

# A preview reads the first rows only, but strings shared by the whole file with them.
MEMORY = 1_000 << 20
SECONDS = 60
MOST_COLUMNS = 300
"""So many columns of a row are shown; a person chooses among them."""


def main(file: str, count: str) -> None:
    """Print {"tabs": [[name, is_visible, rows], ...], "begins_1904"}, or {"refused", "facts"}."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    found: dict[str, Any]
    try:
        with open_workbook(Path(file)) as workbook:
            tabs = [
                (tab.name, tab.is_visible, [(row.number, _cells(row.cells)) for row in rows])
                for tab, rows in zip(workbook.tabs, workbook.beginnings(int(count)), strict=True)
            ]
            found = {"tabs": tabs, "begins_1904": workbook.begins_1904}
    except SheetRefused as refused:
        found = {"refused": refused.code, "facts": refused.facts}
    except MemoryError:
        found = {"refused": "too_big_inside", "facts": {}}
    sys.stdout.write(json.dumps(found))


def _cells(cells: Any) -> list[tuple[int, str, str]]:
    return [(place, *cells[place]) for place in sorted(cells)[:MOST_COLUMNS]]


if __name__ == "__main__":
    main(*sys.argv[1:])
