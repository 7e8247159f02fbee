"""What an employer owes at a hire: both sides of every boundary, form by form."""

from datetime import date

import pytest

from siweb.rules.contributions.insurance_duty import (
    DividedInsurances,
    DutyFinding,
    EmploymentForm,
    FirstMonthRule,
    InsuranceRefusal,
    days_late,
    divide_by_form,
    divide_second_employer,
    first_owed_month,
    is_below_minimum_wage,
    missing_insurances,
    required_insurances,
    uncovered_months,
    wage_findings,
)
from siweb.rules.insurances import INSURANCES

FULL, PART = EmploymentForm.FULL_TIME, EmploymentForm.PART_TIME
OVER_AGE, INTERN = EmploymentForm.OVER_AGE, EmploymentForm.INTERN
HIRE_MONTH, NEXT_MONTH = FirstMonthRule.HIRE_MONTH, FirstMonthRule.NEXT_MONTH
LIMITS = (754_600, 3_773_100)


@pytest.mark.parametrize(
    ("form", "owed"),
    [(FULL, INSURANCES), (EmploymentForm.DISPATCH, INSURANCES), (PART, ("work_injury",)),
     (OVER_AGE, ("work_injury",)), (INTERN, ())],
)  # fmt: skip
def test_each_form_of_employment_owes_its_own_insurances(form, owed):
    assert required_insurances(form) == owed
    assert missing_insurances(form, ()) == owed
    assert missing_insurances(form, INSURANCES) == ()


def test_what_is_missing_is_named_in_the_order_of_the_insurances():
    assert missing_insurances(FULL, ["work_injury", "pension"]) == (
        "medical", "unemployment", "maternity",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("together", "enrolled", "missing"),
    [(True, ["pension", "medical", "unemployment", "work_injury"], ()),
     (False, ["pension", "medical", "unemployment", "work_injury"], ("maternity",)),
     (True, ["pension", "unemployment", "work_injury"], ("medical", "maternity"))],
)  # fmt: skip
def test_maternity_may_come_with_medical(together, enrolled, missing):
    assert missing_insurances(FULL, enrolled, maternity_with_medical=together) == missing


@pytest.mark.parametrize(
    ("rule", "start", "months"),
    [(HIRE_MONTH, "2026-08", ()), (HIRE_MONTH, "2026-09", ("2026-08",)),
     (HIRE_MONTH, "2026-11", ("2026-08", "2026-09", "2026-10")), (HIRE_MONTH, "2026-07", ()),
     (NEXT_MONTH, "2026-09", ()), (NEXT_MONTH, "2026-10", ("2026-09",)),
     (NEXT_MONTH, "2026-08", ())],
)  # fmt: skip
def test_months_between_hire_and_first_premium(rule, start, months):
    assert uncovered_months(date(2026, 8, 3), start, rule) == months


def test_the_month_after_a_december_is_january():
    assert first_owed_month(date(2026, 12, 31), NEXT_MONTH) == "2027-01"
    assert first_owed_month(date(2026, 12, 31), HIRE_MONTH) == "2026-12"


@pytest.mark.parametrize(
    ("filed_on", "late"),
    [(date(2025, 3, 1), 0), (date(2025, 3, 2), 0), (date(2025, 3, 3), 0), (date(2025, 3, 4), 2)],
)
def test_a_sunday_excuses_until_monday_and_no_longer(filed_on, late):
    assert days_late(date(2025, 3, 2), date(2025, 3, 3), filed_on) == late


@pytest.mark.parametrize(
    ("wage", "minimum", "form", "whole_month", "below"),
    [(273_999, 274_000, FULL, True, True), (274_000, 274_000, FULL, True, False),
     (0, 274_000, EmploymentForm.DISPATCH, True, True), (0, 274_000, FULL, False, False),
     (0, 274_000, PART, True, False), (0, 274_000, INTERN, True, False),
     (0, 274_000, OVER_AGE, True, False), (0, None, FULL, True, False)],
)  # fmt: skip
def test_the_minimum_wage_is_for_a_whole_month_at_full_time(
    wage, minimum, form, whole_month, below
):
    assert is_below_minimum_wage(wage, minimum, form, whole_month=whole_month) is below


@pytest.mark.parametrize(
    ("wage", "findings"),
    [(273_999, (DutyFinding.BELOW_MINIMUM_WAGE, DutyFinding.RAISED_TO_FLOOR)),
     (274_000, (DutyFinding.RAISED_TO_FLOOR,)), (754_599, (DutyFinding.RAISED_TO_FLOOR,)),
     (754_600, ()), (3_773_100, ()), (3_773_101, (DutyFinding.CUT_TO_CEILING,))],
)  # fmt: skip
def test_what_there_is_to_say_about_a_wage(wage, findings):
    assert wage_findings(wage, LIMITS, 274_000, FULL) == findings


def test_a_part_of_a_month_is_no_question():
    found = wage_findings(100, LIMITS, 274_000, FULL, whole_month=False)

    assert found == (DutyFinding.RAISED_TO_FLOOR,)


def test_a_further_employer_insures_work_injury_and_what_nobody_insures():
    assert divide_second_employer(INSURANCES, ["pension", "work_injury"]) == DividedInsurances(
        ("medical", "unemployment", "work_injury", "maternity"), ("pension",),
        InsuranceRefusal.ENROLLED_ELSEWHERE,
    )  # fmt: skip
    assert divide_second_employer(["work_injury"], INSURANCES) == DividedInsurances(
        ("work_injury",), (), None
    )


@pytest.mark.parametrize(
    ("form", "asked", "allowed", "divided"),
    [(FULL, INSURANCES, False, (INSURANCES, (), None)),
     (OVER_AGE, ["work_injury"], True, (("work_injury",), (), None)),
     (OVER_AGE, ["pension"], True, ((), ("pension",), InsuranceRefusal.WORK_INJURY_ALONE)),
     (INTERN, ["work_injury", "pension"], True,
      (("work_injury",), ("pension",), InsuranceRefusal.WORK_INJURY_ALONE)),
     (INTERN, ["work_injury"], False,
      ((), ("work_injury",), InsuranceRefusal.NO_REGIONAL_RULE))],
)  # fmt: skip
def test_interns_and_the_over_aged_have_work_injury_alone(form, asked, allowed, divided):
    assert divide_by_form(asked, form, work_injury_allowed=allowed) == DividedInsurances(*divided)


def test_maternity_is_apart_unless_the_region_says_otherwise():
    four = [each for each in INSURANCES if each != "maternity"]

    assert missing_insurances(EmploymentForm.FULL_TIME, four) == ("maternity",)


def test_a_wage_is_of_a_whole_month_unless_said_otherwise():
    assert is_below_minimum_wage(1, 2, EmploymentForm.FULL_TIME)
