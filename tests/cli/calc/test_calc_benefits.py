"""`siweb calc`: accounts, pensions, retirement and benefits."""

import pytest


# The first and last rows of tables 1 to 3 of 国务院关于渐进式延迟法定退休年龄的办法.
@pytest.mark.parametrize(
    ("category", "birth", "age", "month"),
    [
        ("male", "1965-01", (60, 1), "2025-02"),
        ("male", "1976-08", (62, 11), "2039-07"),
        ("male", "1976-09", (63, 0), "2039-09"),
        ("female55", "1970-01", (55, 1), "2025-02"),
        ("female55", "1981-08", (57, 11), "2039-07"),
        ("female55", "1981-09", (58, 0), "2039-09"),
        ("female50", "1975-01", (50, 1), "2025-02"),
        ("female50", "1984-10", (54, 11), "2039-09"),
        ("female50", "1984-11", (55, 0), "2039-11"),
    ],
)
def test_the_ends_of_the_official_retirement_tables(calc, category, birth, age, month):
    result = calc("retirement", "--birth-month", birth, "--category", category)["result"]

    assert (result["age_years"], result["age_months"]) == age
    assert result["retirement_month"] == month


# Table 4 of the same.
@pytest.mark.parametrize(
    ("year", "months"), [(2025, 180), (2029, 180), (2030, 186), (2038, 234), (2039, 240)]
)
def test_the_ends_of_the_official_table_of_minimum_months(calc, year, months):
    assert calc("minimum-months", "--year", year)["result"] == {"months": months}
    assert calc("retirement", "--year", year)["result"] == {"months": months}


def test_the_yearly_method_and_a_provisional_rate(calc):
    answer = calc("account", "--deposits", "1-12:800", "--year", "2026", "--method", "yearly")

    # 9600 * 1.5 % * 1.083 / 2
    assert answer["result"]["deposit_interest"] == "77.98"
    assert answer["result"]["settled"] is False


def test_an_account_as_it_was_known_before_the_rate_was_published(calc):
    year = ("account", "--opening", "1000", "--year", "2025")

    before = calc(*year, "--as-of", "2025-12-31")["result"]
    after = calc(*year, "--as-of", "2026-07-01")["result"]

    assert (before["opening_interest"], before["settled"]) == ("26.20", False)
    assert (after["opening_interest"], after["settled"]) == ("15.00", True)


def test_an_account_through_the_month_of_retirement(calc):
    options = ("--opening", "1000", "--deposits", "1:100", "--deposits", "2025-03=100")

    result = calc("account", *options, "--rate", "12%", "--through-month", "3", "--provisional")

    assert result["result"]["opening_interest"] == "30.00"
    assert result["result"]["deposit_interest"] == "4.00"


def test_a_pension_between_two_birthdays_by_each_method(calc):
    facts = ("pension", "--average-wage", "10000", "--index", "1", "--months-contributed", "240",
             "--balance", "120000", "--age", "60y3m")  # fmt: skip

    assert calc(*facts)["result"]["months"] == "137.25"
    assert calc(*facts, "--age-method", "truncation")["result"]["months"] == 139
    assert calc(*facts)["result"]["estimate"] is True


def test_a_pension_takes_the_regions_wage_and_formula(calc):
    options = ("--region", "310000", "--month", "2025-07", "--index", "1", "--years", "20")

    result = calc("pension", *options, "--balance", "0", "--age", "60")["result"]

    # 12434 * 240 months * 0.083 % = 2476.8528, to the jiao.
    assert result["basic"] == "2476.90"


def test_benefit_months_carry_over_to_the_most(calc):
    asked = ("benefit-months", "--months-contributed", "60", "--carried-months", "10")

    assert calc(*asked)["result"] == {"max_months": 24}


def test_a_benefit_is_suspended_after_the_grace(calc):
    asked = ("certification", "--last-success", "2023-12-05", "--grace-months", "1")

    assert calc(*asked)["result"] == {
        "suspend_if_none_by": "2024-12-05", "suspended_from_month": "2025-02"
    }  # fmt: skip


def test_what_retirement_lacks(calc):
    asked = ("retirement", "--birth-month", "1975-06-15", "--category", "female55")

    assert calc(*asked, "--months-contributed", "180")["result"]["months_short"] == 12


def test_an_account_with_the_same_deposit_every_month(calc):
    by_month = calc("account", "--opening", "100", "--monthly-deposit", "800", "--rate", "2.62%")
    one_by_one = calc("account", "--opening", "100", "--deposits", "1-12:800", "--rate", "2.62%")

    assert by_month["result"] == one_by_one["result"]


def test_an_account_by_the_years_sum(calc):
    yearly = ("--yearly-deposit", "9600", "--method", "yearly", "--rate", "1.5%")

    assert calc("account", *yearly)["result"]["deposit_interest"] == "77.98"


def test_a_pension_over_months_that_are_given(calc):
    facts = ("--average-wage", "10000", "--index", "0.8", "--years", "20", "--balance", "120000")

    result = calc("pension", *facts, "--payout-months", "139")["result"]

    assert (result["months"], result["account"], result["total"]) == (139, "863.31", "2663.31")
