import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.benefits.retirement import (
    MinimumMonths,
    Retirement,
    RetirementSchedule,
    compute_retirement,
    explain_minimum_months,
    explain_retirement,
    minimum_months,
    months_short,
)
from siweb.rules.calendar.months import MonthRefused, add_months, month_at, months_between
from tests.rules.steps import as_text

SCHEDULES = {
    "male": RetirementSchedule("male", 60, "1965-01", 4, 36, "2025-01"),
    "female55": RetirementSchedule("female55", 55, "1970-01", 4, 36, "2025-01"),
    "female50": RetirementSchedule("female50", 50, "1975-01", 2, 60, "2025-01"),
}
MINIMUM = MinimumMonths(
    ((2025, 180), *((year, 180 + 6 * (year - 2029)) for year in range(2030, 2040)))
)


# Rows of the official tables 1 to 3: their first and last, and both sides of the steps.
@pytest.mark.parametrize(
    ("category", "birth", "age", "month", "delay"),
    [
        ("male", "1964-12", (60, 0), "2024-12", 0),
        ("male", "1965-01", (60, 1), "2025-02", 1),
        ("male", "1965-04", (60, 1), "2025-05", 1),
        ("male", "1965-05", (60, 2), "2025-07", 2),
        ("male", "1965-12", (60, 3), "2026-03", 3),
        ("male", "1970-08", (61, 5), "2032-01", 17),
        ("male", "1976-08", (62, 11), "2039-07", 35),
        ("male", "1976-09", (63, 0), "2039-09", 36),
        ("male", "1976-12", (63, 0), "2039-12", 36),
        ("male", "1995-06", (63, 0), "2058-06", 36),
        ("female55", "1969-12", (55, 0), "2024-12", 0),
        ("female55", "1970-01", (55, 1), "2025-02", 1),
        ("female55", "1975-06", (56, 5), "2031-11", 17),
        ("female55", "1981-08", (57, 11), "2039-07", 35),
        ("female55", "1981-09", (58, 0), "2039-09", 36),
        ("female55", "1990-01", (58, 0), "2048-01", 36),
        ("female50", "1974-12", (50, 0), "2024-12", 0),
        ("female50", "1975-01", (50, 1), "2025-02", 1),
        ("female50", "1975-02", (50, 1), "2025-03", 1),
        ("female50", "1975-03", (50, 2), "2025-05", 2),
        ("female50", "1984-10", (54, 11), "2039-09", 59),
        ("female50", "1984-11", (55, 0), "2039-11", 60),
        ("female50", "1990-01", (55, 0), "2045-01", 60),
    ],
)
def test_the_official_tables(category, birth, age, month, delay):
    found = compute_retirement(birth, SCHEDULES[category])

    assert (found.age_years, found.age_months) == age
    assert (found.retirement_month, found.delay_months) == (month, delay)


@pytest.mark.parametrize(
    ("category", "birth", "earliest", "latest"),
    [
        ("male", "1965-01", "2025-01", "2028-02"),
        ("male", "1976-12", "2036-12", "2042-12"),
        ("female55", "1975-06", "2030-06", "2034-11"),
        ("female50", "1975-02", "2025-02", "2028-03"),
        ("female50", "1979-12", "2029-12", "2035-06"),
        ("female50", "1980-01", "2030-01", "2035-08"),
        ("female50", "1984-11", "2036-11", "2042-11"),
    ],
)
def test_the_elastic_window_never_opens_before_the_old_age(category, birth, earliest, latest):
    found = compute_retirement(birth, SCHEDULES[category])

    assert (found.earliest_elastic_month, found.latest_elastic_month) == (earliest, latest)


def test_whoever_retired_before_the_reform_has_no_window():
    assert compute_retirement("1964-12", SCHEDULES["male"]) == Retirement(
        0, 720, "2024-12", None, None
    )
    assert compute_retirement("1965-01", SCHEDULES["male"]).latest_elastic_month == "2028-02"


@pytest.mark.parametrize("birth", ["1965", "1965-13", "", "1965-01-01"])
def test_a_birth_month_is_a_month(birth):
    with pytest.raises(MonthRefused):
        compute_retirement(birth, SCHEDULES["male"])


@given(st.sampled_from(sorted(SCHEDULES)), st.integers(1940 * 12, 2010 * 12))
def test_the_month_is_birth_plus_age_and_never_goes_back(category, index):
    schedule = SCHEDULES[category]
    younger, older = (compute_retirement(month_at(at), schedule) for at in (index + 1, index))

    assert months_between(month_at(index), older.retirement_month) == older.age
    assert older.age == schedule.base_age * 12 + older.delay_months
    assert younger.retirement_month > older.retirement_month
    assert older.retirement_month >= add_months(month_at(index), schedule.base_age * 12)


@pytest.mark.parametrize(
    ("year", "months"),
    [
        (2011, 180),
        (2025, 180),
        (2029, 180),
        (2030, 186),
        (2031, 192),
        (2038, 234),
        (2039, 240),
        (2050, 240),
    ],
)
def test_minimum_months_by_table_4(year, months):
    assert minimum_months(year, MINIMUM) == months
    assert explain_minimum_months(year, MINIMUM).value == months


@pytest.mark.parametrize(("paid", "short"), [(0, 180), (179, 1), (180, 0), (181, 0)])
def test_months_short(paid, short):
    assert months_short(paid, 180) == short


def test_the_steps_of_a_retirement():
    names = ("first_birth_month", "base_age", "elastic_earlier", "elastic_later")
    schedule = RetirementSchedule(
        "female55", 55, "1970-01", 4, 36, "2025-01", sources={name: name for name in names}
    )
    law = "国务院关于渐进式延迟法定退休年龄的办法"

    assert as_text(explain_retirement("1975-06", schedule)) == [
        (
            "delay_months: min(most_delay, months_since_first // per_step + 1) [birth_month=1975-06,"
            f" first_birth_month=1970-01, most_delay=36, per_step=4] = 17 | {law} 1 | first_birth_month"
        ),
        f"retirement_age: base_age + delay_months [base_age=660, delay_months=17] = 677 | {law} 1 | base_age",
        (
            "retirement_month: birth_month + retirement_age [birth_month=1975-06, retirement_age=677]"
            f" = 2031-11 | {law} 1 | -"
        ),
        (
            "earliest_elastic_month: max(birth_month + base_age, retirement_month - elastic_earlier)"
            " [base_age=660, birth_month=1975-06, elastic_earlier=36, retirement_month=2031-11]"
            f" = 2030-06 | {law} 4; 人社部发〔2024〕94号 | elastic_earlier"
        ),
        (
            "latest_elastic_month: retirement_month + elastic_later [elastic_later=36, retirement_month=2031-11]"
            f" = 2034-11 | {law} 4; 人社部发〔2024〕94号 | elastic_later"
        ),
    ]


@pytest.mark.parametrize(
    ("birth", "formula", "steps"),
    [("1964-12", "0", 3), ("1965-01", "min(most_delay, months_since_first // per_step + 1)", 5)],
)
def test_the_steps_before_and_from_the_first_birth_month(birth, formula, steps):
    explained = explain_retirement(birth, SCHEDULES["male"])

    assert explained.steps[0].formula == formula
    assert len(explained.steps) == steps


def test_the_step_of_the_minimum():
    minimum = MinimumMonths(MINIMUM.rows, {"rows": "table 4"})

    assert as_text(explain_minimum_months(2030, minimum)) == [
        "min_contribution_months: table_4(year) [year=2030] = 186 | 国务院关于渐进式延迟法定退休年龄的办法 2 | table 4"
    ]


@pytest.mark.parametrize(("birth", "has_window"), [("1964-12", False), ("1965-01", True)])
def test_the_window_opens_with_its_first_month(birth, has_window):
    schedule = RetirementSchedule("male", 60, "1965-01", 4, 36, "2025-02")

    explained = explain_retirement(birth, schedule)

    assert explained.value == compute_retirement(birth, schedule)
    assert (explained.value.earliest_elastic_month is not None) == has_window
