"""What waits for somebody, asked of many subjects in one statement.

Each subject says what of it waits as a question of the same columns; whoever shows them puts the
questions together with `all_of`. Each is bounded, so that a page stays short whatever the data.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

# Of one kind; a page says that there are more.
MOST = 21


class Matter(NamedTuple):
    """One thing that waits: its kind, what leads to it, whose it is, its month, its last day.

    `fen` is what it is about, `number` how many it stands for. What a kind has not is None.
    """

    kind: str
    key: str | None = None
    name: str | None = None
    month: str | None = None
    last_day: date | None = None
    fen: int | None = None
    number: int | None = None


def matter(
    kind: str,
    *,
    key: Any = None,
    name: Any = None,
    month: Any = None,
    last_day: Any = None,
    fen: Any = None,
    number: Any = None,
) -> list[ColumnElement[Any]]:
    """Return the columns of a question, in their order and with their types."""
    return [
        literal(kind, String()).label("kind"),
        _nothing(String(), "key") if key is None else cast(key, String()).label("key"),
        _column(name, String(), "name"),
        _column(month, Integer(), "month"),
        _column(last_day, Date(), "last_day"),
        _column(fen, BigInteger(), "fen"),
        _column(number, Integer(), "number"),
    ]


def all_of(questions: Sequence[Select[Any]]) -> CompoundSelect[Any]:
    """Return one statement that asks all questions, each bounded.

    To put it together costs more than to run it: do it once, with parameters in the questions.
    """
    return union_all(*(select(question.limit(MOST).subquery()) for question in questions))


def ask(
    session: Session, statement: CompoundSelect[Any], parameters: Mapping[str, Any]
) -> list[Matter]:
    """Return the answers to all questions, those with the nearest last day first; one statement."""
    rows = session.connection().execute(statement, parameters)
    found = [
        Matter(row[0], row[1], row[2], _written(row[3]), row[4], _whole(row[5]), row[6])
        for row in rows
        if row[6] != 0
    ]
    return sorted(found, key=lambda matter: matter.last_day or date.max)


def _column(value: Any, kind: Any, name: str) -> ColumnElement[Any]:
    return _nothing(kind, name) if value is None else type_coerce(value, kind).label(name)


def _nothing(kind: Any, name: str) -> ColumnElement[Any]:
    # SQLite would make a number of a day that is cast; nothing stays nothing.
    return cast(null(), kind).label(name)


def _whole(fen: Any) -> int | None:
    # A sum of 64-bit numbers is of another type on PostgreSQL.
    return None if fen is None else int(fen)


def _written(month: int | None) -> str | None:
    return None if month is None else f"{month // 100:04}-{month % 100:02}"
