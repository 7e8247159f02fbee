"""Find employers whose yearly declaration is missing, and what follows (SIL 62; city rules).

After the first declaration of a payment year only changes are declared: a month in which nothing
changed needs none and is never found here (Order 20 Art. 4). Found is who had people from before
the year began and declared for none of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.assessments.last_month import last_amounts
from siweb.collection.assessments.work_out import LastAmount, WorkedOut, work_out_last_month
from siweb.collection.levy_statements import enrolled_in
from siweb.db.arithmetic import whole
from siweb.db.reference_code import new_reference
from siweb.ledgers.contribution_record import ContributionRecord
from siweb.registry.declared_base import DeclaredBase
from siweb.registry.employer import Employer
from siweb.registry.enrolment import Enrolment
from siweb.registry.packs_in_force import packs_in_force
from siweb.registry.words import EmployerStatus, Scheme
from siweb.rules.arithmetic import share_of
from siweb.rules.assessment import AssessmentTerms
from siweb.rules.months import add_months, first_day, last_day
from siweb.rules.parameters.parameter_set import ParameterSet

RAISED = "undeclared"
"""The origin of a base that the city's rule set, in `declared_base`."""
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
    session: Session, region_code: str, month: str, *, actor: Actor, on: date, at: datetime
) -> Undeclared:
    """Open a case for each employer without declaration, or raise bases where the city says so.

    Looking twice finds nothing more. Before the time to declare is over nothing is found.

    :raises ParameterMissing: when the pack lacks something for the month.
    """
    parameters = packs_in_force(session).parameters(region_code, month)
    start = payment_year_of(parameters, month)
    if not is_declaration_over(parameters, start, on) or first_day(month) > on:
        return Undeclared()
    city_rule = parameters.undeclared_base_terms()
    if city_rule is not None:
        # Months before the time to declare was over were billed with the base in force then.
        first = max(start, add_months(_last_to_declare(parameters, start), 1))
        raised = _raise_bases(session, region_code, (start, first), city_rule, at)
        found = Undeclared(raised_bases=raised)
    else:
        found = _open_cases(session, region_code, month, start, parameters.assessment_terms(), at)
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


def payment_year_of(parameters: ParameterSet, month: str) -> str:
    """Return the first month of the payment year that a month lies in."""
    start = f"{month[:4]}-{parameters.payment_year().first_month:02d}"
    return start if start <= month else add_months(start, -12)


def is_declaration_over(parameters: ParameterSet, start: str, on: date) -> bool:
    """Return whether the time to declare for the payment year that starts then is over."""
    return on > last_day(_last_to_declare(parameters, start))


def has_declared(employer_id: Any, start: Any, month: Any) -> ColumnElement[bool]:
    """Return the condition that an employer declared in a payment year, up to a month.

    What it declared for people who came later does not count, nor what the office raised.
    """
    enrolled, declared = aliased(Enrolment), aliased(DeclaredBase)
    return exists().where(
        enrolled.employer_id == employer_id,
        enrolled.from_month < start,
        declared.person_id == enrolled.person_id,
        declared.employer_id == enrolled.employer_id,
        declared.from_month >= start,
        declared.from_month <= month,
        declared.origin != RAISED,
    )


def _last_to_declare(parameters: ParameterSet, start: str) -> str:
    return f"{start[:4]}-{parameters.payment_year().declare_to_month:02d}"


def _undeclared(region_code: str, month: str, start: str) -> Any:
    """Return the ids of employers with people from before the year, and without declaration."""
    return (
        select(Employer.id)
        .where(
            Employer.status == EmployerStatus.ACTIVE,
            exists().where(
                Enrolment.employer_id == Employer.id,
                enrolled_in(region_code, month),
                Enrolment.from_month < start,
            ),
            ~has_declared(Employer.id, start, month),
        )
        .order_by(Employer.id)
    )


def _open_cases(
    session: Session,
    region_code: str,
    month: str,
    start: str,
    terms: AssessmentTerms,
    at: datetime,
) -> Undeclared:
    record, known = ContributionRecord, Assessment
    employers = session.scalars(
        _undeclared(region_code, month, start).where(
            ~exists().where(record.employer_id == Employer.id, record.contribution_month == month),
            ~exists().where(
                known.employer_id == Employer.id,
                known.kind == AssessmentKind.UNDECLARED,
                known.from_month == month,
            ),
        )
    ).all()
    if not employers:
        return Undeclared()
    last = last_amounts(session, region_code, month, terms.last_month)
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


def _raise_bases(
    session: Session,
    region_code: str,
    months: tuple[str, str],
    terms: AssessmentTerms,
    at: datetime,
) -> int:
    """Raise the last base of everybody of such employers; the levy clamps it as any base.

    `months` are the first of the payment year and the first that the raised base is for.
    """
    start, first = months
    last = (
        select(DeclaredBase.declared_base_fen)
        .where(
            DeclaredBase.person_id == Enrolment.person_id,
            DeclaredBase.employer_id == Enrolment.employer_id,
            DeclaredBase.insurance.is_(None),
            DeclaredBase.from_month < start,
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.id.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    newer = aliased(DeclaredBase)
    people = (
        select(Enrolment.person_id, Enrolment.employer_id, func.max(last).label("last_fen"))
        .where(
            enrolled_in(region_code, start),
            Enrolment.scheme == Scheme.EMPLOYEE,
            Enrolment.from_month < start,
            Enrolment.employer_id.in_(_undeclared(region_code, start, start).order_by(None)),
            ~exists().where(
                newer.person_id == Enrolment.person_id,
                newer.employer_id == Enrolment.employer_id,
                newer.from_month >= start,
            ),
        )
        .group_by(Enrolment.person_id, Enrolment.employer_id)
        .subquery("people")
    )
    known = people.c.last_fen.is_not(None)
    number = session.scalar(select(func.count()).select_from(people).where(known)) or 0
    kept = DeclaredBase
    raised = insert(kept).from_select(
        [
            kept.person_id,
            kept.employer_id,
            kept.from_month,
            kept.declared_base_fen,
            kept.origin,
            kept.declared_at,
        ],
        select(
            people.c.person_id,
            people.c.employer_id,
            literal(first),
            share_of(whole(people.c.last_fen), terms.rate, terms.rounding),
            literal(RAISED),
            literal(at, kept.declared_at.type),
        ).where(known),
        include_defaults=False,
    )
    session.execute(raised)
    return number
