"""Run by itself: print the rows of a filer's sheet as JSON lines, within limits."""

import resource
import sys
from pathlib import Path
from typing import Any

from siweb.db.json_text import json_text, json_value
from siweb.documents.spreadsheets.reading.read_cells import open_workbook
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.find_list import find_list
from siweb.filings.sheets.layout import Layout
from siweb.filings.sheets.read_rows import list_rows

MEMORY = 1_500 << 20
# Half a million rows take half a minute; a quarter of an hour is a file made to hold us up.
SECONDS = 900
# Rows of one message: larger ones would leave the checker idle, smaller ones cost by the piece.
AT_A_TIME = 500


def main(file: str, kind: str, answers: str) -> None:
    """Print {"sheet", "unread"}, lists of [number, given, findings], then {"end": true}.

    `answers` are {"defaults", "layout"}. Where the file is refused, that is the last line.
    """
    # In this process alone: what a hostile file blows up ends the reader, not the worker.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        _print_rows(Path(file), FilingKind(kind), **json_value(answers))
        _print({"end": True})
    except SheetRefused as refused:
        _print({"refused": refused.code, "facts": refused.facts})
    except MemoryError:
        _print({"refused": "too_big_inside", "facts": {}})


def _print_rows(
    file: Path, kind: FilingKind, defaults: dict[str, Any], layout: dict[str, Any]
) -> None:
    rows: list[Any] = []
    with open_workbook(file) as workbook:
        found = find_list(workbook, kind, defaults, Layout(**layout))
        _print({"sheet": found.name, "unread": found.unread})
        for row in list_rows(workbook, found, kind, defaults):
            findings = [(finding.code, finding.level, finding.facts) for finding in row.findings]
            rows.append((row.number, row.given, findings))
            if len(rows) == AT_A_TIME:
                _print(rows)
                rows = []
    _print(rows)


def _print(value: Any) -> None:
    sys.stdout.write(json_text(value) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
