from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.calendar.deadlines import (
    Deadline,
    Period,
    PeriodUnit,
    compute_deadline,
    explain_deadline,
)
from siweb.rules.errors import RuleError
from tests.rules.calendars import CALENDAR
from tests.rules.steps import as_text

MONTHS, WORKING = PeriodUnit.MONTHS, PeriodUnit.WORKING_DAYS


@pytest.mark.parametrize(
    ("event", "last", "moved"),
    [
        ("2025-01-31", "2025-03-02", "2025-03-03"),
        ("2024-01-31", "2024-03-01", "2024-03-01"),
        ("2025-02-28", "2025-03-30", "2025-03-31"),
        ("2025-12-15", "2026-01-14", "2026-01-14"),
        ("2025-09-01", "2025-10-01", "2025-10-09"),
        ("2025-08-29", "2025-09-28", "2025-09-28"),
    ],
)
def test_30_days_to_register_an_employee(event, last, moved):
    deadline = compute_deadline(date.fromisoformat(event), Period(30), CALENDAR)

    assert deadline == Deadline(date.fromisoformat(last), date.fromisoformat(moved), ())


@pytest.mark.parametrize(
    ("event", "period", "last", "moved"),
    [
        ("2025-09-16", Period(15), "2025-10-01", "2025-10-09"),
        ("2025-09-26", Period(5, WORKING), "2025-10-10", "2025-10-10"),
        ("2025-09-27", Period(0, WORKING), "2025-09-27", "2025-09-28"),
        ("2025-01-31", Period(1, MONTHS), "2025-02-28", "2025-02-28"),
        ("2025-08-31", Period(1, MONTHS), "2025-09-30", "2025-09-30"),
        ("2025-04-01", Period(6, MONTHS), "2025-10-01", "2025-10-09"),
        ("2024-02-29", Period(12, MONTHS), "2025-02-28", "2025-02-28"),
        ("2025-05-06", Period(0), "2025-05-06", "2025-05-06"),
    ],
)
def test_periods_in_days_working_days_and_months(event, period, last, moved):
    deadline = compute_deadline(date.fromisoformat(event), period, CALENDAR)

    assert deadline == Deadline(date.fromisoformat(last), date.fromisoformat(moved), ())


@pytest.mark.parametrize(
    ("event", "period", "unknown"),
    [
        (date(2026, 12, 1), Period(30), ()),
        (date(2026, 12, 2), Period(30), (2027,)),
        (date(2023, 12, 20), Period(30), ()),
        (date(2023, 12, 20), Period(30, WORKING), (2023,)),
        (date(2026, 12, 20), Period(15, WORKING), (2027,)),
    ],
)
def test_a_year_without_a_table_is_flagged_where_it_matters(event, period, unknown):
    assert compute_deadline(event, period, CALENDAR).unknown_years == unknown


@pytest.mark.parametrize("unit", list(PeriodUnit))
def test_negative_periods_are_refused(unit):
    with pytest.raises(RuleError) as refused:
        compute_deadline(date(2025, 1, 1), Period(-1, unit), CALENDAR)

    assert (refused.value.code, refused.value.facts) == ("days_negative", {"days": -1})


@pytest.mark.parametrize(
    "period", [Period(30), Period(10**12), Period(1, MONTHS), Period(10**9, MONTHS)]
)
def test_a_period_past_the_calendar_is_refused(period):
    event = date(9999, 12, 15)

    with pytest.raises(RuleError) as refused:
        compute_deadline(event, period, CALENDAR)

    assert refused.value.code == "day_range"
    assert refused.value.facts == {"day": event, "length": period.length}


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 1000))
def test_days_are_calendar_days_and_moving_only_goes_later(event, length):
    deadline = explain_deadline(event, Period(length), CALENDAR).value

    assert deadline.last_day == event + timedelta(days=length)
    assert deadline.moved_to >= deadline.last_day


def test_the_steps_of_a_deadline():
    period = Period(30, rule="SIL 58")

    assert as_text(explain_deadline(date(2025, 1, 31), period, CALENDAR)) == [
        "last_day: event + days [days=30, event=2025-01-31] = 2025-03-02 | SIL 58; 民法典 201 | -",
        (
            "last_day_if_moved_to_workday: first_working_day(last_day) [last_day=2025-03-02]"
            " = 2025-03-03 | 民法典 203 | -"
        ),
    ]


def test_the_steps_say_months_and_unknown_years():
    assert as_text(explain_deadline(date(2026, 12, 31), Period(2, MONTHS), CALENDAR)) == [
        "last_day: event + months [event=2026-12-31, months=2] = 2027-02-28 | 民法典 202 | -",
        (
            "last_day_if_moved_to_workday: first_working_day(last_day) [last_day=2027-02-28]"
            " = 2027-03-01 | 民法典 203 | -"
        ),
        "unknown_year: weekends_only(year) [year=2027] = 2027 |  | -",
    ]


def test_lengths_have_their_unit():
    in_months = explain_deadline(date(2025, 1, 1), Period(2, MONTHS), CALENDAR).steps[0]
    working = explain_deadline(date(2025, 1, 1), Period(2, WORKING), CALENDAR).steps[0]

    assert in_months.inputs["months"].unit == "months"
    assert working.inputs["working_days"].unit == "days"


@pytest.mark.parametrize(("moves", "moved"), [(True, "2025-10-09"), (False, "2025-10-01")])
def test_a_period_that_does_not_move_ends_on_a_day_off(moves, moved):
    period = Period(30, moves=moves)

    found = explain_deadline(date(2025, 9, 1), period, CALENDAR)

    assert found.value == Deadline(date(2025, 10, 1), date.fromisoformat(moved), ())
    assert len(found.steps) == (2 if moves else 1)
