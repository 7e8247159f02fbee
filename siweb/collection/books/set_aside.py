"""Rows that several proofs go by, worked out once and kept in a temporary table.

A planner without statistics takes a grouped set for a handful of rows and goes through all of it
for each row beside it; of a temporary table it knows how many there are, and has an index.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import FromClause, Select, text
from sqlalchemy.orm import Session


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
def whole_sets(session: Session) -> Iterator[None]:
    """Let statements join the whole of what they name, none row by row.

    PostgreSQL without statistics takes the records of a month for one, and looks through what is
    joined to them as often as there are records.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        session.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    if is_postgresql:
        session.execute(text("SET LOCAL enable_nestloop = on"))
