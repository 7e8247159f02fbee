"""Figures that age: the last month before a new payment year, and the first of it."""

from datetime import date

import pytest

from siweb.rules.parameters.staleness import (
    ended_rates,
    is_rate_published,
    stale_limits,
    stale_since,
    staleness_of,
    year_start,
)
from tests.rules.packs import limits, packs_of, rates, row

YEAR = {"first_month": "7", "declare_from_month": "4", "declare_to_month": "6", "due_day": "15",
        "due_months_after": "1"}  # fmt: skip


@pytest.mark.parametrize(
    ("month", "first_month", "start"),
    [("2026-06", 7, "2025-07"), ("2026-07", 7, "2026-07"), ("2026-12", 7, "2026-07"),
     ("2026-01", 1, "2026-01"), ("2026-12", 1, "2026-01"), ("2026-12", 12, "2026-12"),
     ("2026-11", 12, "2025-12")],
)  # fmt: skip
def test_a_payment_year_begins_in_its_last_first_month(month, first_month, start):
    assert year_start(month, first_month) == start


@pytest.mark.parametrize(
    ("effective_from", "first_month", "month", "since"),
    [("2025-07", 7, "2026-06", None), ("2025-07", 7, "2026-07", "2026-07"),
     ("2025-07", 7, "2028-01", "2026-07"), ("2026-07", 7, "2026-11", None),
     ("2025-03", 7, "2025-06", None), ("2025-03", 7, "2025-07", "2025-07"),
     ("2025-01", 1, "2025-12", None), ("2025-01", 1, "2026-01", "2026-01")],
)  # fmt: skip
def test_a_row_is_provisional_from_the_payment_year_after_its_own(
    effective_from, first_month, month, since
):
    assert stale_since(effective_from, first_month, month) == since


@pytest.mark.parametrize(
    ("effective_to", "month", "known"),
    [(None, "2030-01", True), ("2025-12", "2025-12", True), ("2025-12", "2026-01", False)],
)
def test_an_ended_notice_gives_nothing(effective_to, month, known):
    assert is_rate_published(effective_to, month) is known


def city(month, **changes):
    rows = [row("payment_year", YEAR), limits(**changes), rates()]
    return packs_of(city=rows).parameters("320100", month)


def test_limits_of_a_city_become_provisional_with_its_payment_year():
    assert staleness_of(city("2026-06"), "limits", "employee", "pension") is None
    found = staleness_of(city("2026-07"), "limits", "employee", "pension")

    assert (found.since, found.source.key) == ("2026-07", "limits.employee.pension")


def test_limits_may_have_a_year_of_their_own():
    assert stale_limits(city("2025-12", first_month="1"), "employee") == ()
    (found,) = stale_limits(city("2026-01", first_month="1"), "employee")

    assert found.since == "2026-01"


def test_limits_are_asked_for_by_insurance():
    assert stale_limits(city("2026-07"), "employee", ["medical"]) == ()
    assert len(stale_limits(city("2026-07"), "employee", ["pension"])) == 1


def test_a_calendar_years_wage_ages_in_january_whatever_the_payment_year():
    wage = row("pension_wage", {"average_wage": '"8000"'}, effective_from='"2025-01"')
    packs = packs_of(city=[row("payment_year", YEAR), wage])

    assert staleness_of(packs.parameters("320100", "2025-12"), "pension_wage") is None
    assert staleness_of(packs.parameters("320100", "2026-01"), "pension_wage").since == "2026-01"


def test_other_tables_and_missing_rows_do_not_age():
    assert staleness_of(city("2030-01"), "rates", "employee", "pension") is None
    assert staleness_of(city("2030-01"), "limits", "flexible", "pension") is None


def test_a_rate_whose_notice_ended_is_named_instead_of_left_out():
    packs = packs_of(city=[limits(), rates(effective_to='"2025-12"')])

    assert ended_rates(packs.parameters("320100", "2025-12"), "employee") == ()
    (ended,) = ended_rates(packs.parameters("320100", "2026-01"), "employee")
    assert (ended.key, ended.effective_to) == ("rates.employee.pension", "2025-12")
    assert packs.parameters("320100", "2026-01").insurances("employee") == ()


def test_an_ended_rate_is_judged_as_it_was_published():
    later = rates(effective_from='"2026-01"', published_on="2026-02-10")
    packs = packs_of(city=[limits(), rates(effective_to='"2025-12"'), later])

    assert ended_rates(packs.parameters("320100", "2026-01"), "employee") == ()
    before = packs.parameters("320100", "2026-01", as_of=date(2026, 2, 9))
    assert len(ended_rates(before, "employee")) == 1
