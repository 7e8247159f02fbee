"""What may stand in a pack's row: each kind of value reads its text, or says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from siweb.rules.calendar.months import month_of, parse_month
from siweb.rules.errors import RuleError
from siweb.rules.numbers.money import fen_from_yuan
from siweb.rules.numbers.rates import ppm_from_percent
from siweb.rules.parameters.row import Sentence


class ValueRefused(ValueError):
    """When a value of a pack cannot be read; `sentence` says what would be right."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


Reader = Callable[[Any], Any]
# Each a whole sentence: its parts would not stand in this order in another language.
_NO_FRACTION_OF_MONEY = (
    "%(value)s is a binary fraction, which is not exact: "
    'write an amount in yuan as a string, such as "7162.00"'
)
_NO_MONEY = '%(value)s is not an amount in yuan as a string, such as "7162.00"'
_NO_FRACTION_OF_RATE = (
    "%(value)s is a binary fraction, which is not exact: "
    'write a percentage as a string in whole parts per million, such as "9.8"'
)
_NO_RATE = '%(value)s is not a percentage as a string in whole parts per million, such as "9.8"'


def money(value: Any) -> int:
    """Return fen from a string in yuan, "7162.00", or from whole yuan."""
    return _exact(value, fen_from_yuan, _NO_FRACTION_OF_MONEY, _NO_MONEY)


def rate(value: Any) -> int:
    """Return ppm from a percent string, "9.8", or from a whole percent."""
    return _exact(value, ppm_from_percent, _NO_FRACTION_OF_RATE, _NO_RATE)


def month(value: Any) -> str:
    """Return a month 'YYYY-MM'."""
    try:
        return parse_month(value)
    except (RuleError, TypeError) as error:
        raise ValueRefused(
            Sentence('%(value)s is not a month such as "2025-07"', value=repr(value))
        ) from error


def start(value: Any) -> str:
    """Return the month that something starts with, from the month or from its first day.

    Parameters hang on contribution months, so that nothing can start within one.
    """
    # A moment is a date to Python as well, and TOML may hold either.
    if isinstance(value, date) and not isinstance(value, datetime):
        if value.day != 1:
            raise ValueRefused(Sentence("%(value)s is not the first day of a month", value=value))
        return month_of(value)
    return month(value)


def day(value: Any) -> date:
    """Return a day, which TOML writes without quotes: 2025-09-18."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueRefused(
        Sentence("%(value)s is not a day such as 2025-09-18 (without quotes)", value=repr(value))
    )


def whole(value: Any) -> int:
    """Return a whole number from zero up."""
    # Python takes True for 1: `most = true` would be a month.
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueRefused(Sentence("%(value)s is not a whole number from zero up", value=repr(value)))


def flag(value: Any) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    raise ValueRefused(Sentence("%(value)s is not true or false", value=repr(value)))


def text(value: Any) -> str:
    """Return a text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise ValueRefused(Sentence("%(value)s is not a text", value=repr(value)))


@dataclass(frozen=True, slots=True)
class OneOf:
    """A reader for a word of a fixed list."""

    words: tuple[str, ...]

    def __call__(self, value: Any) -> str:
        """Return the word."""
        if value in self.words:
            return str(value)
        raise ValueRefused(
            Sentence(
                "%(value)s is not one of %(words)s", value=repr(value), words=", ".join(self.words)
            )
        )


def one_of(*words: str) -> Reader:
    """Return a reader for a word of a fixed list, or of an enumeration of codes."""
    return OneOf(tuple(str(word) for word in words))


def region_code(value: Any) -> str:
    """Return a GB/T 2260 code of six digits, or CN for the nation."""
    if value == "CN" or (isinstance(value, str) and re.fullmatch("[0-9]{6}", value)):
        return str(value)
    raise ValueRefused(
        Sentence(
            '%(value)s is not a code of six digits such as "110000", or "CN"', value=repr(value)
        )
    )


def days(value: Any) -> frozenset[date]:
    """Return a set of days; a day that stands twice is surely a slip."""
    found = [day(item) for item in _list(value, empty=True)]
    for each in found:
        if found.count(each) > 1:
            raise ValueRefused(Sentence("%(value)s appears twice", value=each))
    return frozenset(found)


def rates(value: Any) -> tuple[int, ...]:
    """Return a list of percentages in ppm, at least one."""
    return tuple(rate(item) for item in _list(value))


def pairs(value: Any) -> tuple[tuple[int, int], ...]:
    """Return pairs of whole numbers, in rising order of the first."""
    found = tuple((whole(first), whole(second)) for first, second in map(_pair, _list(value)))
    if list(found) != sorted(found) or len({first for first, _second in found}) < len(found):
        raise ValueRefused(Sentence("the pairs are not in rising order"))
    return found


def _pair(value: Any) -> tuple[Any, Any]:
    if isinstance(value, list) and len(value) == 2:  # noqa: PLR2004 - a pair
        return value[0], value[1]
    raise ValueRefused(Sentence("%(value)s is not a pair such as [60, 12]", value=repr(value)))


def _list(value: Any, *, empty: bool = False) -> list[Any]:
    if isinstance(value, list) and (value or empty):
        return value
    if empty:
        raise ValueRefused(Sentence("%(value)s is not a list", value=repr(value)))
    raise ValueRefused(Sentence("%(value)s is not a list of at least one", value=repr(value)))


def _exact(value: Any, read: Callable[[str], int], fraction: str, other: str) -> int:
    # TOML's 9.8 is binary already when it arrives here: 9.8000000000000007 is past repair.
    if isinstance(value, float):
        raise ValueRefused(Sentence(fraction, value=repr(value)))
    try:
        return read(str(value))
    except RuleError as error:
        raise ValueRefused(Sentence(other, value=repr(value))) from error
