"""Read a sheet in a process of its own while this one checks what was read: two cores work."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from siweb.db.json_text import json_text
from siweb.documents.spreadsheets.reading.read_beside import lines_beside
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import Finding
from siweb.filings.sheets.layout import FOUND, Layout
from siweb.filings.sheets.read_rows import SheetRow

MODULE = "siweb.filings.sheets.reader_main"


@dataclass(frozen=True, slots=True)
class SheetRead:
    """Which sheet of a file is read, and which ones are not."""

    name: str
    unread: list[str]


def read_beside(
    file: Path, kind: FilingKind, defaults: Mapping[str, Any], layout: Layout = FOUND
) -> Iterator[SheetRead | list[SheetRow]]:
    """Yield which sheet is read, then the rows of the list, some hundred at a time.

    :raises SheetRefused: what the reader says, or "too_big_inside" when it died.
    """
    answers = json_text({"defaults": dict(defaults), "layout": asdict(layout)})
    for value in lines_beside(MODULE, str(file.resolve()), kind.value, answers):
        if isinstance(value, list):
            yield [_row(*row) for row in value]
        else:
            yield SheetRead(value["sheet"], value["unread"])


def _row(number: int, given: dict[str, Any], findings: list[list[Any]]) -> SheetRow:
    return SheetRow(number, given, [Finding(*found) for found in findings] if findings else [])
