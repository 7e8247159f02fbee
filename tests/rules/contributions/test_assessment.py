from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.contributions.assessment import (
    AssessmentScope,
    AssessmentTerms,
    LastMonth,
    NoLastMonth,
    Settlement,
    assess_amount,
    assess_insurances,
    explain_assessment,
    explain_undeclared_base,
    last_month_amount,
    settle_assessment,
)
from siweb.rules.numbers.arithmetic import Rounding
from tests.rules.steps import as_text

LAW = AssessmentTerms(1_100_000)


@pytest.mark.parametrize(
    ("last_month", "assessed"),
    [(5_000_000, 5_500_000), (1_234_567, 1_358_024), (5, 6), (4, 4), (0, 0)],
)
def test_110_percent_of_last_month(last_month, assessed):
    assert assess_amount(last_month, LAW) == assessed


@given(st.integers(min_value=0, max_value=10**13))
def test_110_percent_is_half_up_to_the_fen(last_month):
    assert explain_assessment(last_month, LAW).value == int(
        Fraction(last_month * 11, 10) + Fraction(1, 2)
    )


def test_per_insurance_and_in_total_may_differ_by_fen():
    last_month = {"pension": 5, "medical": 5, "unemployment": 5}

    assert assess_insurances(last_month, LAW) == 18
    assert assess_insurances(last_month, AssessmentTerms(1_100_000, AssessmentScope.TOTAL)) == 17


@pytest.mark.parametrize(
    ("setting", "paid", "assessed", "amount"),
    [
        (LastMonth.PAID, 100, 110, 100),
        (LastMonth.PAID, 100, None, 100),
        (LastMonth.ASSESSED, 100, 110, 110),
        (LastMonth.ASSESSED, 100, None, 100),
        (LastMonth.ASSESSED, None, 110, 110),
    ],
)
def test_a_second_month_in_a_row_goes_by_the_setting(setting, paid, assessed, amount):
    assert (
        last_month_amount(paid, assessed, AssessmentTerms(1_100_000, last_month=setting)) == amount
    )


@pytest.mark.parametrize(
    ("setting", "assessed"),
    [(LastMonth.PAID, 110), (LastMonth.PAID, None), (LastMonth.ASSESSED, None)],
)
def test_without_a_last_month_a_person_decides(setting, assessed):
    with pytest.raises(NoLastMonth) as refused:
        last_month_amount(None, assessed, AssessmentTerms(1_100_000, last_month=setting))

    assert refused.value.code == "no_last_month"


@pytest.mark.parametrize("assessed", [None, 0])
def test_a_last_month_of_nil_is_no_last_month(assessed):
    by_assessed = AssessmentTerms(1_100_000, last_month=LastMonth.ASSESSED)

    with pytest.raises(NoLastMonth):
        last_month_amount(0, assessed, by_assessed)
    assert last_month_amount(1, None, by_assessed) == 1
    assert last_month_amount(0, 1, by_assessed) == 1


@pytest.mark.parametrize(
    ("due", "assessed", "balance"), [(600, 550, 50), (500, 550, -50), (550, 550, 0)]
)
def test_a_late_declaration_settles_the_difference(due, assessed, balance):
    explained = settle_assessment(due, assessed)

    assert explained.value == Settlement(due, assessed)
    assert explained.value.balance == balance


@pytest.mark.parametrize(
    ("last", "base"),
    [(600000, 716200), (651091, 716200), (651100, 716210), (3255545, 3581100), (3255546, 3581100)],
)
def test_a_city_raises_an_undeclared_base_within_the_new_limits(last, base):
    assert explain_undeclared_base(last, 716200, 3581100, LAW).value == base


def test_the_steps_of_an_assessment():
    terms = AssessmentTerms(
        1_100_000, rounding=Rounding.UP_JIAO, sources={"rate": "rate", "rounding": "rounding"}
    )

    assert as_text(explain_assessment(1_234_567, terms)) == [
        (
            "assessed_exact: last_month_paid * rate [last_month_paid=12345.67, rate=110%]"
            " = 13580.237 | SIL 62; 社会保险费申报缴纳管理规定 8 | rate"
        ),
        (
            "assessed: round(exact) [exact=13580.237, rounding=up_jiao]"
            " = 13580.30 | SIL 62; 社会保险费申报缴纳管理规定 8 | rounding"
        ),
    ]


def test_the_steps_of_a_settlement_and_of_a_base():
    assert as_text(settle_assessment(50000, 55000)) == [
        (
            "balance: due - assessed [assessed=550.00, due=500.00]"
            " = -50.00 | SIL 62; 社会保险费申报缴纳管理规定 8 | -"
        )
    ]
    assert as_text(explain_undeclared_base(600000, 716200, 3581100, LAW)) == [
        "base_exact: last_base * rate [last_base=6000.00, rate=110%] = 6600 | practice | -",
        "base: round(exact) [exact=6600, rounding=half_up_fen] = 6600.00 | practice | -",
        (
            "base_limits: min(max(base, base_floor), base_ceiling) [base=6600.00, base_ceiling=35811.00,"
            " base_floor=7162.00] = 7162.00 | 国办发〔2019〕13号 | -"
        ),
    ]
