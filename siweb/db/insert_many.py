"""Thousands of rows into one table, by the shortest way that each database has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.db.json_text import json_text
from siweb.db.sealing.columns import PartlySealed


def insert_many(
    session: Session, table: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows, each with a value for every column named; the others stay empty.

    Values are as the columns' types take them. Nothing is returned, and defaults of Python are
    not filled in: what costs more than the rows themselves is left out.

    :raises IntegrityError: when a row is there already, as the ORM says it.
    """
    try:
        _insert(session.connection(), table, names, rows)
    except Exception as error:
        # COPY and the driver below SQLAlchemy raise errors of their own, which nobody catches.
        # By name: PEP 249 gives every driver a class of that name, and no common base.
        if not any(base.__name__ == "IntegrityError" for base in type(error).__mro__):
            raise
        raise IntegrityError(f"insert into {table.name}", None, error) from error


def _insert(
    connection: Connection, table: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    columns = [table.c[name] for name in names]
    as_kept = _kept([column.type for column in columns], connection, rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, as_kept)
        return
    marks = ", ".join("?" for _name in names)
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    driver: Any = connection.connection.dbapi_connection
    driver.executemany(statement, as_kept)


def _copy(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    driver: Any = connection.connection.dbapi_connection
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _kept(
    types: Sequence[Any], connection: Connection, rows: Iterable[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    converted = [
        (place, convert)
        for place, of_type in enumerate(types)
        if (convert := _converter(of_type, connection)) is not None
    ]
    for row in rows:
        kept = list(row)
        for place, convert in converted:
            kept[place] = convert(kept[place])
        yield kept


def _converter(of_type: Any, connection: Connection) -> Callable[[Any], Any] | None:
    if isinstance(of_type, JSON):
        return json_text
    if isinstance(of_type, PartlySealed):
        return lambda value: json_text(of_type.sealed(value))
    found: Callable[[Any], Any] | None = of_type.dialect_impl(connection.dialect).bind_processor(
        connection.dialect
    )
    return found
