"""The parameters of a levy run, taken from the packs once and kept with it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from siweb.collection.tables.levy_run import LevyEmployer, LevyTerm
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.contributions.premium import PremiumTerms, Scope
from siweb.rules.explanation import Sources
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.parameters.parameter_set import FULL_TIER, ParameterSet

# Residents pay yearly amounts of their choice; the monthly levy is not about them.
LEVIED_SCHEMES = (Scheme.EMPLOYEE, Scheme.FLEXIBLE)


def keep_terms(session: Session, run_id: int, month: str, parameters: ParameterSet) -> None:
    """Write a run's terms for a month; its employers are kept already.

    Work injury has one row for each class and tier that an employer of the run has.

    :raises ParameterMissing: when the pack lacks something for the month.
    """
    risks = session.execute(
        select(LevyEmployer.injury_class, LevyEmployer.injury_tier_ppm)
        .where(LevyEmployer.levy_run_id == run_id, LevyEmployer.contribution_month == month)
        .distinct()
    )
    classes = sorted((row[0], row[1]) for row in risks)
    rows = [
        {
            "levy_run_id": run_id,
            "contribution_month": month,
            **_row(parameters, Insurance(insurance), scheme, risk),
        }
        for scheme in LEVIED_SCHEMES
        for insurance in parameters.insurances(scheme)
        for risk in _risks(insurance, scheme, classes)
    ]
    session.execute(insert(LevyTerm), rows)


def premium_terms(term: LevyTerm) -> PremiumTerms:
    """Return a kept term as the formulas take it, without its sources."""
    return PremiumTerms(
        term.insurance.value,
        term.base_floor_fen,
        term.base_ceiling_fen,
        term.employer_ppm,
        term.employee_ppm,
        term.employer_addition_fen,
        term.employee_addition_fen,
        Rounding(term.rounding),
        Scope(term.scope),
    )


def _risks(
    insurance: str, scheme: Scheme, classes: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    if insurance == Insurance.WORK_INJURY and scheme is Scheme.EMPLOYEE:
        yield from classes
    else:
        yield 0, 0


def _row(
    parameters: ParameterSet, insurance: Insurance, scheme: Scheme, risk: tuple[int, int]
) -> dict[str, Any]:
    injury_class, tier = risk
    # 0 is no class and no tier:
    # all but work injury ask with the usual ones, which change nothing there.
    terms = parameters.premium_terms(
        insurance, scheme, injury_class=injury_class or 1, injury_tier=tier or FULL_TIER
    )
    is_pension = insurance is Insurance.PENSION
    return {
        "insurance": insurance,
        "scheme": scheme,
        "injury_class": injury_class,
        "injury_tier_ppm": tier,
        "base_floor_fen": terms.base_floor,
        "base_ceiling_fen": terms.base_ceiling,
        "employer_ppm": terms.employer_rate,
        "employee_ppm": terms.employee_rate,
        "account_ppm": parameters.account_rate(scheme) if is_pension else 0,
        "employer_addition_fen": terms.employer_addition,
        "employee_addition_fen": terms.employee_addition,
        "rounding": terms.rounding.value,
        "scope": terms.scope.value,
        "sources": _source_facts(terms.sources),
    }


def _source_facts(sources: Sources) -> dict[str, Any]:
    return {
        name: {
            "region": source.region,
            "key": source.key,
            "effective_from": source.effective_from,
            "effective_to": source.effective_to,
            "published_on": source.published_on.isoformat(),
            "notice": source.notice,
            "confidence": source.confidence.value,
        }
        for name, source in sources.items()
    }
