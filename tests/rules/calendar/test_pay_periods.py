"""By the month, the quarter or the year of the calendar."""

import pytest

from siweb.rules.calendar.months import MonthRefused
from siweb.rules.calendar.pay_periods import Every, months_paid_together


@pytest.mark.parametrize(
    ("month", "every", "first", "last", "number"),
    [
        ("2026-08", Every.MONTH, "2026-08", "2026-08", 1),
        ("2026-01", Every.QUARTER, "2026-01", "2026-03", 3),
        ("2026-03", Every.QUARTER, "2026-01", "2026-03", 3),
        ("2026-04", Every.QUARTER, "2026-04", "2026-06", 3),
        ("2026-12", Every.QUARTER, "2026-10", "2026-12", 3),
        ("2026-01", Every.YEAR, "2026-01", "2026-12", 12),
        ("2026-12", Every.YEAR, "2026-01", "2026-12", 12),
    ],
)
def test_a_month_is_paid_with_those_of_its_period(month, every, first, last, number):
    months = months_paid_together(month, every)

    assert (months[0], months[-1], len(months)) == (first, last, number)


def test_what_is_no_month_has_no_period():
    with pytest.raises(MonthRefused):
        months_paid_together("2026-13", Every.YEAR)
