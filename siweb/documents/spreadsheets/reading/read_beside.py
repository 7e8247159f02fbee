"""Read a file in a process of its own: what it prints, line by line, while this one works.

Memory and time of the reading are bounded, and a file that kills its reader kills nothing else.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from siweb.db.json_text import json_value
from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

# The kernel's largest for everybody: reader and checker work at the same time, not in turns.
_PIPE = 1 << 20
ROWS = "siweb.documents.spreadsheets.reading.rows_process"


def lines_beside(module: str, *words: str) -> Iterator[Any]:
    """Yield the JSON values that a reading module prints, until its {"end"}.

    :raises SheetRefused: what the reader says, or "too_big_inside" when it died.
    """
    command = [sys.executable, "-m", module, *words]
    with subprocess.Popen(  # noqa: S603 - our own module on a file that we named
        # Its complaints may quote cells; and unread in a pipe they would stop it once that is full.
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        _widen(process.stdout)
        try:
            is_whole = False
            for line in process.stdout:
                value = json_value(line)
                if isinstance(value, dict) and "refused" in value:
                    raise SheetRefused(value["refused"], **value["facts"])
                if isinstance(value, dict) and "end" in value:
                    is_whole = True
                else:
                    yield value
            if not is_whole:
                raise SheetRefused("too_big_inside")
        finally:
            # Also where whoever reads stops in the middle: no reader goes on for nobody.
            process.kill()


def rows_beside(file: Path) -> Iterator[tuple[bool, list[RawRow]]]:
    """Yield the filled rows of the only visible sheet of a file, some hundred at a time.

    With each comes whether the sheet counts its days from 1904.

    :raises SheetRefused: what the reader says; "several_lists", "no_sheet".
    """
    begins_1904 = False
    for value in lines_beside(ROWS, str(file.resolve())):
        if isinstance(value, dict):
            begins_1904 = bool(value["begins_1904"])
        else:
            yield begins_1904, [_row(number, cells) for number, cells in value]


def _row(number: int, cells: list[tuple[int, str, str]]) -> RawRow:
    return RawRow(number, {place: Cell(CellKind(kind), text) for place, kind, text in cells})


def _widen(pipe: IO[bytes]) -> None:
    """Let the reader go on while a portion is checked; a narrow pipe is only slower."""
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
