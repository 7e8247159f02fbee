import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.benefits.account_interest import (
    InterestMethod,
    InterestTerms,
    compute_account_year,
    explain_account_year,
)
from siweb.rules.errors import RuleError
from siweb.rules.numbers.arithmetic import Rounding
from tests.rules import decimal_model
from tests.rules.steps import as_text

EVERY_MONTH = [(month, 80000) for month in range(1, 13)]
deposits = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 10**10)), max_size=24)
rates = st.integers(min_value=0, max_value=200_000)
roundings = st.sampled_from(list(Rounding))


def test_a_year_by_month_product():
    year = compute_account_year(10_000_000, EVERY_MONTH, InterestTerms(26_200))

    assert (year.opening, year.opening_interest) == (10_000_000, 262_000)
    assert (year.month_product, year.deposit_interest) == (6_240_000, 13_624)
    assert (year.deposits, year.closing, year.settled) == (960_000, 11_235_624, True)


def test_a_year_by_the_yearly_method():
    terms = InterestTerms(26_200, InterestMethod.YEARLY)

    year = compute_account_year(10_000_000, EVERY_MONTH, terms)

    # 9600 * 2.62 % * 1.083 / 2 = 136.197...
    assert (year.deposit_interest, year.closing) == (13_620, 11_235_620)


def test_a_provisional_rate_makes_a_provisional_year():
    assert compute_account_year(0, [], InterestTerms(26_200, settled=False)).settled is False


@pytest.mark.parametrize(("month", "product"), [(1, 1200), (7, 600), (11, 200), (12, 100)])
def test_a_deposit_earns_from_its_own_month_on(month, product):
    assert compute_account_year(0, [(month, 100)], InterestTerms(0)).month_product == product


def test_several_deposits_in_a_month_are_all_counted():
    year = compute_account_year(0, [(12, 100), (12, 200)], InterestTerms(0))

    assert (year.deposits, year.month_product) == (300, 300)


def test_who_retires_in_june_is_credited_through_june():
    year = compute_account_year(10_000_000, [(1, 80000), (6, 80000)], InterestTerms(26_200), 6)

    assert year.opening_interest == 131_000
    assert year.month_product == 80000 * 7
    assert year.deposit_interest == 1_223


@pytest.mark.parametrize(
    ("opening", "paid_in", "through", "code", "facts"),
    [
        (0, [(0, 1)], 12, "deposit_month", {"month": 0, "through": 12}),
        (0, [(13, 1)], 12, "deposit_month", {"month": 13, "through": 12}),
        (0, [(7, 1)], 6, "deposit_month", {"month": 7, "through": 6}),
        (0, [(1, -1)], 12, "amount_negative", {"amount": -1}),
        (-1, [], 12, "amount_negative", {"amount": -1}),
        (0, [], 0, "through_month", {"month": 0}),
        (0, [], 13, "through_month", {"month": 13}),
    ],
)
def test_wrong_months_and_amounts_are_refused(opening, paid_in, through, code, facts):
    with pytest.raises(RuleError) as refused:
        compute_account_year(opening, paid_in, InterestTerms(26_200), through)

    assert (refused.value.code, refused.value.facts) == (code, facts)


def test_the_yearly_method_is_for_whole_years():
    with pytest.raises(RuleError) as refused:
        compute_account_year(0, [], InterestTerms(1, InterestMethod.YEARLY), 11)

    assert (refused.value.code, refused.value.facts) == ("yearly_through_month", {"month": 11})


def test_the_ends_of_the_year_and_no_money_at_all_are_fine():
    assert compute_account_year(0, [(1, 0)], InterestTerms(26_200), 1).closing == 0


@given(st.integers(0, 10**12), deposits, rates, roundings)
def test_month_product_equals_the_decimal_model(opening, paid_in, rate, rounding):
    terms = InterestTerms(rate, rounding=rounding)

    year = compute_account_year(opening, paid_in, terms)

    assert year.deposit_interest == decimal_model.month_product_interest(paid_in, rate, rounding)
    on_opening = decimal_model.share(decimal_model.yuan(opening), rate, rounding)
    assert year.opening_interest == on_opening
    assert explain_account_year(opening, paid_in, terms).value == year


@given(deposits, rates, st.integers(1_000_000, 1_200_000), roundings)
def test_the_yearly_method_equals_the_decimal_model(paid_in, rate, factor, rounding):
    terms = InterestTerms(rate, InterestMethod.YEARLY, factor, rounding)

    year = compute_account_year(0, paid_in, terms)

    assert year.deposit_interest == decimal_model.yearly_interest(paid_in, rate, factor, rounding)
    assert explain_account_year(0, paid_in, terms).value == year


def test_the_steps_by_month_product():
    terms = InterestTerms(26_200, sources={"rate": "rate"})

    assert as_text(explain_account_year(10_000_000, EVERY_MONTH, terms)) == [
        (
            "opening_interest: round(opening * rate) [opening=100000.00, rate=2.62%, rounding=half_up_fen]"
            " = 2620.00 | 劳办发〔1997〕116号 | rate"
        ),
        "month_product: sum(deposit * months) [deposits=9600.00] = 62400.00 | 劳办发〔1997〕116号 | -",
        (
            "year_interest: month_product * rate [month_product=62400.00, rate=2.62%]"
            " = 1634.88 | 劳办发〔1997〕116号 | rate"
        ),
        (
            "deposit_interest: round(exact / twelve) [exact=1634.88, rounding=half_up_fen, twelve=12]"
            " = 136.24 | 劳办发〔1997〕116号 | -"
        ),
        (
            "closing: opening + opening_interest + deposits + deposit_interest [deposit_interest=136.24,"
            " deposits=9600.00, opening=100000.00, opening_interest=2620.00]"
            " = 112356.24 | 劳办发〔1997〕116号 | -"
        ),
    ]


def test_the_steps_by_the_yearly_method_and_through_a_month():
    yearly = InterestTerms(26_200, InterestMethod.YEARLY, sources={"rate": "rate"})

    assert as_text(explain_account_year(0, EVERY_MONTH, yearly))[1] == (
        "deposit_interest: round(deposits * rate * yearly_factor / 2) [deposits=9600.00, rate=2.62%,"
        " rounding=half_up_fen, yearly_factor=1.083] = 136.20 | 劳办发〔1997〕116号 | rate"
    )
    assert as_text(explain_account_year(10_000_000, [], InterestTerms(26_200), 6))[0] == (
        "opening_interest: round(opening * rate * months / 12) [months=6, opening=100000.00,"
        " rate=2.62%, rounding=half_up_fen] = 1310.00 | 劳办发〔1997〕116号 | -"
    )
