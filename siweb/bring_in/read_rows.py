"""Read a file by its columns: each row as values, with a problem for every cell that says nothing.

A column that nobody described is refused, not skipped: what stands there would be lost unseen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from siweb.bring_in.column import Column
from siweb.bring_in.problem import Problem
from siweb.documents.spreadsheets.reading.cell import NOT_CALCULATED, Cell, CellKind, RawRow
from siweb.documents.spreadsheets.reading.read_beside import rows_beside
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.sheets.values import Unreadable, plain

PORTION = 5_000
"""Rows that are compared with the register and written together."""
MOST_ROWS = 1_000_000
"""Rows of one file: it is one transaction."""
# Titles may stand above the headings.
_LOOKED_AT = 20
_ENOUGH = 2
_ASIDE = re.compile(r"[*\s]|\(.*?\)")
_SHOWN = 40
# So many values of a column are read once: days, months and codes repeat.
_REMEMBERED = 20_000
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|#+)")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns of a list stand that somebody named: below which row, each at its place."""

    heading_row: int
    columns: Mapping[str, int]


@dataclass(slots=True)
class Row:
    """A row: its number in the file, its values by column, what is wrong, whom it is about."""

    number: int
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    person_id: int | None = None
    employer_id: int | None = None

    def refuse(self, column: str, code: str, **facts: Any) -> None:
        """Name a problem."""
        self.problems.append(Problem(self.number, column, code, facts))

    def get(self, name: str) -> Any:
        """Return a value, None where the cell is empty."""
        return self.values.get(name)


def read_portions(
    file: Path, columns: Sequence[Column], places: Places | None = None
) -> Iterator[list[Row]]:
    """Yield the rows of a file, a portion at a time.

    Where somebody named the columns, only these are read; else by their headings, all of them.

    :raises SheetRefused: when the file as a whole cannot be read; "no_headings",
        "columns_unknown", "columns_missing", "columns_twice", "no_rows", "too_many_rows".
    """
    portion: list[Row] = []
    count = 0
    for reader, raw in _below_headings(file, columns, places):
        count += 1
        if count > MOST_ROWS:
            raise SheetRefused("too_many_rows", most=f"{MOST_ROWS:,}")
        portion.append(reader.read(raw))
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
    if not count:
        raise SheetRefused("no_rows")


def _below_headings(
    file: Path, columns: Sequence[Column], places: Places | None
) -> Iterator[tuple["_Reader", RawRow]]:
    """Yield each filled row below the headings, with what reads it."""
    reader: _Reader | None = None
    above = 0
    for begins_1904, rows in rows_beside(file):
        if places is not None:
            found = {
                places.columns[each.name]: each for each in columns if each.name in places.columns
            }
            reader = _Reader(found, begins_1904=begins_1904)
        for raw in rows:
            if places is not None and raw.number <= places.heading_row:
                continue
            if reader is not None:
                if raw.cells:
                    yield reader, raw
                continue
            reader = _reader(columns, raw, begins_1904=begins_1904)
            above += 1
            if reader is None and above == _LOOKED_AT:
                raise SheetRefused("no_headings")
    if reader is None:
        raise SheetRefused("no_headings")


def _folded(text: str) -> str:
    return _ASIDE.sub("", plain(text).casefold())


def _reader(columns: Sequence[Column], raw: RawRow, *, begins_1904: bool) -> "_Reader | None":
    """Return the reader of the rows below a row of headings; None where it is no such row."""
    by_heading = {
        _folded(heading): column for column in columns for heading in (column.name, column.heading)
    }
    headings = {place: plain(cell.text) for place, cell in raw.cells.items()}
    found = {
        place: by_heading[folded]
        for place, heading in headings.items()
        if (folded := _folded(heading)) in by_heading
    }
    if len(found) < min(_ENOUGH, len(columns)):
        return None
    _refuse_headings(columns, headings, found)
    return _Reader(found, begins_1904=begins_1904)


def _refuse_headings(
    columns: Sequence[Column], headings: Mapping[int, str], found: Mapping[int, Column]
) -> None:
    unknown = [heading for place, heading in headings.items() if place not in found]
    if unknown:
        raise SheetRefused("columns_unknown", columns=", ".join(unknown))
    names = [column.name for column in found.values()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SheetRefused("columns_twice", columns=", ".join(twice))
    if missing := [each.name for each in columns if each.is_needed and each.name not in names]:
        raise SheetRefused("columns_missing", columns=", ".join(missing))


class _Reader:
    """Reads rows by the headings that were found."""

    def __init__(self, found: Mapping[int, Column], *, begins_1904: bool) -> None:
        self._columns: list[tuple[int, Column, Any, dict[Cell, Any]]] = [
            (place, column, partial(column.read, begins_1904=begins_1904), {})
            for place, column in found.items()
        ]

    def read(self, raw: RawRow) -> Row:
        """Return the values of a row and what is wrong with its cells."""
        row = Row(raw.number, {})
        for place, column, read, before in self._columns:
            cell = raw.cells.get(place)
            if cell is None:
                if column.is_needed:
                    row.refuse(column.name, "cell_missing")
                continue
            value = before.get(cell)
            if value is None:
                value = _value(row, column, read, cell)
                if len(before) < _REMEMBERED and value is not None:
                    before[cell] = value
            if value is not None:
                row.values[column.name] = value
        return row


def _value(row: Row, column: Column, read: Any, cell: Cell) -> Any:
    is_error = cell.kind is CellKind.ERROR or _ERRORS.fullmatch(cell.text)
    if is_error or cell == NOT_CALCULATED:
        return row.refuse(column.name, "cell_error")
    # What a wrong encoding left of a letter.
    if "\ufffd" in cell.text:
        return row.refuse(column.name, "cell_letters")
    try:
        return read(cell)
    except Unreadable as unreadable:
        shown = plain(cell.text)
        # A whole number of somebody is no part of a list of problems that is passed around.
        text = shown[-4:].rjust(len(shown), "*") if column.name == "id_number" else shown
        codes = ", ".join(column.codes)
        return row.refuse(column.name, unreadable.code, text=text[:_SHOWN], codes=codes)
