"""How far all employers of a region are with a yearly base declaration, and what it came to.

Everything is counted in sets, whatever the region: one statement counts, one keeps the result.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, case, delete, false, func, insert, literal, select, true
from sqlalchemy.orm import Session

from siweb.collection.assessments.undeclared.conditions import (
    NOT_YEARLY,
    has_declared,
    has_to_declare,
)
from siweb.filings.declared.base_progress import BaseState, PaymentMonths, is_yearly_base
from siweb.filings.tables.base_review_result import BaseReviewResult
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment


class BaseResults(NamedTuple):
    """Employers asked, and those that declared; employees by where the base of each stands."""

    asked: int
    declared: int
    # In the order of the states.
    objected: int
    undeclared: int
    silent: int
    confirmed: int

    @property
    def missing(self) -> int:
        """Return how many employers declared for nobody."""
        return self.asked - self.declared


def count_results(session: Session, months: PaymentMonths) -> BaseResults:
    """Return how far the employers of a region are now; one statement."""
    return _summed(session, _by_employer(months).subquery().c)


def kept_results(session: Session, campaign_id: int) -> BaseResults:
    """Return what was kept of a campaign after its last day; one statement."""
    table = BaseReviewResult.__table__
    kept = select(table).where(table.c.campaign_id == campaign_id).subquery()
    return _summed(session, kept.c)


def result_of(
    session: Session, campaign_id: int, employer_id: int
) -> Mapping[BaseState, int] | None:
    """Return how an employer's people stood after the last day; None while nothing is kept."""
    kept = session.get(BaseReviewResult, (campaign_id, employer_id))
    return None if kept is None else {state: getattr(kept, state) for state in BaseState}


def keep_results(session: Session, campaign_id: int, months: PaymentMonths) -> BaseResults:
    """Keep how every employer stands now, as the result of a campaign, and return its sums.

    Two statements. The caller commits.
    """
    each = _by_employer(months).subquery().c
    names = ("has_declared", *BaseState)
    counted = select(literal(campaign_id), each.employer_id, *(each[name] for name in names))
    session.execute(
        insert(BaseReviewResult).from_select(("campaign_id", "employer_id", *names), counted)
    )
    return kept_results(session, campaign_id)


def forget_results(session: Session, campaign_id: int) -> None:
    """Drop what was kept of a campaign: it takes declarations again, and is counted anew."""
    session.execute(delete(BaseReviewResult).where(BaseReviewResult.campaign_id == campaign_id))


def _summed(session: Session, each: Any) -> BaseResults:
    declared = func.sum(case((each.has_declared, 1), else_=0))
    sums = (func.sum(each[state]) for state in BaseState)
    row = session.execute(select(func.count(each.employer_id), declared, *sums)).one()
    # A sum of nothing is nothing, and one of 64-bit numbers is of another type on PostgreSQL.
    return BaseResults(*(int(number or 0) for number in row))


def _by_employer(months: PaymentMonths) -> Select[Any]:
    """Return every employer with a base to declare, and its people by state."""
    people = _people(months)
    counts = (
        select(
            people.c.employer_id,
            *(
                func.sum(case((people.c.state == state.value, 1), else_=0)).label(state.value)
                for state in BaseState
            ),
        )
        .group_by(people.c.employer_id)
        .subquery()
    )
    start = months.first_month
    declared = case((has_declared(Employer.id, start, start), true()), else_=false())
    return (
        select(
            Employer.id.label("employer_id"),
            declared.label("has_declared"),
            *(func.coalesce(counts.c[state], 0).label(state.value) for state in BaseState),
        )
        .outerjoin(counts, counts.c.employer_id == Employer.id)
        .where(has_to_declare(months.region_code, start, start))
    )


def _people(months: PaymentMonths) -> Subquery:
    """Return everybody with a base to declare at each employer, and its state.

    It is what an employer's own page counts, for all employers at once.
    """
    insured = (
        select(Enrolment.employer_id, Enrolment.person_id)
        .where(
            Enrolment.employer_id.is_not(None),
            Enrolment.region_code == months.region_code,
            Enrolment.from_month < months.first_month,
            Enrolment.to_month.is_(None),
        )
        .distinct()
        .subquery()
    )
    rows = _declared(months)
    brought = (
        select(DeclaredBase.employer_id, DeclaredBase.person_id)
        .where(
            DeclaredBase.from_month.between(months.first_month, months.last_month),
            DeclaredBase.origin.not_in(NOT_YEARLY),
            DeclaredBase.withdrawn_at.is_(None),
        )
        .distinct()
        .subquery()
    )
    state = case(
        (rows.c.person_id.is_(None) & brought.c.person_id.is_(None), BaseState.UNDECLARED.value),
        (rows.c.agrees.is_(None), BaseState.SILENT.value),
        (rows.c.agrees, BaseState.CONFIRMED.value),
        else_=BaseState.OBJECTED.value,
    )
    return (
        select(insured.c.employer_id, state.label("state"))
        .outerjoin(
            rows,
            (rows.c.employer_id == insured.c.employer_id)
            & (rows.c.person_id == insured.c.person_id),
        )
        .outerjoin(
            brought,
            (brought.c.employer_id == insured.c.employer_id)
            & (brought.c.person_id == insured.c.person_id),
        )
        .subquery()
    )


def _declared(months: PaymentMonths) -> Subquery:
    """Return each declared base, and whether its person agrees: their newest answer, if any."""
    newest = (
        select(
            DeclarationAnswer.filing_id,
            DeclarationAnswer.position,
            func.max(DeclarationAnswer.id).label("id"),
        )
        .where(DeclarationAnswer.region_code == months.region_code)
        .group_by(DeclarationAnswer.filing_id, DeclarationAnswer.position)
        .subquery()
    )
    return (
        select(Filing.employer_id, FilingRow.person_id, DeclarationAnswer.agrees)
        .join(Filing, Filing.id == FilingRow.filing_id)
        .outerjoin(
            newest,
            (newest.c.filing_id == FilingRow.filing_id) & (newest.c.position == FilingRow.position),
        )
        .outerjoin(DeclarationAnswer, DeclarationAnswer.id == newest.c.id)
        .where(*is_yearly_base(months))
        .subquery()
    )
