"""Read XLS and ODS in a process of its own: memory and time are bounded, whatever the file does.

The library that reads them loads a sheet whole and may abort on a hostile file; the process that
dies takes nobody along.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

MODULE = "siweb.documents.spreadsheets.reading.calamine_process"


def read_other(file: Path) -> Iterator[RawRow]:
    """Yield the filled rows of the first visible sheet.

    :raises SheetRefused: what the reading process says, or "too_big_inside" when it died.
    """
    command = [sys.executable, "-m", MODULE, str(file.resolve())]
    with subprocess.Popen(  # noqa: S603 - our own module on a file that we named
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            ended = False
            for line in process.stdout:
                told = json.loads(line)
                if isinstance(told, str):
                    if told != "end":
                        raise SheetRefused(told)
                    ended = True
                else:
                    number, cells = told
                    yield RawRow(
                        number,
                        {int(place): Cell(CellKind(kind), text) for place, kind, text in cells},
                    )
            if not ended:
                raise SheetRefused("too_big_inside")
        finally:
            process.kill()
