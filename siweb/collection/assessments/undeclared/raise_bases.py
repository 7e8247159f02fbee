"""Raise bases where a city sets 110 % of each base instead of an amount (a setting of its pack)."""

from datetime import datetime

from sqlalchemy import Subquery, exists, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.assessments.undeclared.conditions import RAISED, undeclared_employers
from siweb.collection.levy.records_from_enrolments import enrolled_in
from siweb.db.arithmetic import whole
from siweb.db.next_number import next_number
from siweb.registry.tables.declared_base import DeclaredBase, is_declared_by
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.contributions.assessment import AssessmentTerms
from siweb.rules.numbers.arithmetic import share_of


def raise_bases(
    session: Session,
    region_code: str,
    month: str,
    year: tuple[str, str],
    terms: AssessmentTerms,
    at: datetime,
) -> int:
    """Raise the last base of everybody of such employers; the levy clamps it as any base.

    `year` has the first month of the payment year and the first that the raised base is for.
    """
    start, first = year
    people = _last_bases(region_code, month, start)
    has_base = people.c.last_fen.is_not(None)
    number = session.scalar(select(func.count()).select_from(people).where(has_base)) or 0
    kept = DeclaredBase
    owner = {
        kept.person_id: people.c.person_id,
        kept.declaring_employer_id: people.c.employer_id,
        kept.from_month: literal(first, kept.from_month.type),
    }
    raised = insert(kept).from_select(
        [
            kept.base_number,
            kept.person_id,
            kept.employer_id,
            kept.declaring_employer_id,
            kept.region_code,
            kept.from_month,
            kept.declared_base_fen,
            kept.origin,
            kept.declared_at,
        ],
        select(
            next_number(kept.base_number, owner),
            people.c.person_id,
            people.c.employer_id,
            people.c.employer_id,
            literal(region_code, kept.region_code.type),
            literal(first, kept.from_month.type),
            share_of(whole(people.c.last_fen), terms.rate, terms.rounding),
            literal(RAISED),
            literal(at, kept.declared_at.type),
        ).where(has_base),
        include_defaults=False,
    )
    session.execute(raised)
    return number


def _last_bases(region_code: str, month: str, start: str) -> Subquery:
    """Return the people of employers without declaration, each with the last base declared."""
    last = (
        select(DeclaredBase.declared_base_fen)
        .where(
            DeclaredBase.person_id == Enrolment.person_id,
            is_declared_by(Enrolment.employer_id),
            DeclaredBase.insurance.is_(None),
            DeclaredBase.withdrawn_at.is_(None),
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    newer = aliased(DeclaredBase)
    return (
        select(Enrolment.person_id, Enrolment.employer_id, func.max(last).label("last_fen"))
        .where(
            enrolled_in(region_code, month),
            Enrolment.from_month < start,
            Enrolment.employer_id.in_(
                undeclared_employers(region_code, month, start).order_by(None)
            ),
            # Nor of somebody whom the year has a base of: raised twice, 110 % would be 121 %.
            # So the last base of whoever is left is from before the year.
            ~exists().where(
                newer.person_id == Enrolment.person_id,
                is_declared_by(Enrolment.employer_id, newer),
                newer.from_month >= start,
                newer.withdrawn_at.is_(None),
            ),
        )
        .group_by(Enrolment.person_id, Enrolment.employer_id)
        .subquery("people")
    )
