"""Column types for what the law counts in: fen, months, instants and small fixed word lists."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Integer,
    TypeDecorator,
    cast,
    func,
    type_coerce,
)

_HUNDRED, _DIGITS = 100, 6


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


class RegionCode(TypeDecorator[str]):
    """A region's six digits (GB/T 2260), a number in tables; what is no code is 0, and no region's.

    Codes come from addresses as well: nothing is found under a wrong one.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
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


class _Months(dict[int | None, str | None]):
    def __missing__(self, number: int) -> str:
        self[number] = month = f"{number // _HUNDRED:04}-{number % _HUNDRED:02}"
        return month


_WRITTEN_OUT = _Months({None: None})


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
