"""Mark the cases whose registration or declaration has come after all (SIL 58, 62)."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from siweb.collection.assessments.undeclared.conditions import has_declared
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.hire_report import HireReport
from siweb.messages.kinds.assessments import ASSESSMENT_DROPPED
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.registry.person_keys import is_of
from siweb.registry.tables.enrolment import Enrolment, is_persons_at
from siweb.registry.tables.former_number import person_digested
from siweb.registry.tables.person_alias import PersonAlias
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.payment_year import payment_year_of

_LIVE = (AssessmentState.FOUND, AssessmentState.PROPOSED, AssessmentState.DECIDED)


def mark_overtaken(
    session: Session,
    packs: PackSet,
    region_code: str,
    *,
    on: date,
    at: datetime,
    only: int | None = None,
) -> int:
    """Mark what a registration or declaration has overtaken; what was not decided is dropped.

    The employers of what is dropped are told, where they had been told of a proposal. `only` is the
    id of the one case that is asked about.
    """
    # First: whoever was registered since the case was opened is known only by the report's digest.
    _find_people(session, region_code)
    meant = true() if only is None else Assessment.id == only
    came = or_(
        and_(Assessment.kind == AssessmentKind.UNREGISTERED, _registered()),
        *(
            and_(Assessment.kind == AssessmentKind.UNDECLARED, Assessment.from_month == month)
            & has_declared(Assessment.employer_id, start, month)
            for month, start in _open_months(session, packs, region_code)
        ),
    )
    result = session.execute(
        update(Assessment)
        .where(Assessment.region_code == region_code, Assessment.state.in_(_LIVE), came, meant)
        .values(
            overtaken_on=on,
            state=case(
                (
                    Assessment.state == AssessmentState.DECIDED,
                    # Only a decision has a bill: the levy bills the months, and what was assessed
                    # is taken back.
                    AssessmentState.OVERTAKEN.value,
                ),
                else_=AssessmentState.DROPPED.value,
            ),
        )
        .execution_options(synchronize_session=False)
    )
    # The update went past the session: whoever holds a case in memory must read its new state.
    session.expire_all()
    _tell_of_dropped(session, region_code, on, at)
    return cast("CursorResult[Any]", result).rowcount


def _tell_of_dropped(session: Session, region_code: str, on: date, at: datetime) -> None:
    dropped = select(
        Assessment.region_code,
        subject_of("assessment", Assessment.reference),
        day_of(on),
        Assessment.employer_id,
        day_of(None),
    ).where(
        Assessment.region_code == region_code,
        Assessment.state == AssessmentState.DROPPED,
        Assessment.overtaken_on == on,
        Assessment.proposed_at.is_not(None),
    )
    notify_each(session, ASSESSMENT_DROPPED, dropped, at=at)


def is_registered(
    session: Session, report: HireReport, employer_id: int, months: tuple[str, str]
) -> bool:
    """Return whether somebody takes part through an employer in one of the months, first to last.

    Whoever was not in the register when the report came may be by now.
    """
    first, last = months
    found = session.scalar(
        select(func.count(Enrolment.person_id)).where(
            is_of(Enrolment.person_id, report.person_id or person_digested(report.number_digest)),
            Enrolment.employer_id == employer_id,
            Enrolment.from_month <= last,
            Enrolment.to_month.is_(None) | (Enrolment.to_month >= first),
        )
    )
    return bool(found)


def _find_people(session: Session, region_code: str) -> None:
    """Name the people whom the register did not know when the case was opened."""
    registered = (
        select(person_digested(HireReport.number_digest))
        .where(HireReport.id == Assessment.report_id)
        .scalar_subquery()
    )
    session.execute(
        update(Assessment)
        .where(
            Assessment.region_code == region_code,
            Assessment.kind == AssessmentKind.UNREGISTERED,
            Assessment.person_id.is_(None),
            Assessment.state.in_(_LIVE),
        )
        .values(person_id=registered)
        .execution_options(synchronize_session=False)
    )


def _registered() -> ColumnElement[bool]:
    """Return the condition that the person takes part there through all the months assessed.

    Whoever was registered twice may do so under the other key.
    """
    through = (
        Enrolment.from_month <= Assessment.from_month,
        or_(Enrolment.to_month.is_(None), Enrolment.to_month >= Assessment.to_month),
    )
    now = select(PersonAlias.person_id).where(PersonAlias.former_id == Assessment.person_id)
    formerly = and_(
        PersonAlias.person_id == Assessment.person_id,
        is_persons_at(Enrolment, PersonAlias.former_id, Assessment.employer_id),
    )
    return or_(
        exists().where(
            is_persons_at(Enrolment, Assessment.person_id, Assessment.employer_id), *through
        ),
        exists().where(
            is_persons_at(Enrolment, now.scalar_subquery(), Assessment.employer_id), *through
        ),
        exists().where(formerly, *through),
    )


def _open_months(session: Session, packs: PackSet, region_code: str) -> list[tuple[str, str]]:
    """Return the months that cases without declaration are about, each with its year's start."""
    months = session.scalars(
        select(Assessment.from_month)
        .where(
            Assessment.region_code == region_code,
            Assessment.kind == AssessmentKind.UNDECLARED,
            Assessment.state.in_(_LIVE),
        )
        .distinct()
    ).all()
    return [
        (month, payment_year_of(packs.parameters(region_code, month), month)) for month in months
    ]
