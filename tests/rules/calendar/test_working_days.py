from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.calendar.working_days import (
    WorkingCalendar,
    WorkingDay,
    WorkingDayCount,
    add_working_days,
    count_working_days,
    first_working_day,
)
from siweb.rules.errors import RuleError
from tests.rules.calendars import CALENDAR

UNKNOWN = WorkingCalendar()


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2025-09-26", True),  # Friday
        ("2025-09-27", False),  # Saturday
        ("2025-09-28", True),  # a Sunday worked to make up
        ("2025-10-01", False),  # Wednesday, National Day
        ("2025-10-05", False),  # Sunday within the holiday
        ("2025-10-09", True),  # Thursday
        ("2025-10-11", True),  # a Saturday worked to make up
        ("2025-10-12", False),  # Sunday
        ("2025-10-13", True),  # Monday
    ],
)
def test_working_days_around_national_day(day, open_):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is open_


def test_a_working_weekend_wins_over_a_holiday():
    day = date(2025, 10, 11)

    assert WorkingCalendar(
        holidays=frozenset({day}), working_weekends=frozenset({day})
    ).is_working_day(day)


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2025-10-01", "2025-10-09"),
        ("2025-10-09", "2025-10-09"),
        ("2025-10-11", "2025-10-11"),
        ("2025-10-12", "2025-10-13"),
        ("2025-09-28", "2025-09-28"),
    ],
)
def test_a_day_moves_to_the_next_working_day(day, moved):
    assert first_working_day(date.fromisoformat(day), CALENDAR) == WorkingDay(
        date.fromisoformat(moved), ()
    )


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2025-09-26", 0, "2025-09-26"),
        ("2025-09-27", 0, "2025-09-27"),
        ("2025-09-26", 1, "2025-09-28"),
        ("2025-09-26", 3, "2025-09-30"),
        ("2025-09-26", 4, "2025-10-09"),
        ("2025-09-26", 5, "2025-10-10"),
        ("2025-09-26", 6, "2025-10-11"),
        ("2025-09-26", 7, "2025-10-13"),
        ("2025-10-01", 1, "2025-10-09"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start, days, end):
    found = add_working_days(date.fromisoformat(start), days, CALENDAR)

    assert found == WorkingDay(date.fromisoformat(end), ())


@pytest.mark.parametrize(
    ("after", "through", "days"),
    [
        ("2025-09-26", "2025-09-26", 0),
        ("2025-09-25", "2025-09-26", 1),
        ("2025-09-26", "2025-10-13", 7),
        ("2025-09-30", "2025-10-08", 0),
        ("2025-10-13", "2025-09-26", 0),
    ],
)
def test_working_days_between_two_days(after, through, days):
    found = count_working_days(date.fromisoformat(after), date.fromisoformat(through), CALENDAR)

    assert found == WorkingDayCount(days, ())


def test_an_unknown_year_is_counted_by_weekends_and_said():
    friday = date(2027, 10, 1)

    assert first_working_day(friday, UNKNOWN) == WorkingDay(friday, (2027,))
    assert add_working_days(date(2027, 12, 31), 1, UNKNOWN) == WorkingDay(
        date(2028, 1, 3), (2027, 2028)
    )
    assert count_working_days(date(2026, 12, 31), date(2027, 1, 4), CALENDAR) == WorkingDayCount(
        2, (2027,)
    )


def test_fewer_than_no_days_are_refused():
    with pytest.raises(RuleError) as refused:
        add_working_days(date(2025, 1, 1), -1, CALENDAR)

    assert (refused.value.code, refused.value.facts) == ("days_negative", {"days": -1})


def test_the_calendar_ends_with_year_9999():
    with pytest.raises(RuleError) as refused:
        add_working_days(date(9999, 12, 30), 2, UNKNOWN)

    assert (refused.value.code, refused.value.facts) == ("day_range", {"day": date(9999, 12, 31)})


def test_the_last_day_of_all_may_be_a_holiday():
    last = date.max
    calendar = WorkingCalendar(holidays=frozenset({last}))

    with pytest.raises(RuleError, match="day_range"):
        first_working_day(last, calendar)


@given(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.integers(0, 60))
def test_adding_and_counting_agree(start, days):
    found = add_working_days(start, days, CALENDAR).day

    assert count_working_days(start, found, CALENDAR).days == days
    assert days == 0 or CALENDAR.is_working_day(found)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_moving_never_skips_a_working_day(day):
    moved = first_working_day(day, CALENDAR).day

    assert CALENDAR.is_working_day(moved)
    assert count_working_days(day - timedelta(days=1), moved, CALENDAR).days == 1
