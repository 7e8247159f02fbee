"""Run by itself: print the rows of a filer's sheet as JSON lines, within limits."""

import resource
import sys
from pathlib import Path
from typing import Any

from siweb.db.json_text import json_text, json_value
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.read_rows import read_rows

MEMORY = 1_500 << 20
SECONDS = 900
AT_A_TIME = 500


def main(file: str, kind: str, defaults: str) -> None:
    """Print lists of [number, given, findings], then {}; or why the file is refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    rows: list[Any] = []
    try:
        for row in read_rows(Path(file), FilingKind(kind), defaults=json_value(defaults)):
            said = [(one.code, one.level, one.facts) for one in row.findings]
            rows.append((row.number, row.given, said))
            if len(rows) == AT_A_TIME:
                _say(rows)
                rows = []
        _say(rows)
        _say({})
    except SheetRefused as refused:
        _say({"refused": refused.code, "facts": refused.facts})
    except MemoryError:
        _say({"refused": "too_big_inside", "facts": {}})


def _say(told: Any) -> None:
    sys.stdout.write(json_text(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
