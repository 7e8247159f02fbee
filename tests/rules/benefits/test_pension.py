from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.benefits.pension import (
    AccrualUnit,
    AgeMethod,
    PensionEstimate,
    PensionFacts,
    PensionTerms,
    Ratio,
    estimate_pension,
    explain_pension,
    payout_months,
)
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding
from tests.rules import decimal_model
from tests.rules.steps import as_text

MONTHS = {49: 199, 50: 195, 55: 170, 59: 145, 60: 139, 61: 132, 62: 125, 63: 117, 69: 65, 70: 56}
TERMS = PensionTerms(MONTHS)
FACTS = PensionFacts(1_000_000, 800_000, Ratio(20, 1), 12_000_000, 720)


def test_basic_and_account_at_a_whole_age():
    estimate = estimate_pension(FACTS, TERMS)

    assert estimate == PensionEstimate(180_000, Ratio(139, 1), 86_331, 0)
    assert estimate.total == 266_331


def test_the_table_is_read_up_to_its_last_row():
    assert payout_months(69 * 12 + 6, TERMS) == Ratio(65 * 6 + 56 * 6, 12)


def test_the_steps_write_quotients_as_decimals():
    steps = explain_pension(FACTS, TERMS).steps

    assert steps[1].result.unit == "decimal"


def test_the_transitional_part_is_added():
    assert estimate_pension(replace(FACTS, transitional=10_000), TERMS).total == 276_331


@pytest.mark.parametrize(
    ("age", "method", "months"),
    [
        (720, AgeMethod.INTERPOLATION, Ratio(139, 1)),
        (721, AgeMethod.INTERPOLATION, Ratio(139 * 11 + 132, 12)),
        (723, AgeMethod.INTERPOLATION, Ratio(139 * 9 + 132 * 3, 12)),
        (731, AgeMethod.INTERPOLATION, Ratio(139 + 132 * 11, 12)),
        (721, AgeMethod.INTERPOLATION_TENTH, Ratio(1384, 10)),
        (722, AgeMethod.INTERPOLATION_TENTH, Ratio(1378, 10)),
        (723, AgeMethod.INTERPOLATION_TENTH, Ratio(1373, 10)),
        (732, AgeMethod.INTERPOLATION_TENTH, Ratio(132, 1)),
        (731, AgeMethod.TRUNCATION, Ratio(139, 1)),
        (732, AgeMethod.TRUNCATION, Ratio(132, 1)),
        (600, AgeMethod.TRUNCATION, Ratio(195, 1)),
        (840, AgeMethod.INTERPOLATION, Ratio(56, 1)),
        (843, AgeMethod.TRUNCATION, Ratio(56, 1)),
    ],
)
def test_the_months_table_between_two_birthdays(age, method, months):
    assert payout_months(age, replace(TERMS, age_method=method)) == months


@pytest.mark.parametrize("age", [0, 587, 613, 841, 852, -1])
def test_an_age_that_the_table_lacks_is_refused(age):
    with pytest.raises(RuleError) as refused:
        payout_months(age, TERMS)

    assert (refused.value.code, refused.value.facts) == ("age_range", {"age": age})


@pytest.mark.parametrize(
    ("months", "basic"), [(240, 180_000), (246, 184_500), (241, 180_750), (1, 750), (0, 0)]
)
def test_years_may_be_counted_in_months(months, basic):
    assert estimate_pension(replace(FACTS, years=Ratio(months, 12)), TERMS).basic == basic


def test_shanghai_counts_months_at_its_own_rate_and_rounds_to_jiao():
    terms = replace(
        TERMS, accrual_rate=830, accrual_unit=AccrualUnit.MONTH, rounding=Rounding.HALF_UP_JIAO
    )

    estimate = estimate_pension(replace(FACTS, years=Ratio(240, 12)), terms)

    # 9000 * 240 * 0.083 % = 1792.8; 120000 / 139 = 863.309
    assert (estimate.basic, estimate.account) == (179_280, 86_330)


@pytest.mark.parametrize(
    "wrong",
    [
        {"average_wage": -1},
        {"index": -1},
        {"years": Ratio(-1, 12)},
        {"balance": -1},
        {"transitional": -1},
    ],
)
def test_negative_facts_are_refused(wrong):
    with pytest.raises(RuleError) as refused:
        estimate_pension(replace(FACTS, **wrong), TERMS)

    assert (refused.value.code, refused.value.facts) == ("amount_negative", {"amount": -1})


def test_nothing_paid_is_no_pension():
    assert estimate_pension(PensionFacts(0, 0, Ratio(0, 1), 0, 720), TERMS).total == 0


@given(
    st.integers(0, 10**8),
    st.integers(0, 3_000_000),
    st.integers(0, 600),
    st.integers(0, 10**10),
    st.integers(0, 12),
    st.sampled_from(list(Rounding)),
)
def test_an_estimate_equals_the_decimal_model(wage, index, months, balance, beyond, rounding):
    facts = PensionFacts(wage, index, Ratio(months, 12), balance, 720 + beyond)

    estimate = explain_pension(facts, replace(TERMS, rounding=rounding)).value

    years = Decimal(months) / 12
    spread = (Decimal(139) * (12 - beyond) + Decimal(132) * beyond) / 12
    if months % 3 == 0:  # twelfths that Decimal holds exactly
        assert estimate.basic == decimal_model.basic_pension(wage, index, years, rounding)
    if beyond % 3 == 0:
        assert estimate.account == decimal_model.account_pension(balance, spread, rounding)


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(Ratio(139, 1), "139"), (Ratio(1661, 12), "138.4167"), (Ratio(1647, 12), "137.25"), (Ratio(0, 12), "0"),
     (Ratio(1, 20000), "0.0001"), (Ratio(1, 20001), "0"), (Ratio(1384, 10), "138.4")],
)  # fmt: skip
def test_a_ratio_is_written_with_four_places_at_most(ratio, text):
    assert str(ratio) == text


def test_the_steps_of_an_estimate():
    terms = replace(TERMS, sources={"accrual_rate": "accrual_rate", "months_table": "months_table"})

    assert as_text(explain_pension(replace(FACTS, age=721, transitional=1), terms)) == [
        (
            "basic: round((average_wage + average_wage * index) / 2 * years * accrual_rate)"
            " [accrual_rate=1%, average_wage=10000.00, index=0.8, rounding=half_up_fen, years=20]"
            " = 1800.00 | 国发〔2005〕38号 | accrual_rate"
        ),
        (
            "payout_months: months_table(age) [age=721, age_method=interpolation]"
            " = 138.4167 | 国发〔2005〕38号 | months_table"
        ),
        (
            "account: round(balance / payout_months) [balance=120000.00, payout_months=138.4167,"
            " rounding=half_up_fen] = 866.95 | 国发〔2005〕38号 | -"
        ),
        (
            "total: basic + account + transitional [account=866.95, basic=1800.00, transitional=0.01]"
            " = 2666.96 | 国发〔2005〕38号 | -"
        ),
    ]


def test_the_step_of_a_pension_by_months():
    terms = replace(TERMS, accrual_rate=830, accrual_unit=AccrualUnit.MONTH)

    assert as_text(explain_pension(replace(FACTS, years=Ratio(241, 12)), terms))[0] == (
        "basic: round((average_wage + average_wage * index) / 2 * months * accrual_rate)"
        " [accrual_rate=0.083%, average_wage=10000.00, index=0.8, months=241, rounding=half_up_fen]"
        " = 1800.27 | 国发〔2005〕38号 | -"
    )
