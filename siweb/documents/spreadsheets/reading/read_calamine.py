"""Read XLS, XLSB and ODS in a process of its own: memory and time are bounded, whatever they do.

The library that reads them loads a sheet whole and may abort on a hostile file; the process that
dies takes nobody along.
"""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from siweb.documents.spreadsheets.reading.cell import MOST_COLUMNS, Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.workbook import Tab, Workbook

MODULE = "siweb.documents.spreadsheets.reading.calamine_process"
# The file is opened once for the sheets and their first rows, and once more for one of them.
_FIRST_ROWS = 40


class CalamineWorkbook(Workbook):
    """A workbook that a library reads, beside this process."""

    def __init__(self, file: Path) -> None:
        self.file = file
        lines = self._lines("all", _FIRST_ROWS)
        self.tabs = [Tab(name, is_visible) for name, is_visible in next(lines)]
        self._first: list[list[RawRow]] = [[] for _tab in self.tabs]
        for place, number, cells in lines:
            self._first[place].append(_row(number, cells))

    def rows(self, place: int) -> Iterator[RawRow]:
        """Yield the filled rows of a sheet.

        :raises SheetRefused: what the reading process says, or "too_big_inside" when it died.
        """
        lines = self._lines(str(place), 0)
        next(lines)
        for _place, number, cells in lines:
            yield _row(number, cells)

    def beginnings(self, count: int) -> list[list[RawRow]]:
        """Return the first filled rows of every sheet, which came with their names."""
        if count > _FIRST_ROWS:
            return super().beginnings(count)
        return [rows[:count] for rows in self._first]

    def _lines(self, place: str, count: int) -> Generator[Any]:
        """Yield what the reading process prints: the tabs, then rows; its end is looked for."""
        command = [sys.executable, "-m", MODULE, str(self.file.resolve()), place, str(count)]
        return _read(command)


def _read(command: list[str]) -> Generator[Any]:
    with subprocess.Popen(  # noqa: S603 - our own module on a file that we named
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                value = json.loads(line)
                if value == "end":
                    return
                if isinstance(value, str):
                    raise _refusal(value)
                yield value
            raise SheetRefused("too_big_inside")
        finally:
            process.kill()


def _refusal(code: str) -> SheetRefused:
    facts = {"most": MOST_COLUMNS} if code == "too_many_columns" else {}
    return SheetRefused(code, **facts)


def _row(number: int, cells: list[tuple[int, str, str]]) -> RawRow:
    return RawRow(number, {place: Cell(CellKind(kind), text) for place, kind, text in cells})
