"""Numbers that tell the rows of one owner (a person, a bill) apart, in the order they came in.

They are part of a natural key, and no two rows of an owner have the same; those of two owners say
nothing of each other. SQLite has one writer at a time: it takes the number after the owner's last,
by the key. On PostgreSQL several write for one owner at once: there a sequence counts for the
whole table, so that nobody waits.
"""

from collections.abc import Mapping
from collections.abc import Sequence as Columns
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Sequence,
    event,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from siweb.db.among import among


def counted_by(table: str) -> Sequence:
    """Return what counts a table's rows on PostgreSQL: for the column of their numbers."""
    return Sequence(f"{table}_number")


def number_rows(number: InstrumentedAttribute[int], *owner: InstrumentedAttribute[Any]) -> None:
    """Let rows that a session adds take the next number of their owner, the key's first columns."""

    def take(_mapper: Any, connection: Connection, row: Any) -> None:
        # On PostgreSQL the column's sequence is its default, and counts by itself.
        if connection.dialect.name == "sqlite" and getattr(row, number.key) is None:
            # Worked out as the row is written: of several at once each counts those before it.
            of = {part: literal(getattr(row, part.key), part.type) for part in owner}
            setattr(row, number.key, _after_the_last(number, of) + 1)

    event.listen(number.class_, "before_insert", take)


def next_number(
    number: InstrumentedAttribute[int],
    of: Mapping[InstrumentedAttribute[Any], Any],
    order_by: Columns[Any] = (),
) -> ColumnElement[int]:
    """Return the numbers of rows that a SELECT adds, in SQL; of one owner in the order given.

    Without an order it adds no two rows of an owner.
    """
    place: Any = 1
    if order_by:
        place = func.row_number().over(partition_by=list(of.values()), order_by=order_by)
    name: ColumnElement[str] = literal_column(f"'{counted_by(number.class_.__tablename__).name}'")
    return _Next(name, _after_the_last(number, of) + place)


def take_numbers(
    session: Session,
    number: InstrumentedAttribute[int],
    owner: Columns[InstrumentedAttribute[Any]],
    owners: Columns[Columns[Any]],
) -> list[int]:
    """Return a number for each row of a list that is about to be added; `owners` say whose it is.

    The first column of the owner is a whole number: few of the table's rows are looked at.
    """
    if session.get_bind().dialect.name == "postgresql":
        each = func.generate_series(1, len(owners)).table_valued("value")
        counted = counted_by(number.class_.__tablename__).next_value()
        return list(session.scalars(select(counted).select_from(each)))
    query = (
        select(*owner, func.max(number))
        .where(among(owner[0], {first for first, *_others in owners}))
        .group_by(*owner)
    )
    last = {tuple(found[:-1]): int(found[-1]) for found in session.execute(query)}
    numbers = []
    for of in map(tuple, owners):
        last[of] = last.get(of, 0) + 1
        numbers.append(last[of])
    return numbers


def _after_the_last(
    number: InstrumentedAttribute[int], of: Mapping[InstrumentedAttribute[Any], Any]
) -> ColumnElement[int]:
    rows = number.class_.__table__.alias("numbered")
    last = select(func.max(rows.c[number.key])).where(
        *(rows.c[part.key] == value for part, value in of.items())
    )
    return func.coalesce(last.correlate_except(rows).scalar_subquery(), 0)


class _Next(FunctionElement[int]):
    type = BigInteger()
    inherit_cache = True


@compiles(_Next, "sqlite")
def _sqlite_number(element: _Next, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(list(element.clauses)[1], **kw)


@compiles(_Next, "postgresql")
def _postgresql_number(element: _Next, compiler: SQLCompiler, **kw: Any) -> str:
    return f"nextval({compiler.process(next(iter(element.clauses)), **kw)})"
