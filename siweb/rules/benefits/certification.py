"""Until when a benefit recipient's certification (资格认证) holds.

人社厅发〔2018〕54号: no season, no mass certification; a rolling period from the last success.
Overdue is not ineligible: the benefit is suspended, and paid later when the certification succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from siweb.rules.calendar.months import add_months, corresponding_day, month_of
from siweb.rules.errors import RuleError
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.quantity import day, month, months

_RULE = "人社厅发〔2018〕54号"


@dataclass(frozen=True, slots=True)
class CertificationTerms:
    """The rolling period and the grace after it, both in months."""

    period_months: int
    grace_months: int = 0
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CertificationPeriod:
    """The day by which the next success is needed, and the month that a suspension starts with."""

    suspend_if_none_by: date
    suspended_from_month: str


def compute_certification(last_success_on: date, terms: CertificationTerms) -> CertificationPeriod:
    """Return the period that a success on `last_success_on` starts.

    Each success moves it. Without one, the benefit stops with the month after the last day, later
    by the grace.

    :raises RuleError: "period_months" if the period is not at least one month, "months_negative".
    """
    if terms.period_months < 1:
        raise RuleError("period_months", months=terms.period_months)
    if terms.grace_months < 0:
        raise RuleError("months_negative", months=terms.grace_months)
    last_day = corresponding_day(last_success_on, terms.period_months)
    # The month of the last day is still paid: the benefit of a month is due at its beginning.
    suspended_from = add_months(month_of(last_day), 1 + terms.grace_months)
    return CertificationPeriod(last_day, suspended_from)


def explain_certification(
    last_success_on: date, terms: CertificationTerms
) -> Explained[CertificationPeriod]:
    """Return what `compute_certification` does, with its steps."""
    period = compute_certification(last_success_on, terms)
    steps = (
        Step(
            "suspend_if_none_by",
            "last_success + period_months",
            {"last_success": day(last_success_on), "period_months": months(terms.period_months)},
            day(period.suspend_if_none_by),
            f"{_RULE}; 民法典 202",
            terms.sources.get("period_months"),
        ),
        Step(
            "suspended_from_month",
            "month_after(suspend_if_none_by) + grace_months",
            {
                "suspend_if_none_by": day(period.suspend_if_none_by),
                "grace_months": months(terms.grace_months),
            },
            month(period.suspended_from_month),
            _RULE,
            terms.sources.get("grace_months"),
        ),
    )
    return Explained(period, steps)
