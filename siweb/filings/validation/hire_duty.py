"""Measure a hire by the duty to insure (社会保险法 10, 23, 33, 44, 53, 58).

What falls short is named to filer and desk and accepted all the same: to leave an insurance out is
no choice of the two (法释〔2025〕12号 19), and refusing the row would leave the person without any.
"""

from collections.abc import Iterator
from datetime import date

from siweb.filings.fields.field import Values
from siweb.filings.fields.finding import ERROR, WARNING, Finding, finding
from siweb.filings.validation.terms import Terms
from siweb.rules.contributions.insurance_duty import (
    DutyFinding,
    EmploymentForm,
    InsuranceRefusal,
    days_late,
    divide_by_form,
    is_below_minimum_wage,
    missing_insurances,
    uncovered_months,
)

FOLLOWED_UP = (
    DutyFinding.LATE_HIRE,
    DutyFinding.UNCOVERED_MONTHS,
    DutyFinding.MISSING_INSURANCE,
    DutyFinding.BELOW_MINIMUM_WAGE,
)
"""What the desk follows up at employers."""


def form_of_employment(values: Values) -> EmploymentForm:
    """Return how somebody works; full time where nothing else is stated."""
    return EmploymentForm(values.get("form") or EmploymentForm.FULL_TIME)


def insurance_findings(values: Values, terms: Terms) -> Iterator[Finding]:
    """Yield which insurances cannot be had in this form, or not without another."""
    chosen, form = values["insurances"], form_of_employment(values)
    duty = terms.duty(values["start_month"])
    divided = divide_by_form(chosen, form, work_injury_allowed=form in duty.work_injury_alone)
    if divided.reason is InsuranceRefusal.NO_REGIONAL_RULE:
        yield finding("no_regional_rule", ERROR)
    elif divided.refused:
        yield finding("work_injury_alone", ERROR, insurances=list(divided.refused))
    # Maternity is collected together with medical (国办发〔2019〕10号): there is none alone.
    if "medical" not in chosen and "maternity" in chosen:
        yield finding("maternity_without_medical", ERROR)


def duty_findings(values: Values, terms: Terms) -> Iterator[Finding]:
    """Yield where a hire falls short of the duty to insure."""
    form, start = form_of_employment(values), values["start_month"]
    deadline = terms.deadline(values["hired_on"], "employee_registration")
    late = days_late(deadline.last_day, deadline.moved_to, terms.on)
    if late:
        yield finding(
            DutyFinding.LATE_HIRE.value, WARNING, day=deadline.last_day.isoformat(), days=late
        )
    duty = terms.duty(start)
    hired_on = date.fromisoformat(values["hired_on"])
    months = uncovered_months(hired_on, start, duty.first_month_rule)
    if months:
        yield finding(
            DutyFinding.UNCOVERED_MONTHS.value,
            WARNING,
            first_month=months[0],
            last_month=months[-1],
        )
    missing = missing_insurances(
        form, values["insurances"], maternity_with_medical=duty.maternity_with_medical
    )
    if missing:
        yield finding(DutyFinding.MISSING_INSURANCE.value, WARNING, insurances=list(missing))
    if is_below_minimum_wage(values["wage_fen"], duty.minimum_wage_fen, form):
        yield finding(
            DutyFinding.BELOW_MINIMUM_WAGE.value,
            WARNING,
            wage=values["wage_fen"],
            minimum=duty.minimum_wage_fen,
        )
