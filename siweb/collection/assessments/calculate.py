"""What an assessment comes to: amounts by insurance, and how they were worked out.

Amounts and calculation are rows' JSON: see `siweb.collection.tables.assessment`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from siweb.collection.assessments.kept_steps import keep_steps
from siweb.registry.employers.injury_rate import Risks
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import months_through
from siweb.rules.contributions.assessment import (
    AssessmentScope,
    AssessmentTerms,
    assess_amount,
    explain_assessment,
)
from siweb.rules.contributions.premium import (
    PremiumTerms,
    compute_employer_total,
    explain_employer_total,
    explain_premium,
)
from siweb.rules.explanation import Step
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing


class WorkedOut(NamedTuple):
    """Amounts by insurance, and the calculation behind them, both as JSON holds them."""

    amounts: dict[str, dict[str, int]]
    calculation: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LastAmount:
    """What was paid or assessed for an insurance in the last month; fen."""

    base_fen: int
    employer_fen: int
    employee_fen: int
    headcount: int

    @property
    def total_fen(self) -> int:
        """Return both sides together."""
        return self.employer_fen + self.employee_fen


def work_out_base(
    packs: PackSet,
    employer: Employer,
    risks: Risks,
    months: tuple[str, str],
    base_fen: int,
    *,
    headcount: int = 1,
) -> WorkedOut:
    """Return what `headcount` people owe for a base in fen in each month from first to last.

    :raises ParameterMissing: when the region has no figures for one of the months.
    """
    amounts: dict[str, dict[str, int]] = {}
    calculation = []
    for insurance, first, last, terms in _periods(packs, employer, risks, months):
        number = len(list(months_through(first, last)))
        # By the employer's total:
        # where a pack rounds that, so many times one premium is another sum.
        month = compute_employer_total(terms, [base_fen] * headcount)
        steps: tuple[Step, ...] = explain_premium(terms, base_fen).steps
        if headcount > 1:
            steps += explain_employer_total(terms, [base_fen] * headcount).steps
        line = {
            "base_fen": month.base * number,
            "employer_fen": month.employer * number,
            "employee_fen": month.employee * number,
        }
        sums = amounts.setdefault(insurance, dict.fromkeys(line, 0) | {"headcount": headcount})
        for name, value in line.items():
            sums[name] += value
        calculation.append(
            {
                "insurance": insurance,
                "from_month": first,
                "to_month": last,
                "months": number,
                "steps": keep_steps(steps),
                **line,
            }
        )
    return WorkedOut(amounts, calculation)


def work_out_last_month(
    month: str, last: Mapping[str, LastAmount], terms: AssessmentTerms
) -> WorkedOut:
    """Return 110 % of last month's amounts, each insurance or the total rounded once (SIL 62)."""
    amounts, calculation = {}, []
    before = 0
    for insurance, amount in last.items():
        if terms.scope is AssessmentScope.TOTAL:
            # What is assessed of the total so far, less what was shared out already.
            total = assess_amount(before + amount.total_fen, terms) - assess_amount(before, terms)
            before += amount.total_fen
        else:
            total = assess_amount(amount.total_fen, terms)
        # Each is rounded by itself, so that the part may come out a fen above the whole: the
        # employer's share never goes below nothing.
        employee = min(total, assess_amount(amount.employee_fen, terms))
        amounts[insurance] = {
            "base_fen": amount.base_fen,
            "employer_fen": total - employee,
            "employee_fen": employee,
            "headcount": amount.headcount,
        }
        if terms.scope is AssessmentScope.INSURANCE:
            calculation.append(_line(insurance, month, amounts[insurance], amount.total_fen, terms))
    if terms.scope is AssessmentScope.TOTAL:
        sides = {
            side: sum(amount[side] for amount in amounts.values())
            for side in ("base_fen", "employer_fen", "employee_fen")
        }
        calculation.append(_line(None, month, sides, before, terms))
    return WorkedOut(amounts, calculation)


def _line(
    insurance: str | None,
    month: str,
    amounts: Mapping[str, int],
    last_fen: int,
    terms: AssessmentTerms,
) -> dict[str, Any]:
    return {
        "insurance": insurance,
        "from_month": month,
        "to_month": month,
        "months": 1,
        "steps": keep_steps(explain_assessment(last_fen, terms).steps),
        **{name: amounts[name] for name in ("base_fen", "employer_fen", "employee_fen")},
    }


def _periods(
    packs: PackSet, employer: Employer, risks: Risks, months: tuple[str, str]
) -> Iterable[tuple[str, str, str, PremiumTerms]]:
    """Yield each insurance with the months through which its figures stay the same."""
    found: dict[str, list[tuple[str, PremiumTerms]]] = {}
    for month in months_through(*months):
        parameters = packs.parameters(employer.region_code, month)
        insurances = parameters.insurances("employee")
        # A month before the pack's first rates is not one in which nothing was owed.
        if not insurances:
            raise ParameterMissing(employer.region_code, "rates", month)
        risk = risks.in_month(month)
        for insurance in insurances:
            if employer.insurances is None or insurance in employer.insurances:
                terms = parameters.premium_terms(
                    insurance,
                    injury_class=risk.injury_class,
                    injury_tier=risk.injury_tier_ppm,
                )
                found.setdefault(insurance, []).append((month, terms))
    for insurance, by_month in found.items():
        # Months that cost the same share one line with its steps:
        # a notice stays readable over years.
        for terms, run in groupby(by_month, key=lambda pair: pair[1]):
            listed = [month for month, _ in run]
            yield insurance, listed[0], listed[-1], terms
