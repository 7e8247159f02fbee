from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.contributions.late_fee import (
    DayCount,
    LateFee,
    LateFeeTerms,
    compute_late_fee,
    explain_late_fee,
    overdue_days,
)
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding
from tests.rules import decimal_model
from tests.rules.steps import as_text

LAW = LateFeeTerms(500)
DUE = date(2025, 2, 15)


def paid(days_later):
    return DUE + timedelta(days=days_later)


@pytest.mark.parametrize(
    ("later", "days"), [(-400, 0), (-1, 0), (0, 0), (1, 1), (2, 2), (33, 33), (365, 365)]
)
def test_days_run_from_the_day_after_the_due_day_through_the_payment(later, days):
    assert overdue_days(DUE, paid(later)) == days
    assert overdue_days(DUE, paid(later), DayCount.BEFORE_PAYMENT) == max(0, days - 1)


def test_a_leap_day_counts():
    assert overdue_days(date(2024, 2, 15), date(2024, 3, 15)) == 29
    assert overdue_days(date(2025, 2, 15), date(2025, 3, 15)) == 28


@pytest.mark.parametrize(
    ("principal", "later", "fee"),
    [
        (10_000_000, 10, 50_000),
        (1_234_567, 33, 20_370),
        (100, 10, 1),
        (99, 10, 0),
        (0, 99, 0),
        (5000, 0, 0),
    ],
)
def test_the_fee_is_simple_and_rounded_once(principal, later, fee):
    assert compute_late_fee(principal, DUE, paid(later), LAW) == LateFee(later, fee)


# After 2000 days at 0.05 % the fee equals the principal.
@pytest.mark.parametrize(
    ("later", "fee", "capped"), [(1999, 9995, 9995), (2000, 10000, 10000), (2001, 10005, 10000)]
)
def test_the_cap_at_the_principal_is_a_switch(later, fee, capped):
    assert compute_late_fee(10000, DUE, paid(later), LAW).amount == fee
    assert (
        compute_late_fee(10000, DUE, paid(later), LateFeeTerms(500, capped=True)).amount == capped
    )


def test_the_settings_reach_the_amount():
    terms = LateFeeTerms(500, day_count=DayCount.BEFORE_PAYMENT, rounding=Rounding.UP_JIAO)

    assert compute_late_fee(1_234_567, DUE, paid(34), terms) == LateFee(33, 20_380)
    assert compute_late_fee(1_234_567, DUE, paid(33), terms) == LateFee(32, 19_760)


def test_a_negative_principal_is_refused():
    with pytest.raises(RuleError) as refused:
        compute_late_fee(-1, DUE, paid(1), LAW)

    assert (refused.value.code, refused.value.facts) == ("principal_negative", {"principal": -1})


@given(
    st.integers(min_value=0, max_value=10**11),
    st.integers(min_value=0, max_value=20_000),
    st.integers(min_value=0, max_value=2000),
    st.sampled_from(list(Rounding)),
    st.booleans(),
)
def test_the_fee_equals_the_decimal_model(principal, later, rate, rounding, capped):
    terms = LateFeeTerms(rate, capped, rounding=rounding)

    fee = compute_late_fee(principal, DUE, paid(later), terms)

    assert fee.amount == decimal_model.late_fee(principal, rate, later, rounding, capped)
    assert explain_late_fee(principal, DUE, paid(later), terms).value == fee


def test_the_steps_of_a_late_fee():
    sources = {name: name for name in ("daily_rate", "day_count", "rounding", "capped")}

    explained = explain_late_fee(1_234_567, DUE, paid(33), LateFeeTerms(500, sources=sources))

    assert as_text(explained) == [
        (
            "overdue_days: max(0, paid_date - due_date) [day_count=through_payment, due_date=2025-02-15,"
            " paid_date=2025-03-20] = 33 | SIL 86; 税收征收管理法实施细则 75 | day_count"
        ),
        (
            "late_fee_exact: principal * daily_rate * days [daily_rate=0.05%, days=33, principal=12345.67]"
            " = 203.703555 | SIL 86 | daily_rate"
        ),
        "late_fee: round(exact) [exact=203.703555, rounding=half_up_fen] = 203.70 | SIL 86 | rounding",
    ]


def test_the_step_of_the_cap():
    terms = LateFeeTerms(500, True, rounding=Rounding.UP_JIAO, sources={"capped": "capped"})

    assert as_text(explain_late_fee(10001, DUE, paid(2001), terms))[2:] == [
        "late_fee: round(exact) [exact=100.060005, rounding=up_jiao] = 100.10 | SIL 86 | -",
        (
            "late_fee_cap: min(late_fee, principal) [late_fee=100.10, principal=100.01]"
            " = 100.01 | 行政强制法 45 | capped"
        ),
    ]
