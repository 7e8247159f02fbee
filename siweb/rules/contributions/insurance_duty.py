"""What an employer owes a person it hires: which insurances, from which month, filed by when.

SIL 10, 23, 33, 44, 53: an employee shall be insured (应当参加) in all five; 58: registered within
thirty days from the start of employment. What falls short is a finding that filer and desk see,
never a refusal: an agreement to leave an insurance out is void (法释〔2025〕12号 19).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from siweb.rules.calendar.months import add_months, month_of, months_through
from siweb.rules.contributions.premium import base_used
from siweb.rules.insurances import INSURANCES


class EmploymentForm(StrEnum):
    """How somebody works for an employer."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    DISPATCH = "dispatch"
    INTERN = "intern"
    OVER_AGE = "over_age"


class FirstMonthRule(StrEnum):
    """From which month premiums are owed after a hire within a month: a local setting."""

    # No national rule is known for a hire within a month, so both are lawful settings.
    HIRE_MONTH = "hire_month"
    NEXT_MONTH = "next_month"


class DutyFinding(StrEnum):
    """What filer and desk are told about a hire, by its code."""

    LATE_HIRE = "late_hire"
    UNCOVERED_MONTHS = "uncovered_months"
    MISSING_INSURANCE = "missing_insurance"
    BELOW_MINIMUM_WAGE = "below_minimum_wage"
    RAISED_TO_FLOOR = "raised_to_floor"
    CUT_TO_CEILING = "cut_to_ceiling"


class InsuranceRefusal(StrEnum):
    """Why an insurance that was asked for is not accepted."""

    ENROLLED_ELSEWHERE = "enrolled_elsewhere"
    WORK_INJURY_ALONE = "work_injury_alone"
    NO_REGIONAL_RULE = "no_regional_rule"


@dataclass(frozen=True, slots=True)
class DividedInsurances:
    """The insurances asked for, in their order: which are accepted and which are not, and why."""

    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    reason: InsuranceRefusal | None


# 劳动合同法 68, SIL 10 and 23: a part-time employee may pay pension and medical alone, but work
# injury has no such exception. 人社部令第56号: over-age workers have work injury cover and nothing
# else. Interns are no employees: a province may allow work injury cover, nobody owes it.
_ALL_FIVE = frozenset({EmploymentForm.FULL_TIME, EmploymentForm.DISPATCH})
_WORK_INJURY_AT_LEAST = frozenset({EmploymentForm.PART_TIME, EmploymentForm.OVER_AGE})
WORK_INJURY_ALONE = frozenset({EmploymentForm.INTERN, EmploymentForm.OVER_AGE})


def required_insurances(form: EmploymentForm) -> tuple[str, ...]:
    """Return the insurances that an employer owes somebody who works in this form."""
    if form in _ALL_FIVE:
        return INSURANCES
    return ("work_injury",) if form in _WORK_INJURY_AT_LEAST else ()


def missing_insurances(
    form: EmploymentForm, enrolled: Collection[str], *, maternity_with_medical: bool = False
) -> tuple[str, ...]:
    """Return the insurances that are owed and were not asked for.

    `maternity_with_medical`: the region collects both together (国办发〔2019〕10号): whoever has
    medical has maternity too.
    """
    covered = set(enrolled)
    if maternity_with_medical and "medical" in covered:
        covered.add("maternity")
    return tuple(each for each in required_insurances(form) if each not in covered)


def first_owed_month(hired_on: date, rule: FirstMonthRule) -> str:
    """Return the first month whose premiums are owed."""
    month = month_of(hired_on)
    return month if rule is FirstMonthRule.HIRE_MONTH else add_months(month, 1)


def uncovered_months(hired_on: date, start_month: str, rule: FirstMonthRule) -> tuple[str, ...]:
    """Return the months that are owed and lie before the first contribution month."""
    return tuple(months_through(first_owed_month(hired_on, rule), add_months(start_month, -1)))


def days_late(last_day: date, moved_to: date, filed_on: date) -> int:
    """Return how many days after the thirtieth day a hire was filed.

    A last day that is no working day excuses a filing on the next one (Civil Code 203); whoever
    comes later still is counted from the thirtieth day (SIL 58).
    """
    return 0 if filed_on <= moved_to else (filed_on - last_day).days


def is_below_minimum_wage(
    wage: int, minimum_wage: int | None, form: EmploymentForm, *, whole_month: bool = True
) -> bool:
    """Tell whether a wage in fen is less than the local minimum a month, which full time means.

    A part of a month, sick leave or unpaid leave are lawful reasons: a question, not a refusal.
    None: the region's pack has no minimum wage for the month.
    """
    if minimum_wage is None or not whole_month or form not in _ALL_FIVE:
        return False
    return wage < minimum_wage


def wage_findings(
    wage: int,
    limits: tuple[int, int],
    minimum_wage: int | None,
    form: EmploymentForm,
    *,
    whole_month: bool = True,
) -> tuple[DutyFinding, ...]:
    """Return what there is to say about a declared wage in fen, within floor and ceiling in fen."""
    found = []
    if is_below_minimum_wage(wage, minimum_wage, form, whole_month=whole_month):
        found.append(DutyFinding.BELOW_MINIMUM_WAGE)
    base = base_used(wage, *limits)
    if base > wage:
        found.append(DutyFinding.RAISED_TO_FLOOR)
    elif base < wage:
        found.append(DutyFinding.CUT_TO_CEILING)
    return tuple(found)


def divide_second_employer(
    asked: Collection[str], active_elsewhere: Collection[str]
) -> DividedInsurances:
    """Return what a further employer may insure of somebody who is insured elsewhere.

    Each employer pays work injury for its own worker, since the one where the person was hurt is
    liable (实施社会保险法若干规定 9); the other four have one relation at a time.
    """
    refused = {each for each in asked if each in active_elsewhere and each != "work_injury"}
    return _divided(asked, refused, InsuranceRefusal.ENROLLED_ELSEWHERE)


def divide_by_form(
    asked: Collection[str], form: EmploymentForm, *, work_injury_allowed: bool
) -> DividedInsurances:
    """Return what may be insured in this form.

    Interns and people past retirement age have work injury alone, where a rule in force for the
    region and month allows it; somebody who draws a pension pays no pension premium.
    """
    if form not in WORK_INJURY_ALONE:
        return _divided(asked, set(), InsuranceRefusal.WORK_INJURY_ALONE)
    if not work_injury_allowed:
        return _divided(asked, set(asked), InsuranceRefusal.NO_REGIONAL_RULE)
    refused = set(asked) - {"work_injury"}
    return _divided(asked, refused, InsuranceRefusal.WORK_INJURY_ALONE)


def _divided(
    asked: Collection[str], refused: Collection[str], reason: InsuranceRefusal
) -> DividedInsurances:
    ordered = [each for each in INSURANCES if each in asked]
    return DividedInsurances(
        tuple(each for each in ordered if each not in refused),
        tuple(each for each in ordered if each in refused),
        reason if refused else None,
    )
