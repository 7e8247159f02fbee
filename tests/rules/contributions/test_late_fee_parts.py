from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.contributions.late_fee import DayCount, LateFeeTerms, compute_late_fee
from siweb.rules.contributions.late_fee_months import Due, compute_monthly_late_fee
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding

LAW = LateFeeTerms(500)
DUE = date(2025, 2, 15)


def compute_part_paid_late_fee(principal, parts, due_on, on, terms):
    return compute_monthly_late_fee([Due(due_on, principal)], parts, on, terms)


def after(days):
    return DUE + timedelta(days=days)


@given(
    parts=st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 99_999)), max_size=5),
    rest=st.integers(0, 10**8),
    days=st.integers(-3, 60),
    day_count=st.sampled_from(DayCount),
)
def test_every_day_costs_what_was_unpaid_that_day(parts, rest, days, day_count):
    terms = LateFeeTerms(500, day_count=day_count)
    principal = rest + sum(amount for _, amount in parts)
    skipped = day_count is DayCount.BEFORE_PAYMENT
    fen_days = sum(
        principal - sum(amount for paid, amount in parts if paid - skipped < day)
        for day in range(1, days - skipped + 1)
    )

    fee = compute_part_paid_late_fee(
        principal, [(after(paid), amount) for paid, amount in parts], DUE, after(days), terms
    )

    assert fee == (fen_days * 500 + 500_000) // 1_000_000


def test_without_parts_it_is_the_plain_fee():
    assert (
        compute_part_paid_late_fee(1_234_567, [], DUE, after(33), LAW)
        == compute_late_fee(1_234_567, DUE, after(33), LAW).amount
        == 20_370
    )


def test_it_stops_at_the_principal_where_the_pack_says_so():
    capped = LateFeeTerms(500, capped=True)

    assert compute_part_paid_late_fee(100, [], DUE, after(2001), capped) == 100
    assert compute_part_paid_late_fee(100, [], DUE, after(2001), LAW) == 100 + 0
    assert compute_part_paid_late_fee(100_000, [], DUE, after(2001), LAW) == 100_050


def test_it_is_rounded_as_the_pack_says():
    up = LateFeeTerms(500, rounding=Rounding.UP_JIAO)

    assert compute_part_paid_late_fee(10_000, [(after(1), 5_000)], DUE, after(2), up) == 10


@pytest.mark.parametrize(
    ("principal", "parts", "code"),
    [(-1, [], "principal_negative"), (100, [(DUE, 101)], "overpaid")],
)
def test_what_cannot_be_is_refused(principal, parts, code):
    with pytest.raises(RuleError) as caught:
        compute_part_paid_late_fee(principal, parts, DUE, after(1), LAW)

    assert caught.value.code == code


def test_nothing_unpaid_costs_nothing():
    assert compute_part_paid_late_fee(0, [], DUE, after(9), LAW) == 0
    assert compute_part_paid_late_fee(100, [(after(-1), 100)], DUE, after(9), LAW) == 0
