"""Read a sheet in a process of its own while this one checks what was read: two cores work.

Memory and time of the reading are bounded, and a file that kills its reader kills nothing else.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from siweb.db.json_text import json_text, json_value
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import Finding
from siweb.filings.sheets.layout import FOUND, Layout
from siweb.filings.sheets.read_rows import SheetRow

# The kernel's largest for everybody: reader and checker work at the same time, not in turns.
_PIPE = 1 << 20
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
    command = [sys.executable, "-m", MODULE, str(file.resolve()), kind.value, answers]
    with subprocess.Popen(  # noqa: S603 - our own module on a file that we named
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        _widen(process.stdout)
        try:
            is_whole = False
            for line in process.stdout:
                value = json_value(line)
                if isinstance(value, list):
                    yield [_row(*row) for row in value]
                elif "refused" in value:
                    raise SheetRefused(value["refused"], **value["facts"])
                elif "sheet" in value:
                    yield SheetRead(value["sheet"], value["unread"])
                else:
                    is_whole = True
            if not is_whole:
                raise SheetRefused("too_big_inside")
        finally:
            process.kill()


def _widen(pipe: IO[bytes]) -> None:
    """Let the reader go on while a portion is checked; a narrow pipe is only slower."""
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _row(number: int, given: dict[str, Any], findings: list[list[Any]]) -> SheetRow:
    return SheetRow(number, given, [Finding(*found) for found in findings] if findings else [])
