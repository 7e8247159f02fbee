"""Rows that several proofs go by, worked out once and kept in a temporary table.

A planner without statistics takes a grouped set for a handful of rows and goes through all of it
for each row beside it; of a temporary table it knows how many there are, and has an index.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    TableClause,
    column,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

# The bases of a million people, so that none of their records is put on the disk to wait.
_MEGABYTES = 256


def table_of(name: str, rows: Select[Any]) -> TableClause:
    """Return the table that rows are kept in, as statements name it.

    It is told by its name and columns. A `Table` made anew is another one each time: no statement
    that names it would be found among those that were compiled before.
    """
    return table(name, *(column(key, each.type) for key, each in rows.selected_columns.items()))


@contextmanager
def set_aside(session: Session, name: str, rows: Select[Any], *key: str) -> Iterator[FromClause]:
    """Keep rows for as long as the context lasts; `key` is what they are looked up by."""
    kept = table_of(name, rows)
    connection = session.connection()
    connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    connection.execute(rows.into(name, temporary=True))
    # SQLite wants to be told that the index is temporary as well.
    schema = "temp." if connection.dialect.name == "sqlite" else ""
    # The rest of the row is in the index, so that it is found by one look.
    columns = dict.fromkeys((*key, *kept.c.keys()))
    connection.execute(text(f"CREATE INDEX {schema}ix_{name} ON {name} ({', '.join(columns)})"))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {name}"))
    yield kept
    # After a failure the transaction is taken back, and the table with it.
    connection.execute(text(f"DROP TABLE {name}"))


@contextmanager
def numbered(
    session: Session, name: str, rows: Select[Any], newest_by: Sequence[str] = ()
) -> Iterator[FromClause]:
    """Keep rows that are looked up by their first column, a whole number of which none has another.

    Of several the newest stays, where `newest_by` names the columns that say which it is.

    SQLite finds a row by its number in a third of the time that an index of several columns takes,
    and the next number by a step. PostgreSQL joins such sets whole, and needs no key for that.
    """
    kept = table_of(name, rows)
    connection = session.connection()
    connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    if connection.dialect.name == "sqlite":
        _fill_by_number(connection, kept, rows, newest_by)
    else:
        filling = _newest(rows, newest_by) if newest_by else rows
        connection.execute(filling.into(name, temporary=True))
        # How many there are is what matters; how they are spread changes no plan.
        connection.execute(text("SET LOCAL default_statistics_target = 1"))
        connection.execute(text(f"ANALYZE {name}"))
        connection.execute(text("SET LOCAL default_statistics_target TO DEFAULT"))
    yield kept
    connection.execute(text(f"DROP TABLE {name}"))


def _fill_by_number(
    connection: Connection, kept: TableClause, rows: Select[Any], newest_by: Sequence[str]
) -> None:
    names = kept.c.keys()
    _number, *others = (f"{each.key} {each.type.compile(connection.dialect)}" for each in kept.c)
    # SQLite keeps the row itself under such a key: no index lies between.
    key = f"{names[0]} INTEGER PRIMARY KEY"
    connection.execute(text(f"CREATE TEMPORARY TABLE {kept} ({', '.join((key, *others))})"))
    fill = sqlite.insert(kept).from_select(names, rows)
    if newest_by:
        newer, older = ([row[each] for each in newest_by] for row in (fill.excluded, kept.c))
        fill = fill.on_conflict_do_update(
            index_elements=names[:1],
            set_={each: fill.excluded[each] for each in names[1:]},
            # Whichever of them comes first, the newest stays.
            where=tuple_(*newer) > tuple_(*older),
        )
    connection.execute(fill)


def _newest(rows: Select[Any], newest_by: Sequence[str]) -> Select[Any]:
    """Return the newest row of each number, sorted out in a set."""
    every = rows.subquery("every_row").c
    number = every[every.keys()[0]]
    newest_first = (every[each].desc() for each in newest_by)
    return select(*every).ext(distinct_on(number)).order_by(number, *newest_first)


@contextmanager
def without_helpers(session: Session) -> Iterator[None]:
    """Let PostgreSQL work at statements in this session's own process alone.

    It lends two more to each that reads some megabytes: beside sessions that have a processor each
    they take more of these by being begun than the statements themselves.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    yield
    if is_postgresql:
        session.execute(text("SET LOCAL max_parallel_workers_per_gather TO DEFAULT"))


@contextmanager
def whole_sets(session: Session) -> Iterator[None]:
    """Let statements join the whole of what they name, none row by row.

    PostgreSQL without statistics takes the records of a month for one, and looks through what is
    joined to them as often as there are records. What is joined stays in memory.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        # Of this transaction alone:
        # whatever becomes of it, the connection's next user plans as usual.
        session.execute(text("SET LOCAL enable_nestloop = off"))
        session.execute(text(f"SET LOCAL work_mem = '{_MEGABYTES}MB'"))
    yield
    if is_postgresql:
        session.execute(text("SET LOCAL enable_nestloop TO DEFAULT"))
        session.execute(text("SET LOCAL work_mem TO DEFAULT"))
