"""When a period ends: the day of the event is not counted (Civil Code 201 to 203).

30 days to register an employee (SIL 58) or a unit (57), 15 days to report a termination (50),
working days in 社会保险经办条例, months for reviews and suits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from siweb.rules.calendar.months import MonthRefused, corresponding_day
from siweb.rules.calendar.working_days import WorkingCalendar, add_working_days, first_working_day
from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Step
from siweb.rules.numbers.quantity import Quantity, count, day, days, months


class PeriodUnit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time, zero or more, and the provision that sets it.

    `moves`: whether a last day that is no working day moves to the next one (Civil Code 203).
    """

    length: int
    unit: PeriodUnit = PeriodUnit.DAYS
    rule: str = ""
    moves: bool = True


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, and the one it moves to when it is no working day.

    `unknown_years` are the years on the way without a holiday table.
    """

    last_day: date
    moved_to: date
    unknown_years: tuple[int, ...]


def compute_deadline(event_on: date, period: Period, calendar: WorkingCalendar) -> Deadline:
    """Return the end of a period that an event starts.

    :raises RuleError: "days_negative", or "day_range" past year 9999.
    """
    last_day = _last_day(event_on, period, calendar)
    moved_to = first_working_day(last_day, calendar).day if period.moves else last_day
    # Calendar days need a holiday table for the last day alone,
    # working days for every year on the way.
    counted_from = event_on if period.unit is PeriodUnit.WORKING_DAYS else last_day
    return Deadline(last_day, moved_to, calendar.unknown_years(counted_from, moved_to))


def explain_deadline(
    event_on: date, period: Period, calendar: WorkingCalendar
) -> Explained[Deadline]:
    """Return what `compute_deadline` does, with its steps."""
    deadline = compute_deadline(event_on, period, calendar)
    counted = Step(
        "last_day",
        f"event + {period.unit}",
        {"event": day(event_on), str(period.unit): _length_of(period)},
        day(deadline.last_day),
        "; ".join(rule for rule in (period.rule, _counting_rule(period)) if rule),
    )
    moved = Step(
        "last_day_if_moved_to_workday",
        "first_working_day(last_day)",
        {"last_day": day(deadline.last_day)},
        day(deadline.moved_to),
        "民法典 203",
    )
    steps = (counted, moved) if period.moves else (counted,)
    unknown = tuple(
        Step("unknown_year", "weekends_only(year)", {"year": count(year)}, count(year))
        for year in deadline.unknown_years
    )
    return Explained(deadline, (*steps, *unknown))


def _last_day(event_on: date, period: Period, calendar: WorkingCalendar) -> date:
    if period.length < 0:
        raise RuleError("days_negative", days=period.length)
    try:
        if period.unit is PeriodUnit.DAYS:
            return event_on + timedelta(days=period.length)
        if period.unit is PeriodUnit.MONTHS:
            return corresponding_day(event_on, period.length)
    except (OverflowError, MonthRefused):
        raise RuleError("day_range", day=event_on, length=period.length) from None
    return add_working_days(event_on, period.length, calendar).day


def _length_of(period: Period) -> Quantity:
    return months(period.length) if period.unit is PeriodUnit.MONTHS else days(period.length)


def _counting_rule(period: Period) -> str:
    return "民法典 202" if period.unit is PeriodUnit.MONTHS else "民法典 201"
