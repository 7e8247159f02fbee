"""The levy's statements: enrolments × bases × terms become records, in the database.

The formulas are those of `siweb.rules.premium`, given columns instead of numbers.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Subquery,
    and_,
    case,
    exists,
    insert,
    literal,
    or_,
    select,
)

from siweb.collection.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.levy_run import LevyRun, LevyTerm
from siweb.db.arithmetic import SQL, whole
from siweb.ledgers.contribution_record import ContributionRecord, RecordKind
from siweb.registry.declared_base import DeclaredBase
from siweb.registry.employer import Employer
from siweb.registry.enrolment import Enrolment
from siweb.registry.words import Insurance, Scheme
from siweb.rules.arithmetic import Rounding
from siweb.rules.premium import base_used, premium_share


def enrolled_in(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that an enrolment is active in a region in a contribution month."""
    return and_(
        Enrolment.region_code == region_code,
        Enrolment.from_month <= month,
        or_(Enrolment.to_month.is_(None), Enrolment.to_month >= month),
    )


def base_in_force(month: str) -> ColumnElement[int]:
    """Return the newest base declared for an enrolment's person up to `month`, in fen.

    A base declared for one insurance goes before one declared for all of them.
    """
    return (
        select(DeclaredBase.declared_base_fen)
        .where(
            DeclaredBase.person_id == Enrolment.person_id,
            DeclaredBase.employer_id.is_not_distinct_from(Enrolment.employer_id),
            DeclaredBase.from_month <= month,
            or_(DeclaredBase.insurance.is_(None), DeclaredBase.insurance == Enrolment.insurance),
        )
        .order_by(
            DeclaredBase.insurance.is_(None),
            DeclaredBase.from_month.desc(),
            DeclaredBase.id.desc(),
        )
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def due_rows(run: LevyRun, people: tuple[int, int], *, only_unbilled: bool = True) -> Subquery:
    """Return who owes what on which base in a run, for person ids in [first, last].

    One row per enrolment with its clamped base; those without a declared base are left out, for
    a person to decide.
    """
    declared = base_in_force(run.contribution_month)
    query = (
        select(
            Enrolment.person_id,
            Enrolment.employer_id,
            Enrolment.insurance,
            Enrolment.scheme,
            declared.label("declared_base_fen"),
            LevyTerm.id.label("term_id"),
        )
        .outerjoin(Employer, Employer.id == Enrolment.employer_id)
        .join(LevyTerm, _term_of(run))
        .where(
            enrolled_in(run.region_code, run.contribution_month),
            Enrolment.person_id.between(*people),
            ~_is_assessed(run),
        )
    )
    if only_unbilled:
        query = query.where(~_is_billed(run.contribution_month))
    rows = query.subquery("due")
    return select(rows).where(rows.c.declared_base_fen.is_not(None)).subquery("due_with_base")


def premium_rows(run: LevyRun, people: tuple[int, int], rounding: Rounding) -> Select[Any]:
    """Return the due rows with base used, both shares and what goes to the account, in fen.

    Only those whose term is rounded so; another rounding is another statement.
    """
    due = due_rows(run, people)
    term = LevyTerm
    based = (
        select(
            due,
            base_used(
                whole(due.c.declared_base_fen), term.base_floor_fen, term.base_ceiling_fen, SQL
            ).label("base_fen"),
            term.employer_ppm,
            term.employee_ppm,
            term.account_ppm,
            term.employer_addition_fen,
            term.employee_addition_fen,
        )
        .join(term, term.id == due.c.term_id)
        .where(term.rounding == rounding.value)
        .subquery("based")
    )
    base = based.c.base_fen
    return select(
        based.c.person_id,
        based.c.employer_id,
        based.c.insurance,
        based.c.scheme,
        based.c.declared_base_fen,
        base,
        premium_share(base, based.c.employer_ppm, rounding, based.c.employer_addition_fen).label(
            "employer_fen"
        ),
        premium_share(base, based.c.employee_ppm, rounding, based.c.employee_addition_fen).label(
            "employee_fen"
        ),
        premium_share(base, based.c.account_ppm, rounding).label("account_fen"),
    ).order_by(based.c.person_id)


def insert_records(
    run: LevyRun, people: tuple[int, int], rounding: Rounding, at: datetime
) -> Insert:
    """Return the INSERT … SELECT that writes a batch of contribution records."""
    rows = premium_rows(run, people, rounding).subquery("premium")
    record = ContributionRecord
    return insert(record).from_select(
        [
            record.person_id,
            record.region_code,
            record.insurance,
            record.scheme,
            record.employer_id,
            record.contribution_month,
            record.sequence,
            record.kind,
            record.declared_base_fen,
            record.base_fen,
            record.employer_fen,
            record.employee_fen,
            record.account_fen,
            record.levy_run_id,
            record.recorded_at,
        ],
        select(
            rows.c.person_id,
            literal(run.region_code),
            rows.c.insurance,
            rows.c.scheme,
            rows.c.employer_id,
            literal(run.contribution_month),
            literal(0),
            literal(RecordKind.REGULAR.value),
            rows.c.declared_base_fen,
            rows.c.base_fen,
            rows.c.employer_fen,
            rows.c.employee_fen,
            rows.c.account_fen,
            literal(run.id),
            literal(at, record.recorded_at.type),
        ),
        include_defaults=False,
    )


def _term_of(run: LevyRun) -> ColumnElement[bool]:
    is_injury = Enrolment.insurance == Insurance.WORK_INJURY
    by_employer = and_(is_injury, Enrolment.scheme == Scheme.EMPLOYEE)
    return and_(
        LevyTerm.levy_run_id == run.id,
        LevyTerm.insurance == Enrolment.insurance,
        LevyTerm.scheme == Enrolment.scheme,
        LevyTerm.injury_class == case((by_employer, Employer.injury_class), else_=0),
        LevyTerm.injury_tier_ppm == case((by_employer, Employer.injury_tier_ppm), else_=0),
    )


def _is_assessed(run: LevyRun) -> ColumnElement[bool]:
    """Return the condition that an employer declared nothing and its month is assessed."""
    assessed = select(Assessment.employer_id).where(
        Assessment.region_code == run.region_code,
        Assessment.kind == AssessmentKind.UNDECLARED,
        Assessment.from_month == run.contribution_month,
        Assessment.state.in_(
            (AssessmentState.FOUND, AssessmentState.PROPOSED, AssessmentState.DECIDED)
        ),
    )
    return and_(Enrolment.employer_id.is_not(None), Enrolment.employer_id.in_(assessed))


def _is_billed(month: str) -> ColumnElement[bool]:
    record = ContributionRecord
    return exists().where(
        record.person_id == Enrolment.person_id,
        record.contribution_month == month,
        record.insurance == Enrolment.insurance,
        record.sequence == 0,
    )
