"""What may stand in a pack's row: each kind of value reads its text, or says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from siweb.rules.errors import RuleError
from siweb.rules.money import fen_from_yuan
from siweb.rules.months import parse_month
from siweb.rules.rates import ppm_from_percent


class ValueRefused(ValueError):
    """When a value of a pack cannot be read; the message says what would be right."""


Reader = Callable[[Any], Any]


def money(value: Any) -> int:
    """Return fen from a string in yuan, "7162.00", or from whole yuan."""
    return _exact(value, fen_from_yuan, 'an amount in yuan as a string, such as "7162.00"')


def rate(value: Any) -> int:
    """Return ppm from a percent string, "9.8", or from a whole percent."""
    return _exact(
        value,
        ppm_from_percent,
        'a percentage as a string in whole parts per million, such as "9.8"',
    )


def month(value: Any) -> str:
    """Return a month 'YYYY-MM'."""
    try:
        return parse_month(value)
    except (RuleError, TypeError) as error:
        raise ValueRefused(f'{value!r} is not a month such as "2025-07"') from error


def day(value: Any) -> date:
    """Return a day, which TOML writes without quotes: 2025-09-18."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueRefused(f"{value!r} is not a day such as 2025-09-18 (without quotes)")


def whole(value: Any) -> int:
    """Return a whole number from zero up."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueRefused(f"{value!r} is not a whole number from zero up")


def flag(value: Any) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    raise ValueRefused(f"{value!r} is not true or false")


def text(value: Any) -> str:
    """Return a text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise ValueRefused(f"{value!r} is not a text")


def one_of(*words: str) -> Reader:
    """Return a reader for a word of a fixed list."""

    def read(value: Any) -> str:
        if value in words:
            return str(value)
        raise ValueRefused(f"{value!r} is not one of {', '.join(words)}")

    return read


def days(value: Any) -> frozenset[date]:
    """Return a set of days."""
    return frozenset(day(item) for item in _list(value))


def rates(value: Any) -> tuple[int, ...]:
    """Return a list of percentages in ppm."""
    return tuple(rate(item) for item in _list(value))


def pairs(value: Any) -> tuple[tuple[int, int], ...]:
    """Return pairs of whole numbers, in rising order of the first."""
    found = tuple((whole(first), whole(second)) for first, second in map(_pair, _list(value)))
    if list(found) != sorted(found) or len({first for first, _second in found}) < len(found):
        raise ValueRefused("the pairs are not in rising order")
    return found


def _pair(value: Any) -> tuple[Any, Any]:
    if isinstance(value, list) and len(value) == 2:  # noqa: PLR2004 - a pair
        return value[0], value[1]
    raise ValueRefused(f"{value!r} is not a pair such as [60, 12]")


def _list(value: Any) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    raise ValueRefused(f"{value!r} is not a list")


def _exact(value: Any, read: Callable[[str], int], wanted: str) -> int:
    if isinstance(value, float):
        raise ValueRefused(f"{value!r} is a binary fraction, which is not exact: write {wanted}")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueRefused(f"{value!r} is not {wanted}")
    try:
        return read(str(value))
    except RuleError as error:
        raise ValueRefused(f"{value!r} is not {wanted}") from error
