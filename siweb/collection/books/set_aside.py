"""Rows that several proofs go by, worked out once and kept in a temporary table.

A planner without statistics takes a grouped set for a handful of rows and goes through all of it
for each row beside it; of a temporary table it knows how many there are, and has an index.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import FromClause, Select, insert, text
from sqlalchemy.orm import Session

# The bases of a million people, so that none of their records is put on the disk to wait.
_MEGABYTES = 256


@contextmanager
def set_aside(session: Session, name: str, rows: Select[Any], *key: str) -> Iterator[FromClause]:
    """Keep rows for as long as the context lasts; `key` is what they are looked up by."""
    kept = rows.into(name, temporary=True)
    connection = session.connection()
    connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    connection.execute(kept)
    # SQLite wants to be told that the index is temporary as well.
    schema = "temp." if connection.dialect.name == "sqlite" else ""
    # The rest of the row is in the index, so that it is found by one look.
    columns = dict.fromkeys((*key, *kept.table.c.keys()))
    connection.execute(text(f"CREATE INDEX {schema}ix_{name} ON {name} ({', '.join(columns)})"))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {name}"))
    yield kept.table
    # After a failure the transaction is taken back, and the table with it.
    connection.execute(text(f"DROP TABLE {name}"))


@contextmanager
def numbered(session: Session, name: str, rows: Select[Any]) -> Iterator[FromClause]:
    """Keep rows that are looked up by their first column, a whole number of which none has another.

    SQLite finds a row by its number in a third of the time that an index of several columns takes.
    """
    kept = rows.into(name, temporary=True)
    connection = session.connection()
    connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    names = kept.table.c.keys()
    number, *others = (
        f"{each.key} {each.type.compile(connection.dialect)}" for each in kept.table.c
    )
    is_sqlite = connection.dialect.name == "sqlite"
    key = f"{names[0]} INTEGER PRIMARY KEY" if is_sqlite else f"{number} PRIMARY KEY"
    connection.execute(text(f"CREATE TEMPORARY TABLE {name} ({', '.join((key, *others))})"))
    connection.execute(insert(kept.table).from_select(names, rows))
    if not is_sqlite:
        connection.execute(text(f"ANALYZE {name}"))
    yield kept.table
    connection.execute(text(f"DROP TABLE {name}"))


@contextmanager
def whole_sets(session: Session) -> Iterator[None]:
    """Let statements join the whole of what they name, none row by row.

    PostgreSQL without statistics takes the records of a month for one, and looks through what is
    joined to them as often as there are records. What is joined stays in memory.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        session.execute(text("SET LOCAL enable_nestloop = off"))
        session.execute(text(f"SET LOCAL work_mem = '{_MEGABYTES}MB'"))
    yield
    if is_postgresql:
        session.execute(text("SET LOCAL enable_nestloop TO DEFAULT"))
        session.execute(text("SET LOCAL work_mem TO DEFAULT"))
