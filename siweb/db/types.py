"""Column types for what the law counts in: fen, months, instants and small fixed word lists."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    String,
    TypeDecorator,
    cast,
    func,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine

_HUNDRED, _DIGITS = 100, 6
_FIRST_DAY, _FIRST_INSTANT = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Fen(TypeDecorator[int]):
    """Money in fen; anything but a whole number is refused before it reaches the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError(f"money is whole fen, not {type(value).__name__}")
        return value


class Month(TypeDecorator[str]):
    """A month, 'YYYY-MM' for Python and the number YYYYMM in tables: short, read by people too.

    Both sort and compare alike.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value[:4]) * _HUNDRED + int(value[5:])

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None]:
        # The same months come again and again: each is written out once.
        return _WRITTEN_OUT.__getitem__


OFFICE = "000000"
"""Stands for the region of what belongs to none."""


class RegionCode(TypeDecorator[str]):
    """A region's six digits (GB/T 2260), a number in tables; what is no code is 0, and no region's.

    Codes come from addresses as well: nothing is found under a wrong one.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        # `isascii` first: `isdigit` and int() take digits of other scripts as well.
        return int(value) if len(value) == _DIGITS and value.isascii() and value.isdigit() else 0

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:06}"


def is_month(column: str) -> str:
    """Return the check that a column of months has months of a calendar in it."""
    of_year = f"{column} - {column} / 100 * 100"  # drivers take the sign of a remainder for theirs
    return f"{column} BETWEEN 100001 AND 999912 AND {of_year} BETWEEN 1 AND 12"


def year_of(month: Any) -> ColumnElement[int]:
    """Return the year of a column of months, in SQL."""
    return type_coerce(month, Integer()) // _HUNDRED


def number_of_month(month: Any) -> ColumnElement[int]:
    """Return which month of its year a column's is, 1 to 12, in SQL."""
    return type_coerce(month, Integer()) % _HUNDRED


def month_from(text: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a text 'YYYY-MM', or a longer one that begins so, as a column of months, in SQL."""
    digits = func.replace(func.substr(text, 1, 7), "-", "")
    return type_coerce(cast(digits, Integer()), Month())


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite drops the zone; what was written is UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A day of a large table: on SQLite the days since 1970, two bytes instead of ten."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Integer() if dialect.name == "sqlite" else Date()

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return (value - _FIRST_DAY).days

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        if value is None or dialect.name != "sqlite":
            found: date | None = value
            return found
        return _FIRST_DAY + timedelta(days=value)


class Instant(TypeDecorator[datetime]):
    """An aware instant of a large table: on SQLite the microseconds since 1970 in UTC.

    Not seconds: what was sealed to the microsecond has to stay so.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs its time zone")
        if dialect.name != "sqlite":
            return value.astimezone(UTC)
        return (value - _FIRST_INSTANT) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name != "sqlite":
            found: datetime = value.astimezone(UTC)
            return found
        return _FIRST_INSTANT + int(value) * _MICROSECOND


class _WrittenDay(GenericFunction[date]):
    name = "written_day"
    type = Date()
    inherit_cache = True


class _WrittenInstant(GenericFunction[datetime]):
    name = "written_instant"
    type = UtcDateTime()
    inherit_cache = True


def written_day(column: Any) -> ColumnElement[date]:
    """Return a `Day` as other tables write theirs, to be compared with them in SQL."""
    return _WrittenDay(column)


def written_instant(column: Any) -> ColumnElement[datetime]:
    """Return an `Instant` as other tables write theirs, to be compared with them in SQL."""
    return _WrittenInstant(column)


@compiles(_WrittenDay, "postgresql")
@compiles(_WrittenInstant, "postgresql")
def _postgresql_moment(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(_WrittenDay, "sqlite")
def _sqlite_day(element: _WrittenDay, compiler: SQLCompiler, **kw: Any) -> str:
    days = compiler.process(element.clauses, **kw)
    return f"strftime('%Y-%m-%d', ({days}) * 86400, 'unixepoch')"


@compiles(_WrittenInstant, "sqlite")
def _sqlite_instant(element: _WrittenInstant, compiler: SQLCompiler, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return (
        f"strftime('%Y-%m-%d %H:%M:%S', ({moment}) / 1000000, 'unixepoch')"
        f" || printf('.%06d', ({moment}) % 1000000)"
    )


class _Months(dict[int | None, str | None]):
    def __missing__(self, number: int) -> str:
        self[number] = month = f"{number // _HUNDRED:04}-{number % _HUNDRED:02}"
        return month


_WRITTEN_OUT = _Months({None: None})


class WordSet(TypeDecorator[frozenset[Any]]):
    """Some words of a fixed list, as text with spaces between them; NULL where nothing is said."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[StrEnum], length: int = 60) -> None:
        super().__init__(length)
        self.enum = enum

    def process_bind_param(self, value: frozenset[Any] | None, dialect: Dialect) -> str | None:
        # In the order of the enumeration: the same set is the same text, and seals compare texts.
        return None if value is None else " ".join(word for word in self.enum if word in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Any] | None:
        return None if value is None else frozenset(map(self.enum, value.split()))


def word(enum: type[StrEnum], name: str, length: int = 24) -> Enum:
    """Return a column type for a fixed word list: text with a check, the same on every database.

    Native enum types are avoided since adding a word to one is a migration of its own kind.
    """
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda words: [item.value for item in words],
    )
