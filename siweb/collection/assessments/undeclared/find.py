"""Find employers whose yearly declaration is missing, and what follows (SIL 62; city rules).

Who is without declaration is said in `conditions.py`; a month in which nothing changed needs none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.assessments.calculate import LastAmount, WorkedOut, work_out_last_month
from siweb.collection.assessments.undeclared.conditions import undeclared_employers
from siweb.collection.assessments.undeclared.last_month import last_amounts
from siweb.collection.assessments.undeclared.raise_bases import raise_bases
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.db.reference_code import new_reference
from siweb.ledgers.lookup import at_employer
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import add_months, first_day
from siweb.rules.contributions.assessment import AssessmentTerms
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.payment_year import (
    is_declaration_over,
    last_to_declare,
    payment_year_of,
)

COMPARISON, NO_LAST_MONTH = "comparison", "no_last_month"


@dataclass(frozen=True, slots=True)
class Undeclared:
    """What looking at a region and month did."""

    # Cases with an amount, and cases where a person must say the amount.
    cases: int = 0
    without_last_month: int = 0
    # People whose base was raised by the city's own rule.
    raised_bases: int = 0


def find_undeclared(
    session: Session,
    region_code: str,
    month: str,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> Undeclared:
    """Open a case for each employer without declaration, or raise bases where the city says so.

    Looking twice finds nothing more. Before the time to declare is over nothing is found.

    :raises ParameterMissing: when the pack lacks something for the month.
    """
    parameters = packs.parameters(region_code, month)
    start = payment_year_of(parameters, month)
    if not is_declaration_over(parameters, start, on) or first_day(month) > on:
        return Undeclared()
    city_rule = parameters.undeclared_base_terms()
    if city_rule is not None:
        # Months before the time to declare was over were billed with the base in force then.
        first = max(start, add_months(last_to_declare(parameters, start), 1))
        raised = raise_bases(session, region_code, month, (start, first), city_rule, at)
        found = Undeclared(raised_bases=raised)
    else:
        found = _open_cases(session, region_code, month, start, parameters, at)
    if found != Undeclared():
        record_activity(
            session,
            "undeclared.found",
            actor=actor,
            at=at,
            subject=("region", region_code),
            facts={
                "month": month,
                "cases": found.cases,
                "without_last_month": found.without_last_month,
                "raised_bases": found.raised_bases,
            },
        )
    return found


def _open_cases(
    session: Session,
    region_code: str,
    month: str,
    start: str,
    parameters: ParameterSet,
    at: datetime,
) -> Undeclared:
    record, case, terms = ContributionRecord, Assessment, parameters.assessment_terms()
    employers = session.scalars(
        undeclared_employers(region_code, month, start).where(
            # What was billed needs no assessment, whoever declared it.
            ~select(record.person_id).where(at_employer(Employer.id, [month])).exists(),
            ~exists().where(
                case.employer_id == Employer.id,
                case.kind == AssessmentKind.UNDECLARED,
                case.from_month == month,
            ),
        )
    ).all()
    if not employers:
        return Undeclared()
    last = last_amounts(
        session,
        employers,
        month,
        terms.last_month,
        region_code=region_code,
        collected=parameters.insurances("employee"),
    )
    rows = _rows(region_code, month, employers, last, terms, at)
    session.execute(insert(Assessment), rows)
    without = sum(1 for row in rows if row["origin"] == NO_LAST_MONTH)
    return Undeclared(len(rows) - without, without)


def _rows(
    region_code: str,
    month: str,
    employers: Iterable[int],
    last: Mapping[int, Mapping[str, LastAmount]],
    terms: AssessmentTerms,
    at: datetime,
) -> list[dict[str, Any]]:
    rows = []
    for employer_id in employers:
        amounts = last.get(employer_id)
        worked = work_out_last_month(month, amounts, terms) if amounts else WorkedOut({}, [])
        rows.append(
            {
                "reference": new_reference(),
                "kind": AssessmentKind.UNDECLARED,
                "region_code": region_code,
                "employer_id": employer_id,
                "from_month": month,
                "to_month": month,
                "origin": COMPARISON if amounts else NO_LAST_MONTH,
                "facts": "",
                "amounts": worked.amounts,
                "calculation": worked.calculation,
                "reasons": "",
                "state": AssessmentState.FOUND,
                "opened_at": at,
            }
        )
    return rows
