"""The late fee of several months: each from its own due day, paused while it is deferred."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.contributions.late_fee import DayCount, LateFeeTerms, compute_late_fee
from siweb.rules.contributions.late_fee_months import (
    Due,
    Pause,
    compute_monthly_late_fee,
    overdue_days_outside,
)
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding
from tests.rules.late_fee_by_parts import late_fee_by_parts

LAW = LateFeeTerms(500)
DUE = date(2025, 2, 15)
days = st.integers(-5, 90)
fen = st.integers(0, 10**7)
counted = st.sampled_from(DayCount)


def after(count):
    return DUE + timedelta(days=count)


@given(st.lists(st.tuples(days, fen), max_size=4), fen, days, counted)
def test_one_month_costs_what_a_bill_paid_in_parts_costs(parts, rest, on, day_count):
    terms = LateFeeTerms(500, day_count=day_count)
    owed = rest + sum(amount for _, amount in parts)
    paid = [(after(day), amount) for day, amount in parts]

    fee = compute_monthly_late_fee([Due(DUE, owed)], paid, after(on), terms)

    assert fee == late_fee_by_parts(owed, paid, DUE, after(on), terms)


@given(st.lists(st.tuples(days, fen), max_size=6), days, counted)
def test_months_on_one_bill_cost_what_a_bill_for_each_costs(months, on, day_count):
    """Hiding somebody for months is never cheaper than reporting and not paying."""
    terms = LateFeeTerms(500, day_count=day_count, rounding=Rounding.UP_JIAO)
    dues = [Due(after(day), amount) for day, amount in months]

    together = compute_monthly_late_fee(dues, [], after(on), terms)

    assert together == sum(
        compute_late_fee(due.amount_fen, due.due_on, after(on), terms).amount for due in dues
    )


@given(st.lists(st.tuples(days, fen), min_size=1, max_size=4), days, days, counted)
def test_no_day_of_a_pause_counts_and_every_other_does(months, first, length, day_count):
    terms = LateFeeTerms(500, day_count=day_count)
    dues = [Due(after(day), amount) for day, amount in months]
    pause = Pause(after(first), after(first + abs(length)))

    fee = compute_monthly_late_fee(dues, [], after(90), terms, pauses=[pause])

    last = 90 if day_count is DayCount.THROUGH_PAYMENT else 89
    expected = 0
    for due in dues:
        late = [
            day
            for day in range(-10, last + 1)
            if due.due_on < after(day) and not pause.first <= after(day) <= pause.last
        ]
        expected += (due.amount_fen * len(late) * 500 + 500_000) // 1_000_000
    assert fee == expected


def test_money_counts_for_the_month_that_was_due_first():
    dues = [Due(after(30), 100_000), Due(DUE, 200_000)]

    fee = compute_monthly_late_fee(dues, [(after(10), 200_000)], after(40), LAW)

    # 2,000.00 yuan for ten days, 1,000.00 yuan for ten days after its own day.
    assert fee == 200_000 * 10 * 500 // 1_000_000 + 100_000 * 10 * 500 // 1_000_000


def test_what_was_paid_before_a_month_was_due_is_in_time():
    dues = [Due(DUE, 100), Due(after(30), 100_000)]

    assert compute_monthly_late_fee(dues, [(DUE, 100_100)], after(400), LAW) == 0


def test_each_month_stops_at_its_own_premium_where_the_pack_says_so():
    capped = LateFeeTerms(500, capped=True)
    dues = [Due(DUE, 100_000), Due(after(1990), 100_000)]

    fee = compute_monthly_late_fee(dues, [], after(2010), capped)

    assert fee == 100_000 + 1_000
    assert compute_monthly_late_fee(dues, [], after(2010), LAW) == 100_500 + 1_000


def test_a_pause_of_one_day_takes_one_day_off():
    pause = [Pause(after(1), after(1))]

    assert compute_monthly_late_fee([Due(DUE, 100_000)], [], after(1), LAW, pauses=pause) == 0
    assert compute_monthly_late_fee([Due(DUE, 100_000)], [], after(2), LAW, pauses=pause) == 50


def test_pauses_that_overlap_count_once():
    pauses = [Pause(after(1), after(10)), Pause(after(5), after(12))]

    assert compute_monthly_late_fee([Due(DUE, 100_000)], [], after(13), LAW, pauses=pauses) == 50


@pytest.mark.parametrize(
    ("dues", "parts", "code"),
    [
        ([Due(DUE, -1)], [], "principal_negative"),
        ([Due(DUE, 100)], [(DUE, 101)], "overpaid"),
        ([], [(DUE, 1)], "overpaid"),
    ],
)
def test_what_cannot_be_is_refused(dues, parts, code):
    with pytest.raises(RuleError) as refused:
        compute_monthly_late_fee(dues, parts, DUE, LAW)

    assert refused.value.code == code


def test_nothing_owed_costs_nothing():
    assert compute_monthly_late_fee([], [], DUE, LAW) == 0
    assert compute_monthly_late_fee([Due(DUE, 100)], [(DUE, 100)], after(9), LAW) == 0


@pytest.mark.parametrize(
    ("paid_on", "days"),
    [(date(2026, 7, 15), 0), (date(2026, 7, 16), 1), (date(2026, 7, 17), 1), (date(2026, 7, 18), 1),
     (date(2026, 7, 19), 2)],
)  # fmt: skip
def test_days_of_a_pause_are_no_days_of_delay(paid_on, days):
    pauses = [Pause(date(2026, 7, 17), date(2026, 7, 18))]

    found = overdue_days_outside(date(2026, 7, 15), paid_on, pauses, DayCount.THROUGH_PAYMENT)

    assert found == days


def test_the_day_of_payment_may_not_count_beside_a_pause():
    due_on, paid_on = date(2026, 7, 15), date(2026, 7, 20)

    assert overdue_days_outside(due_on, paid_on, [], DayCount.BEFORE_PAYMENT) == 4
    assert overdue_days_outside(due_on, paid_on, [], DayCount.THROUGH_PAYMENT) == 5


def test_a_refusal_holds_its_facts():
    day = date(2026, 1, 15)
    with pytest.raises(RuleError) as negative:
        compute_monthly_late_fee([Due(day, -1)], [], day, LateFeeTerms(500))
    with pytest.raises(RuleError) as overpaid:
        compute_monthly_late_fee([Due(day, 100)], [(day, 103)], day, LateFeeTerms(500))

    assert (negative.value.code, negative.value.facts) == (
        "principal_negative", {"principal": -1}
    )  # fmt: skip
    assert (overpaid.value.code, overpaid.value.facts) == (
        "overpaid", {"principal": 100, "overpaid": 3}
    )  # fmt: skip
