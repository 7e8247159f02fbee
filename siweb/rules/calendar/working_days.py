"""Working days: weekdays, without the State Council's holidays, with its working weekends.

The holidays come as dated tables, year by year. A year without a table is counted by weekends
alone, and whoever asks is told (`unknown_years`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from siweb.rules.errors import RuleError

# Of date.weekday(): Monday is 0.
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days off and working weekends of the years in `years`."""

    years: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices are open; by weekday alone in an unknown year."""
        # Whether Civil Code 203 counts a made-up Saturday among the days off is not settled; the
        # office is open, so here it is a working day.
        if day in self.working_weekends:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years between two days that have no table."""
        asked = range(first.year, last.year + 1)
        return tuple(year for year in asked if year not in self.years)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A day that was found by counting, and the years on the way that had no table."""

    day: date
    unknown_years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WorkingDayCount:
    """How many working days there are, and the years on the way that had no table."""

    days: int
    unknown_years: tuple[int, ...]


def first_working_day(day: date, calendar: WorkingCalendar) -> WorkingDay:
    """Return `day` itself or the next working day (Civil Code 203).

    :raises RuleError: "day_range" at the end of year 9999.
    """
    found = day
    while not calendar.is_working_day(found):
        found = _day_after(found)
    return WorkingDay(found, calendar.unknown_years(day, found))


def add_working_days(start: date, days: int, calendar: WorkingCalendar) -> WorkingDay:
    """Return the last of `days` working days after `start`, which is not counted (Civil Code 201).

    :raises RuleError: "days_negative", or "day_range" past year 9999.
    """
    if days < 0:
        raise RuleError("days_negative", days=days)
    found = start
    for _ in range(days):
        found = first_working_day(_day_after(found), calendar).day
    return WorkingDay(found, calendar.unknown_years(start, found))


def count_working_days(after: date, through: date, calendar: WorkingCalendar) -> WorkingDayCount:
    """Return the working days after one day, through another; none if that lies before."""
    between = _days_after(after, through)
    found = sum(1 for day in between if calendar.is_working_day(day))
    return WorkingDayCount(found, calendar.unknown_years(after, through))


def _days_after(after: date, through: date) -> Iterable[date]:
    return (after + _ONE_DAY * number for number in range(1, (through - after).days + 1))


def _day_after(day: date) -> date:
    if day == date.max:
        raise RuleError("day_range", day=day)
    return day + _ONE_DAY
