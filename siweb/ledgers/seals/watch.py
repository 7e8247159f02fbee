"""Write a row of `book_change` beside every lawful change of a sealed row, whatever makes it.

A deed cannot forget it: whatever a session flushes or updates passes here. What is changed past
every session has no such row, and `siweb check` names it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Result,
    Update,
    bindparam,
    event,
    func,
    insert,
    inspect,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from siweb import clock
from siweb.db.among import among
from siweb.db.base import Base
from siweb.ledgers.seals.sealed_book import GONE, SealedBook, cell_text, day_of
from siweb.ledgers.tables.book_change import BookChange

_WAITING = "book_changes"
# Rows that are named one by one in a statement; of more it is only counted that they are the same.
_NAMED = 1000
_THERE, _NOT_THERE = "true", "false"
_ROW = ("region_code", "book", "recorded_on", "row_key", "column_name")
_SAYS = ("was", "now", "changed_at")
Key = tuple[Any, ...]


class Unwatched(RuntimeError):
    """A statement that would change sealed rows in a way that cannot be written down."""


@dataclass(frozen=True, slots=True)
class _Before:
    book: SealedBook
    rows: dict[Key, Sequence[Any]]


class ChangeWatch:
    """Stands between all sessions of the process and the books whose rows change lawfully."""

    def __init__(self, books: Iterable[SealedBook]) -> None:
        self._books = {book.name: book for book in books if book.has_changes}
        self._attributes: dict[Mapper[Any], tuple[SealedBook, tuple[str, ...]] | None] = {}

    def begin(self) -> None:
        """Watch every session from here on."""
        event.listen(Session, "before_flush", self._before_flush)
        event.listen(Session, "after_flush", self._after_flush)
        event.listen(Session, "do_orm_execute", self._around_statement, retval=True)

    def _before_flush(self, session: Session, _context: Any, _instances: Any) -> None:
        touched: dict[str, list[Key]] = {}
        for instance in (*session.dirty, *session.deleted):
            state = inspect(instance)
            watched = self._watched(state.mapper)
            if watched is None:
                continue
            book, names = watched
            goes = book.may_go and instance in session.deleted
            if goes or any(state.attrs[name].history.has_changes() for name in names):
                touched.setdefault(book.name, []).append(state.identity)
        # Read before the flush: behind it nobody knows what was there.
        session.info[_WAITING] = [
            _Before(self._books[name], _read(session.connection(), self._books[name], keys))
            for name, keys in touched.items()
        ]

    def _after_flush(self, session: Session, _context: Any) -> None:
        for before in session.info.pop(_WAITING, ()):
            _write(session.connection(), before)

    def _watched(self, mapper: Mapper[Any]) -> tuple[SealedBook, tuple[str, ...]] | None:
        """Return the book of a mapper, with the attributes of its changing columns."""
        if mapper not in self._attributes:
            book = self._books.get(getattr(mapper.local_table, "name", ""))
            self._attributes[mapper] = None if book is None else (book, _names(mapper, book))
        return self._attributes[mapper]

    def _around_statement(self, state: ORMExecuteState) -> Result[Any] | None:
        statement: Any = state.statement
        if isinstance(statement, Insert):
            self._refuse_upsert(statement)
        if not isinstance(statement, Update | Delete) or (book := self._changes(statement)) is None:
            return None
        session = state.session
        # What the session still has in hand would be
        # written after the rows were read, and pass unseen.
        if session.autoflush:
            session.flush()
        connection = session.connection()
        which = select(*book.table.primary_key).where(*statement._where_criteria)  # noqa: SLF001
        locked = connection.execute(which.with_for_update(of=book.table))
        keys = list({tuple(row) for row in locked})
        before = _Before(book, _read(connection, book, keys))
        if len(keys) <= _NAMED:
            statement = statement.where(_is_one_of(book, keys))
        result: Any = state.invoke_statement(statement=statement)
        # The condition met rows that nobody read before: there is no "was" to write down for them.
        if result.rowcount > len(keys):
            raise Unwatched(f"{book.name}: other rows came in between; try again")
        if statement._returning:  # noqa: SLF001
            result = result.freeze()()  # its cursor is needed for what follows
        _write(connection, before)
        return result  # type: ignore[no-any-return]

    def _refuse_upsert(self, statement: Any) -> None:
        """Refuse to write over sealed rows by an INSERT, which tells nobody what was there."""
        clause = statement._post_values_clause  # noqa: SLF001
        if statement.table.name in self._books and hasattr(clause, "update_values_to_set"):
            raise Unwatched(f"{statement.table.name}: look first, and change what is there")

    def _changes(self, statement: Any) -> SealedBook | None:
        """Return the book of which a statement changes what is watched."""
        book = self._books.get(statement.table.name)
        if book is None:
            return None
        if isinstance(statement, Delete):
            return book if book.may_go else None
        values = statement._values  # noqa: SLF001
        if values is None:
            raise Unwatched(f"{book.name}: an update must say its values")
        names = {getattr(column, "name", column) for column in values}
        return book if names & set(book.changing) else None


def _names(mapper: Mapper[Any], book: SealedBook) -> tuple[str, ...]:
    return tuple(mapper.get_property_by_column(book.table.c[name]).key for name in book.changing)


def _read(connection: Connection, book: SealedBook, keys: Sequence[Key]) -> dict[Key, Any]:
    """Return the rows that count among those with some keys, locked until the end."""
    own = tuple(book.table.primary_key)
    found: dict[Key, Any] = {}
    for start in range(0, len(keys), _NAMED):
        query = (
            book.rows()
            .add_columns(*(column.label(f"own_{place}") for place, column in enumerate(own)))
            .where(_is_one_of(book, keys[start : start + _NAMED]))
            .with_for_update(of=book.table)
        )
        for row in connection.execute(query):
            found[tuple(row[-len(own) :])] = row[: -len(own)]
    return found


def _is_one_of(book: SealedBook, keys: Sequence[Key]) -> ColumnElement[bool]:
    own = tuple(book.table.primary_key)
    if not keys:
        # Not false(): it would swallow the other conditions, and with them what joins the tables.
        return own[0].in_([])
    if len(own) == 1:
        return among(own[0], [key[0] for key in keys])
    return tuple_(*own).in_(keys)


def _write(connection: Connection, before: _Before) -> None:
    after = _read(connection, before.book, list(before.rows))
    changes = [
        change
        for key, row in before.rows.items()
        for change in _changes_between(before.book, row, after.get(key))
    ]
    if changes:
        connection.execute(_insert(), changes)


def _changes_between(book: SealedBook, old: Any, new: Any) -> Iterator[dict[str, Any]]:
    changed: list[tuple[str, str, str]] = []
    if new is not None:
        for column, place in book.places().items():
            changed.append((column, cell_text(old[place]), cell_text(new[place])))
    elif book.may_go:
        changed.append((GONE, _THERE, _NOT_THERE))
    for column, was, now in changed:
        if was != now:
            yield {
                "of_region_code": old[0],
                "of_book": book.name,
                "of_recorded_on": day_of(old[1]),
                "of_row_key": book.key_text(old),
                "of_column_name": column,
                "was": book.as_kept(column, was),
                "now": book.as_kept(column, now),
                "changed_at": clock.now(),
            }


def _insert() -> Any:
    """Return the statement that adds a change after those of its column so far."""
    table = Base.metadata.tables[BookChange.__tablename__]
    row = {name: bindparam(f"of_{name}", type_=table.c[name].type) for name in _ROW}
    before = table.alias("before")
    place = select(func.coalesce(func.max(before.c.place), 0) + 1).where(
        *(before.c[name] == value for name, value in row.items())
    )
    given = {
        name: bindparam(name, type_=table.c[name].type) for name in ("was", "now", "changed_at")
    }
    return insert(table).values({**row, "place": place.scalar_subquery(), **given})
