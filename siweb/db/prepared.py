"""Statements of the pages that everybody opens, made into text once for a process.

For each run SQLAlchemy looks a statement up by all that it is made of, makes its parameters and an
object for its result; of the short statements of a page that is two thirds of the time. On SQLite
these go straight to the driver. On PostgreSQL the way to the server costs more than all of this:
there SQLAlchemy runs them as any other.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Dialect, Select, inspect, select

Process = Callable[[Any], Any]
Narrow = Callable[[Select[*tuple[Any, ...]]], Select[*tuple[Any, ...]]]
_SQLITE = "sqlite"


class _OnSqlite:
    """A statement as SQLite's driver takes it, and what makes Python's values of its own."""

    def __init__(
        self, statement: Select[*tuple[Any, ...]], dialect: Dialect, asked: Mapping[str, Any]
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        # With the lists of values written out that the statement has by itself.
        state = compiled.construct_expanded_state(asked)
        self.text = str(state.statement)
        # Of each place its name and what makes the driver's value of one; where the statement has
        # a value of its own, that value.
        self._places: list[tuple[str, Process | None, Any]] = []
        for name in state.positiontup:
            bound = compiled.binds.get(name)
            if bound is not None and bound.required:
                self._places.append((name, _to_driver(bound.type, dialect), None))
                continue
            process = (
                state.processors.get(name) if bound is None else _to_driver(bound.type, dialect)
            )
            value = state.parameters[name]
            self._places.append(("", None, value if process is None else process(value)))
        # A list that is given would make another text each time.
        assert not asked.keys() & state.parameter_expansion.keys()
        processes = [_from_driver(column.type, dialect) for column in statement.selected_columns]
        self._processes = processes if any(processes) else None

    def values(self, asked: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of the places, in their order."""
        return tuple(
            [
                fixed if not name else asked[name] if process is None else process(asked[name])
                for name, process, fixed in self._places
            ]
        )

    def row(self, found: Sequence[Any]) -> Sequence[Any]:
        """Return a row with Python's values."""
        if self._processes is None:
            return found
        return tuple(
            [
                value if process is None else process(value)
                for value, process in zip(found, self._processes, strict=True)
            ]
        )


class Prepared:
    """A statement over plain columns that every request runs; its rows are plain tuples."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._on_sqlite: _OnSqlite | None = None

    def all(self, connection: Connection, asked: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Return every row."""
        if connection.dialect.name == _SQLITE:
            made = self._made(connection, asked)
            try:
                return [*map(made.row, self._run(connection, made, asked))]
            except sqlite3.Error:
                # Run once more below: whoever waits for failures knows SQLAlchemy's.
                pass
        return connection.execute(self._statement, asked).all()

    def first(self, connection: Connection, asked: Mapping[str, Any]) -> Sequence[Any] | None:
        """Return the first row, None without any."""
        rows = self.all(connection, asked)
        return rows[0] if rows else None

    def _made(self, connection: Connection, asked: Mapping[str, Any]) -> _OnSqlite:
        if self._on_sqlite is None:
            self._on_sqlite = _OnSqlite(self._statement, connection.dialect, asked)
        return self._on_sqlite

    def _run(
        self, connection: Connection, made: _OnSqlite, asked: Mapping[str, Any]
    ) -> Sequence[Any]:
        if not connection.in_transaction():
            connection.begin()
        text, values = made.text, made.values(asked)
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.cursor()
        # Counts and traces listen to these, and so do tests: to them it is a statement as any.
        for before in connection.dispatch.before_cursor_execute:
            text, values = before(connection, cursor, text, values, None, False)
        cursor.execute(text, values)
        for after in connection.dispatch.after_cursor_execute:
            after(connection, cursor, text, values, None, False)
        found: Sequence[Any] = cursor.fetchall()
        return found


class PreparedRows:
    """A statement that finds a row of each of some tables, as objects, for what is only shown.

    A session looks each object up among those that it holds, and follows whatever is changed in
    it; a page that is asked for by GET changes nothing. These have all that is in the row, and
    nobody watches over them: a session that is given one takes it for a new row.
    """

    def __init__(self, models: tuple[type[Any], ...], narrow: Narrow) -> None:
        columns = [model.__table__.c for model in models]
        self._prepared = Prepared(narrow(select(*[each for of in columns for each in of])))
        self._models = models
        self._names = [tuple(of.keys()) for of in columns]

    def first(self, connection: Connection, asked: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the objects of the first row, None without any row."""
        row = self._prepared.first(connection, asked)
        if row is None:
            return None
        found: list[Any] = []
        start = 0
        for make, names in zip(self._makes, self._names, strict=True):
            values = row[start : start + len(names)]
            start += len(names)
            if values[0] is None:  # its key: nothing was joined
                found.append(None)
                continue
            made = make()
            vars(made).update(zip(names, values, strict=True))
            found.append(made)
        return tuple(found)

    @cached_property
    def _makes(self) -> list[Callable[[], Any]]:
        # When it is first asked: by then every table has been declared.
        return [inspect(model).class_manager.new_instance for model in self._models]


def _to_driver(type_: Any, dialect: Dialect) -> Process | None:
    process: Process | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return process


def _from_driver(type_: Any, dialect: Dialect) -> Process | None:
    process: Process | None = type_.dialect_impl(dialect).result_processor(dialect, None)
    return process
