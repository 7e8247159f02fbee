"""What a queue's lines have in common: the columns of each question, and one line as it is read.

A subject says what of it waits as a question that counts (`count_open_complaints`). The same
question with other columns gives the lines, so that a number and its list can never disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Date, Integer, Label, String, cast, null, type_coerce

from siweb.clock import office_day
from siweb.db.base import Key
from siweb.db.types import UtcDateTime

Columns = tuple[Label[Any], ...]
# A key of several parts is one text in the question; none of the parts has a space in it.
APART = " "


class Line(NamedTuple):
    """One thing that waits: what leads to it, by when, since when, whose it is, who made it.

    `what` is a code in the words of its kind, `fen` what it is about. What a kind has not is None.
    """

    queue: int
    key: str
    due_on: date | None
    since_on: date | None
    since_at: datetime | None
    what: str | None
    fen: int | None
    name: str | None
    person_id: int | None
    employer_id: int | None
    maker_id: int | None
    holder_id: int | None
    person: str | None = None
    employer: str | None = None
    maker: str | None = None
    maker_person_id: int | None = None
    holder: str | None = None
    holder_person_id: int | None = None

    @property
    def since(self) -> date | None:
        """Return the day on which it began to wait."""
        return office_day(self.since_at) if self.since_at else self.since_on


@dataclass(frozen=True, slots=True)
class Kind:
    """How the lines of a queue are asked for, where each leads to, and how it is worded."""

    # What tells its cases from those of others: several queues may show the same ones.
    of: str
    columns: Columns
    endpoint: str
    # What the address is given, in the order of the parts of the key; none: the list as a whole.
    values: tuple[str, ...] = ()
    words: Mapping[Any, Any] | Callable[[str], Any] | None = None

    @property
    def bare(self) -> dict[str, Any]:
        """Return what stands behind the columns, by their names: to compare and to order by."""
        return {column.name: column.element for column in self.columns}

    def address(self, line: Line) -> tuple[str, dict[str, str]]:
        """Return the endpoint that shows a line, and the values of its address."""
        parts = line.key.split(APART) if self.values else ()
        return self.endpoint, dict(zip(self.values, parts, strict=True))

    def says(self, line: Line) -> Any:
        """Return what a line is about in words, as far as its kind says more than its name."""
        if self.words is None or line.what is None:
            return ""
        return self.words(line.what) if callable(self.words) else self.words.get(line.what, "")


def line(
    key: Any,
    *,
    due_on: Any = None,
    since_on: Any = None,
    since_at: Any = None,
    what: Any = None,
    fen: Any = None,
    name: Any = None,
    person_id: Any = None,
    employer_id: Any = None,
    maker_id: Any = None,
) -> Columns:
    """Return the columns of a question but for the queue's place, in their order and types."""
    return (
        cast(key, String).label("key"),
        _column(due_on, Date(), "due_on"),
        _column(since_on, Date(), "since_on"),
        _column(since_at, UtcDateTime(), "since_at"),
        _column(what, String(), "what"),
        _column(fen, BigInteger(), "fen"),
        _column(name, String(), "name"),
        _column(person_id, Key, "person_id"),
        _column(employer_id, Key, "employer_id"),
        _column(maker_id, Integer(), "maker_id"),
    )


def _column(value: Any, kind: Any, name: str) -> Label[Any]:
    # Parts of a union agree in their types on PostgreSQL, a bare NULL is text there.
    return cast(null(), kind).label(name) if value is None else type_coerce(value, kind).label(name)
