"""Arithmetic of contribution months, which are strings 'YYYY-MM' everywhere in siweb.

As strings they sort and compare in time order, in Python and in every database.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date

from siweb.rules.errors import RuleError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


class MonthRefused(RuleError):
    """When a text is not a month 'YYYY-MM', or months are counted past year 9999."""


def parse_month(text: str) -> str:
    """Return `text` if it is a month from 0001-01 to 9999-12.

    :raises MonthRefused: otherwise.
    """
    month_index(text)
    return text


def month_index(month: str) -> int:
    """Return how many months lie between year 0's January and `month`.

    :raises MonthRefused: if `month` is not 'YYYY-MM'.
    """
    match = _MONTH.fullmatch(month)
    # No date has a year 0, so that first_day() of such a month would fail later and elsewhere.
    if match is None or match[1] == "0000":
        raise MonthRefused("month", text=month)
    return int(match[1]) * 12 + int(match[2]) - 1


def month_at(index: int) -> str:
    """Return the month of an index from `month_index`.

    :raises MonthRefused: before year 1 and after year 9999.
    """
    year, month = divmod(index, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise MonthRefused("month_range", year=year)
    return f"{year:04}-{month + 1:02}"


def add_months(month: str, count: int) -> str:
    """Return the month that lies `count` months later (earlier when negative)."""
    return month_at(month_index(month) + count)


def months_between(earlier: str, later: str) -> int:
    """Return how many months `later` lies after `earlier`; negative when it lies before."""
    return month_index(later) - month_index(earlier)


def months_through(first: str, last: str) -> Iterator[str]:
    """Yield every month from `first` to `last`, both included; nothing if `last` is earlier."""
    for index in range(month_index(first), month_index(last) + 1):
        yield month_at(index)


def month_of(day: date) -> str:
    """Return the month that `day` lies in."""
    return f"{day.year:04}-{day.month:02}"


def first_day(month: str) -> date:
    """Return the first day of `month`."""
    year, month_before = divmod(month_index(month), 12)
    return date(year, month_before + 1, 1)


def last_day(month: str) -> date:
    """Return the last day of `month`."""
    first = first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def corresponding_day(day: date, months: int) -> date:
    """Return the same day `months` later, or that month's last day if it has no such day.

    Civil Code, Article 202.
    """
    last = last_day(add_months(month_of(day), months))
    return last.replace(day=min(day.day, last.day))
