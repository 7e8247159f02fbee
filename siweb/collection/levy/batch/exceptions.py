"""What does not hold for everybody of a batch: asked once, so that no row is asked in vain.

Most batches have nobody with a base of one insurance alone, nobody who is assessed and nobody who
was billed before. Where there is somebody, the statement looks for them row by row.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.levy.batch.elsewhere import loaded_elsewhere
from siweb.collection.levy.batch.merged import has_merged
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.levy_run import LevyRun
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.region import Region

ENDED: Any = aliased(Enrolment, name="ended")


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Whether there may be somebody with a base of one insurance alone, and so on."""

    own_bases: bool = True
    assessed: bool = True
    ended: bool = True
    billed_before: bool = True
    # The other regions that may have billed somebody of them; None is any.
    elsewhere: tuple[str, ...] | None = None
    # Whether somebody of them may have another key besides.
    merged: bool = True
    # The tables into which other regions load the month, out of sight.
    loaded: tuple[Table, ...] = ()


ANY = Exceptions()
"""Everything may occur: nobody asked."""


def exceptions_of(
    session: Session, run: LevyRun, month: str, people: tuple[int, int]
) -> Exceptions:
    """Return what occurs among people, by their ids [first, last]."""
    own = exists().where(
        DeclaredBase.person_id.between(*people), DeclaredBase.insurance.is_not(None)
    )
    ended = exists().where(*ended_since(run.region_code, month, people))
    assessed = exists().where(_is_of_month(run.region_code, month))
    record = ContributionRecord
    before = exists().where(
        record.region_code == run.region_code,
        record.contribution_month == month,
        record.person_id.between(*people),
    )
    query = select(own, assessed, ended, before, has_merged(people))
    own_bases, is_assessed, is_ended, billed_before, merged = map(
        bool, session.execute(query).one()
    )
    return Exceptions(
        own_bases,
        is_assessed,
        is_ended,
        billed_before,
        _billed_elsewhere(session, run, month, people),
        merged,
        loaded_elsewhere(session, run.region_code, month),
    )


def ended_since(
    region_code: str, month: str, people: tuple[int, int]
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of `ENDED`: taking part in a month, and not for ever.

    Nobody takes part twice in an insurance without an end; so of two enrolments that claim the same
    month of it, one at least is among these.
    """
    return (
        ENDED.region_code == region_code,
        ENDED.to_month.is_not(None),
        ENDED.to_month >= month,
        ENDED.from_month <= month,
        ENDED.person_id.between(*people),
    )


def _billed_elsewhere(
    session: Session, run: LevyRun, month: str, people: tuple[int, int]
) -> tuple[str, ...]:
    """Return the other regions that billed somebody between these people, by their ids."""
    record = ContributionRecord
    has_billed = exists().where(
        record.region_code == Region.code,
        record.contribution_month == month,
        record.person_id.between(*people),
    )
    others = Region.is_hosted, Region.code != run.region_code
    return tuple(session.scalars(select(Region.code).where(*others, has_billed)))


def _is_of_month(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that an assessment may keep somebody out of a month's levy."""
    of_region = Assessment.region_code == region_code
    undeclared = and_(Assessment.kind == AssessmentKind.UNDECLARED, Assessment.from_month == month)
    unregistered = and_(
        Assessment.kind == AssessmentKind.UNREGISTERED,
        Assessment.state == AssessmentState.DECIDED,
        Assessment.from_month <= month,
        Assessment.to_month >= month,
    )
    return and_(of_region, or_(undeclared, unregistered))
