"""What of a table is sealed: the cells of its rows that decide money or rights, named by key.

A row is given by what it says, never by a number that only the database knows: ids may go, and a
row may move to another database, without any seal breaking.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Table, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from siweb.clock import office_day
from siweb.db.sealing.columns import Sealed, seal_text

# Bytes: without the key nobody can look for another row with the same mark.
_MARK = 8
# What comes before the key in a row as it is read: its region, and when it was recorded.
_BEFORE_KEY = 2
GONE = ""
"""Stands for the column where a row was taken away."""


@dataclass(frozen=True, slots=True)
class SealedBook:
    """A table with its natural key, its region, and when each row was recorded."""

    table: Table
    region: ColumnElement[Any]
    # An instant or a day: it never changes, and decides under which day a row is sealed.
    recorded: ColumnElement[Any]
    key: tuple[str, ...]
    # By name, in the order of the table; a new one goes to the end, and is empty in older rows.
    cells: Mapping[str, ColumnElement[Any]]
    source: Any
    counts: ColumnElement[bool] = field(default_factory=true)
    # Columns without a seal, with the reason.
    unsealed: Mapping[str, str] = field(default_factory=dict)
    # Cells that change lawfully, each time with a row of `book_change`: the first value is sealed.
    changing: tuple[str, ...] = ()
    # Whether a row may be taken away, with a row of `book_change` too.
    may_go: bool = False
    # Whether `recorded` tells when a row was written; else it may be added under any day.
    is_dated: bool = True

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self.table.name

    @property
    def has_changes(self) -> bool:
        """Return whether anything of its rows changes lawfully."""
        return bool(self.changing) or self.may_go

    def places(self) -> dict[str, int]:
        """Return where the changing cells stand in a row as it is read."""
        others = [name for name in self.cells if name not in self.key]
        first = _BEFORE_KEY + len(self.key)
        return {name: first + others.index(name) for name in self.changing}

    def rows(self) -> Select[Any]:
        """Return region, recorded, key and cells of the rows that count, in no order."""
        others = [cell.label(name) for name, cell in self.cells.items() if name not in self.key]
        return (
            select(
                self.region.label("sealed_region"),
                self.recorded.label("recorded"),
                *(self.cells[name].label(name) for name in self.key),
                *others,
            )
            .select_from(self.source)
            .where(self.counts)
        )

    def in_order(self) -> tuple[Any, ...]:
        """Return what rows are sealed in the order of."""
        key = (self.cells[name] for name in self.key)
        return (_ordered(self.region), self.recorded, *map(_ordered, key))

    def key_of(self, row: Sequence[Any]) -> str:
        """Return what names a row, for people."""
        cells = zip(self.key, row[_BEFORE_KEY:], strict=False)
        return " ".join("-" if _is_none(name, cell) else _text(cell) for name, cell in cells)

    def is_sealed(self, column: str) -> bool:
        """Return whether the cells of a column are sealed where they lie."""
        return column in self.cells and isinstance(self.cells[column].type, Sealed)

    def as_kept(self, column: str, stated: str) -> str:
        """Return what a cell said, as a change keeps it: sealed where the cell itself is sealed."""
        return seal_text(stated) if self.is_sealed(column) else stated

    def key_text(self, row: Sequence[Any]) -> str:
        """Return what names a row, the same on every database."""
        return canonical(row[_BEFORE_KEY : _BEFORE_KEY + len(self.key)]).decode()


def sealed_book(
    model: Any,
    *,
    key: tuple[str, ...],
    region: Any,
    recorded: Any,
    instead: Mapping[str, Mapping[str, Any]] | None = None,
    unsealed: Mapping[str, str] | None = None,
    changing: tuple[str, ...] = (),
    may_go: bool = False,
    is_dated: bool = True,
    source: Any = None,
    counts: ColumnElement[bool] | None = None,
) -> SealedBook:
    """Return a table's book: all columns, but those left out and those that say it `instead`.

    Those that change stand at the end.
    """
    table: Table = model.__table__
    instead, unsealed = instead or {}, unsealed or {}
    cells: dict[str, Any] = {}
    for column in table.c:
        if column.name in instead:
            cells |= instead[column.name]
        elif column.name not in (*unsealed, *changing):
            cells[column.name] = column
    # At the end, since an older row has none of them yet and empty cells there do not count.
    cells |= {name: table.c[name] for name in changing}
    return SealedBook(
        table,
        region,
        recorded,
        key,
        cells,
        table if source is None else source,
        true() if counts is None else counts,
        unsealed,
        changing,
        may_go,
        is_dated,
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """Keyed marks of rows: who does not know the key can make none."""

    key: bytes

    def of_row(self, row: Sequence[Any]) -> bytes:
        """Return the mark of everything that a row says."""
        return blake2b(canonical(row), key=self.key, digest_size=_MARK).digest()

    def of_key(self, book: SealedBook, row: Sequence[Any]) -> bytes:
        """Return the mark of what names a row."""
        return self.of_key_text(book.key_text(row))

    def of_key_text(self, text: str) -> bytes:
        """Return the mark of a key that is written out."""
        return blake2b(text.encode(), key=self.key, digest_size=_MARK).digest()


def day_of(recorded: date | datetime | str) -> date:
    """Return the day at the office on which a row was recorded; of a month it is the first."""
    if isinstance(recorded, str):
        return date.fromisoformat(f"{recorded}-01")
    return office_day(recorded) if isinstance(recorded, datetime) else recorded


def canonical(row: Sequence[Any]) -> bytes:
    """Return what a row says, the same on every database.

    Empty cells at the end count as not there: a column that is added later changes no row.
    """
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    return cell_text(cells).encode()


def _is_none(name: str, cell: Any) -> bool:
    """Return whether a cell of a key says that there is none; no employer is 0 in keys."""
    return cell is None or (cell == 0 and name.startswith("insuring_employer"))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


# The same text for a value and for what is read back from its text.
cell_text: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_text
).encode


class _ByteOrder(GenericFunction[Any]):
    """A text in the order of its bytes: that of a language may change with the system."""

    name = "byte_order"
    inherit_cache = True


@compiles(_ByteOrder, "sqlite")
def _sqlite_bytes(element: _ByteOrder, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(_ByteOrder, "postgresql")
def _postgresql_bytes(element: _ByteOrder, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw) + ' COLLATE "C"'


def _ordered(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return _ByteOrder(column) if isinstance(column.type, String) else column
