"""Unpaid months of who pays alone, and what a base may be."""

from datetime import date

import pytest

from siweb.rules.contributions.flexible import (
    bases_of_steps,
    is_old_enough,
    may_be_paid_back,
    months_of_year,
)


def test_a_years_months_are_counted_or_unpaid():
    year = months_of_year(2026, ["2025-12", "2026-01", "2026-12", "2027-01"])

    assert year.counted == ("2026-01", "2026-12")
    assert year.unpaid == tuple(f"2026-{month:02}" for month in range(2, 12))


@pytest.mark.parametrize(
    ("open_until", "allowed"),
    [(None, False), (date(2023, 12, 30), False), (date(2023, 12, 31), True),
     (date(2024, 1, 1), True)],
)  # fmt: skip
def test_only_a_notice_opens_an_unpaid_month_and_only_through_its_day(open_until, allowed):
    assert may_be_paid_back(date(2023, 12, 31), open_until) is allowed


def test_steps_are_shares_of_the_average_to_the_fen():
    assert bases_of_steps(1_211_601, [600_000, 1_000_000, 3_000_000]) == (
        726_961, 1_211_601, 3_634_803
    )  # fmt: skip


@pytest.mark.parametrize(
    ("born_on", "old_enough"),
    [
        (date(2010, 11, 24), True),
        (date(2010, 11, 25), False),
        (date(2010, 12, 1), False),
        (date(2010, 10, 31), True),
        (date(2011, 1, 1), False),
        (date(1960, 2, 29), True),
    ],
)
def test_it_begins_on_the_sixteenth_birthday(born_on, old_enough):
    assert is_old_enough(born_on, date(2026, 11, 24)) is old_enough
