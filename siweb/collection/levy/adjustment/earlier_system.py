"""Months that an earlier system recorded: what they come to by the terms that hold now.

Nothing here billed them, and the register here may not know that the person took part: the record
itself says who was insured by whom, and on which base.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select, true
from sqlalchemy import literal as value
from sqlalchemy.orm import Session

from siweb.collection.levy.records_from_enrolments import PRICES, priced
from siweb.collection.tables.levy_run import LevyEmployer, LevyRun, LevyTerm
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.declared_base import BROUGHT_IN, DeclaredBase, is_declared_by
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.numbers.arithmetic import Rounding

_RECORD = ContributionRecord


def has_left(run: LevyRun, was: Any, month: str) -> ColumnElement[bool]:
    """Return the condition that the register saw somebody leave the payer before a month.

    Without any enrolment up to the month the register here says nothing about it.
    """
    begun = and_(
        Enrolment.person_id == was.c.person_id,
        Enrolment.insurance == was.c.insurance,
        Enrolment.region_code == run.region_code,
        Enrolment.employer_id.is_not_distinct_from(was.c.employer_id),
        Enrolment.from_month <= month,
    )
    open_then = or_(Enrolment.to_month.is_(None), Enrolment.to_month >= month)
    return and_(exists().where(begun), ~exists().where(begun, open_then))


def earlier_rows(run: LevyRun, month: str, was: Subquery, rounding: Rounding) -> Select[Any]:
    """Return what the months of an earlier system of `was` come to by the run's terms.

    The base is the one that was recorded, unless another was declared since; a month without
    either is left as it is and named (`not_billed`).
    """
    kept, term = LevyEmployer, LevyTerm
    by_risk = and_(was.c.insurance == Insurance.WORK_INJURY, was.c.scheme == Scheme.EMPLOYEE)
    # 0 is a base that the earlier system did not give: taken as one it would be raised to the
    # floor, and billed for a wage that nobody declared.
    base = func.coalesce(_declared_since(was, month), func.nullif(was.c.declared_base_fen, 0))
    due = (
        select(
            was.c.person_id,
            was.c.employer_id,
            was.c.insurance,
            was.c.scheme,
            base.label("declared_base_fen"),
            *PRICES,
        )
        .select_from(was)
        .outerjoin(
            kept,
            and_(
                kept.levy_run_id == run.id,
                kept.contribution_month == month,
                kept.employer_id == was.c.employer_id,
            ),
        )
        .join(
            term,
            and_(
                term.levy_run_id == run.id,
                term.contribution_month == month,
                term.insurance == was.c.insurance,
                term.scheme == was.c.scheme,
                term.injury_class == case((by_risk, kept.injury_class), else_=0),
                term.injury_tier_ppm == case((by_risk, kept.injury_tier_ppm), else_=0),
            ),
        )
        .where(
            was.c.is_earlier == 1,
            ~has_left(run, was, month),
            base.is_not(None),
            term.rounding == rounding.value,
        )
    )
    return priced(due, rounding)


def _declared_since(was: Any, month: str) -> Any:
    """Return the newest base up to a month that was declared after the month was recorded."""
    return (
        select(DeclaredBase.declared_base_fen)
        .where(
            DeclaredBase.person_id == was.c.person_id,
            is_declared_by(was.c.employer_id),
            DeclaredBase.from_month <= month,
            DeclaredBase.declared_at > was.c.recorded_at,
            # What was brought in with the records is no later word about them,
            # whenever it was brought in.
            DeclaredBase.origin != BROUGHT_IN,
            DeclaredBase.withdrawn_at.is_(None),
            or_(DeclaredBase.insurance.is_(None), DeclaredBase.insurance == was.c.insurance),
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
        .limit(1)
        .correlate(was)
        .scalar_subquery()
    )


def recorded_months(session: Session, region_code: str, first: str, last: str) -> set[str]:
    """Return the months, first to last, that an earlier system recorded in a region."""
    found = session.scalars(
        select(_RECORD.contribution_month)
        .where(
            _RECORD.region_code == region_code,
            _RECORD.levy_run_id.is_(None),
            _RECORD.contribution_month.between(first, last),
        )
        .distinct()
    )
    return set(found)


def people_without_recorded_base(run: LevyRun) -> Select[int, int | None, str]:
    """Return person, employer and first month of what a run leaves since no base is known of it."""
    declared = exists().where(
        DeclaredBase.person_id == _RECORD.person_id,
        is_declared_by(_RECORD.employer_id),
        DeclaredBase.from_month <= run.through_month,
        DeclaredBase.declared_at > _RECORD.recorded_at,
        DeclaredBase.origin != BROUGHT_IN,
        DeclaredBase.withdrawn_at.is_(None),
    )
    return (
        select(
            _RECORD.person_id.label("person_id"),
            _RECORD.employer_id.label("employer_id"),
            func.min(_RECORD.contribution_month).label("from_month"),
        )
        .where(
            _RECORD.region_code == run.region_code,
            _RECORD.levy_run_id.is_(None),
            _RECORD.contribution_month.between(run.contribution_month, run.through_month),
            _RECORD.declared_base_fen == 0,
            true() if run.person_id is None else is_of(_RECORD.person_id, run.person_id),
            is_issued(),
            ~declared,
        )
        .group_by(_RECORD.person_id, _RECORD.employer_id)
    )


def is_recorded_elsewhere() -> Any:
    """Return 1 where a group of records has one that no run here billed, else 0."""
    return func.max(case((_RECORD.levy_run_id.is_(None), value(1)), else_=value(0)))
