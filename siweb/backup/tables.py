"""Read the rows of every table in one snapshot, and write them into an empty database."""

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Cells
from contextlib import contextmanager
from itertools import islice
from typing import Any

from psycopg.errors import ForeignKeyViolation
from sqlalchemy import Connection, Engine, Sequence, Table, inspect, text

from siweb import clock, schema
from siweb.backup.manifest import TableInBackup
from siweb.backup.values import Form, changes, form_of, written
from siweb.db.engine import READ_ONLY, REFERENCES_LATER
from siweb.ledgers.month_tables.hold import hold_month, hold_region
from siweb.ledgers.tables.contribution_record import RECORDS

# Rows that pass through memory at once.
_ROWS = 5_000
# Made anew from the code with the schema.
_MADE_WITH_SCHEMA = {"code_name"}
# On SQLite a file of its own: see siweb/audit/access_log/store.py.
ACCESS_LOG = "access_log_entry"

Row = Cells[Any]


class CannotRestore(Exception):
    """A backup has no place here, or not all that it needs; the message says what to do."""


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the office as it is at this moment, whoever writes meanwhile."""
    options: dict[str, Any] = {READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        # SQLite's readers see one state by themselves.
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def tables_to_keep() -> list[Table]:
    """Return the tables of a backup, each after those that its rows refer to."""
    return [table for table in schema.metadata.sorted_tables if table.name not in _MADE_WITH_SCHEMA]


def columns_of(table: Table) -> tuple[tuple[str, Form], ...]:
    """Return a table's columns with the form of their values; what is computed is left out."""
    return tuple(
        (column.name, form_of(column.type)) for column in table.columns if column.computed is None
    )


def read_rows(connection: Connection, table: Table) -> Iterator[list[Any]]:
    """Yield a table's rows, written, in the order of its key."""
    columns = columns_of(table)
    is_postgresql = connection.dialect.name == "postgresql"
    # A driver must not read JSON: seals are over its very characters.
    names = ", ".join(
        f'"{name}"::text' if is_postgresql and form is Form.JSON else f'"{name}"'
        for name, form in columns
    )
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    statement = text(f'SELECT {names} FROM "{table.name}" ORDER BY {order}')  # noqa: S608
    forms = [form for _name, form in columns]
    rows = connection.execution_options(stream_results=True, max_row_buffer=_ROWS).execute(
        statement
    )
    for row in rows:
        yield [written(value, form) for value, form in zip(row, forms, strict=True)]


def empty_tables(engine: Engine) -> bool:
    """Return whether nobody wrote anything into a database that has its tables."""
    with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        return not any(
            connection.scalar(text(f'SELECT EXISTS (SELECT 1 FROM "{name}")'))  # noqa: S608
            for name in inspect(connection).get_table_names()
            if name not in {*_MADE_WITH_SCHEMA, "alembic_version"}
        )


def empty_out(engine: Engine) -> None:
    """Take every row out of a database again."""
    with engine.execution_options(**{REFERENCES_LATER: True}).begin() as connection:
        names = [
            f'"{name}"'
            for name in inspect(connection).get_table_names()
            if name not in {*_MADE_WITH_SCHEMA, "alembic_version"}
        ]
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"TRUNCATE {', '.join(names)}")
            return
        for name in names:
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection for all rows of a backup: every reference proved, or nothing written."""
    later = engine.execution_options(**{REFERENCES_LATER: True})
    with later.begin() as connection:
        yield connection
        if connection.dialect.name != "sqlite":
            return
        # None was looked up as rows came in.
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise CannotRestore(
                f"A row of {broken[0]} refers to a row of {broken[2]} that is gone."
            )


def write_rows(connection: Connection, kept: TableInBackup, rows: Iterable[Row]) -> None:
    """Write a table's rows as the database at hand keeps them."""
    names = [name for name, _form in kept.columns]
    forms = [form for _name, form in kept.columns]
    if connection.dialect.name == "postgresql":
        _copy(connection, kept.name, names, _changed(rows, changes(forms, None)))
        return
    found = connection.exec_driver_sql(f'PRAGMA table_info("{kept.name}")')
    declared = {row[1]: row[2] for row in found}
    types = [declared[name] for name in names]
    changed = _changed(rows, changes(forms, types))
    marks = ", ".join("?" * len(names))
    statement = f'INSERT INTO "{kept.name}" ({_quoted(names)}) VALUES ({marks})'  # noqa: S608
    while some := list(islice(changed, _ROWS)):
        connection.exec_driver_sql(statement, [tuple(row) for row in some])


def _copy(connection: Connection, table: str, names: list[str], rows: Iterator[list[Any]]) -> None:
    driver: Any = connection.connection.dbapi_connection
    held: set[tuple[int, int]] = set()
    region, month = (
        (names.index("region_code"), names.index("contribution_month"))
        if table == RECORDS.name
        else (0, 0)
    )
    while some := list(islice(rows, _ROWS)):
        if table == RECORDS.name:
            # A month of records is a table of its own there.
            for place in {(row[region], row[month]) for row in some} - held:
                hold_region(connection, RECORDS, place[0])
                hold_month(connection, RECORDS, *place, open_from=_open_from())
                held.add(place)
        try:
            with (
                driver.cursor() as cursor,
                cursor.copy(f'COPY "{table}" ({_quoted(names)}) FROM STDIN') as copy,
            ):
                for row in some:
                    copy.write_row(row)
        except ForeignKeyViolation as error:
            raise CannotRestore(f"A row of {table} refers to a row that is gone.") from error


def _open_from() -> int:
    """Return the first month that is still levied: those before it share a part by year."""
    return (clock.today().year - 1) * 100 + 1


def _changed(rows: Iterable[Row], to: Cells[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            value if change is None or value is None else change(value)
            for value, change in zip(row, to, strict=True)
        ]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def count_on(connection: Connection) -> None:
    """Let PostgreSQL's sequences go on after the rows that brought their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in schema.metadata.sorted_tables:
        for column, sequence in _counted(connection, table):
            connection.execute(
                text(
                    f"SELECT setval('{sequence}', max(\"{column}\"), true)"  # noqa: S608
                    f' FROM "{table.name}" HAVING max("{column}") > 0'
                )
            )


def _counted(connection: Connection, table: Table) -> Iterator[tuple[str, str]]:
    """Yield a table's numbered columns, each with what counts it."""
    for column in table.columns:
        if isinstance(column.default, Sequence):
            yield column.name, column.default.name
    if (counted := table.autoincrement_column) is not None:
        names = {"table": table.name, "column": counted.name}
        owned = text("SELECT pg_get_serial_sequence(:table, :column)")
        if (sequence := connection.scalar(owned, names)) is not None:
            yield counted.name, sequence
