"""What stands against withdrawing the rows of a filing."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from siweb.clock import office_day
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.db.among import among
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, is_row_in, row_month
from siweb.filings.tables.register_before import EnrolmentBefore
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person

BEGINS = frozenset({FilingKind.HIRE, FilingKind.RESUME})
"""Kinds whose rows begin enrolments."""
ENDS = frozenset({FilingKind.LEAVE, FilingKind.PAUSE})
"""Kinds whose rows end them with a month; what is levied of it comes after that month."""


class Obstacle(StrEnum):
    """Why a row is not withdrawn, the weightiest first."""

    TOO_OLD = "too_old"
    LEVIED = "levied"
    LATER = "later"
    ASSESSED = "assessed"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"


class Standing(NamedTuple):
    """A row that was accepted, and what stands against withdrawing it."""

    position: int
    obstacle: Obstacle | None


def standings(
    session: Session, filing: Filing, positions: Collection[int] | None = None
) -> list[Standing]:
    """Return how the accepted rows of a filing stand, or those at some positions of it."""
    return [
        Standing(position, Obstacle(found) if found else None)
        for position, found in session.execute(rows_with_obstacles(filing, positions))
    ]


def rows_with_obstacles(
    filing: Filing, positions: Collection[int] | None = None
) -> Select[int, str | None]:
    """Return positions and obstacles of the accepted rows of a filing, or of some of them."""
    rows = select(FilingRow.position, _obstacle(filing).label("obstacle")).where(
        FilingRow.filing_id == filing.id, is_row_in(RowState.APPLIED)
    )
    if positions is not None:
        rows = rows.where(among(FilingRow.position, positions))
    return rows.order_by(FilingRow.position)


def levied_through(filing: Filing) -> ScalarSelect[str]:
    """Return the last month that was levied since a filing was sent, or that a levy is at now.

    As part of another query, for which it is asked once.
    """
    of_employer = select(Employer.region_code).where(Employer.id == filing.employer_id)
    since = or_(
        # One that computes may have read the row already, though it has issued nothing yet.
        LevyRun.state == LevyState.COMPUTING,
        and_(LevyRun.state == LevyState.ISSUED, LevyRun.issued_at >= filing.confirmed_at),
    )
    return (
        select(func.max(LevyRun.through_month))
        .where(
            LevyRun.region_code == of_employer.scalar_subquery(),
            LevyRun.kind != LevyKind.PREVIEW,
            since,
        )
        .scalar_subquery()
    )


def _obstacle(filing: Filing) -> ColumnElement[str | None]:
    # Filed before what it overwrote was kept: there is nothing to put back.
    if not filing.keeps_before:
        return literal(Obstacle.TOO_OLD.value, String())
    assert filing.confirmed_at is not None
    stands: list[tuple[Any, str]] = [
        # First, since a correction is offered for it with its difference; the others are only told.
        (_is_levied(filing), Obstacle.LEVIED.value),
        (_has_later(filing), Obstacle.LATER.value),
        (_was_assessed(filing, office_day(filing.confirmed_at)), Obstacle.ASSESSED.value),
    ]
    if filing.kind in BEGINS:
        stands.append((~_is_as_begun(filing), Obstacle.CHANGED.value))
    if filing.kind in ENDS:
        stands.append((_is_ended_otherwise(filing), Obstacle.CHANGED.value))
        stands.append((_is_claimed(), Obstacle.ELSEWHERE.value))
    return case(*stands, else_=null())


def _is_levied(filing: Filing) -> ColumnElement[bool]:
    """Return the condition that a levy went through the first month that a row decides.

    Nothing is compared while there was none: such a condition does not hold.
    """
    through = levied_through(filing)
    if filing.kind in ENDS:
        # The first month that it decides is the one after the last of the enrolment.
        # Levied through the very month with which it ends, nothing of it is billed yet.
        ends: ColumnElement[bool] = row_month("stop_month") < through
        return ends
    begins: ColumnElement[bool] = row_month("start_month") <= through
    return begins


def _has_later(filing: Filing) -> ColumnElement[bool]:
    """Return the condition that the employer filed something else about the person since."""
    row, later = aliased(FilingRow), aliased(Filing)
    is_later = or_(
        # A list that was applied in portions may have reached the person after this filing did.
        func.coalesce(later.applied_at, later.confirmed_at) > filing.confirmed_at,
        # Two that a program sent within one instant were applied in the order of their numbers.
        and_(later.confirmed_at == filing.confirmed_at, later.id > filing.id),
    )
    return exists().where(
        row.person_id == FilingRow.person_id,
        is_row_in(RowState.APPLIED, row),
        row.filing_id == later.id,
        # By its last portion a list would be later than itself.
        later.id != filing.id,
        later.employer_id == filing.employer_id,
        is_later,
    )


def _was_assessed(filing: Filing, since: date) -> ColumnElement[bool]:
    """Return the condition that a case of the agency ended since, which the filing may have done.

    A case of the whole employer (SIL 62) names nobody.
    """
    return exists().where(
        Assessment.employer_id == filing.employer_id,
        Assessment.overtaken_on >= since,
        or_(Assessment.person_id.is_(None), Assessment.person_id == FilingRow.person_id),
    )


def _is_as_begun(filing: Filing) -> ColumnElement[bool]:
    """Return the condition that what a row began is open still: a death may have ended it."""
    return exists().where(
        Enrolment.person_id == FilingRow.person_id,
        Enrolment.employer_id == filing.employer_id,
        Enrolment.from_month == row_month("start_month"),
        Enrolment.to_month.is_(None),
    )


def _is_ended_otherwise(filing: Filing) -> ColumnElement[bool]:
    """Return the condition that the person died, or works there again after leaving."""
    died = exists().where(Person.id == FilingRow.person_id, Person.died_on.is_not(None))
    if filing.kind is not FilingKind.LEAVE:
        return died
    is_back = exists().where(
        Employment.person_id == FilingRow.person_id,
        Employment.employer_id == filing.employer_id,
        Employment.ended_on.is_(None),
    )
    return or_(died, is_back)


def _is_claimed() -> ColumnElement[bool]:
    """Return the condition that the person takes part elsewhere by now in what a row ended."""
    return exists().where(
        EnrolmentBefore.filing_id == FilingRow.filing_id,
        EnrolmentBefore.position == FilingRow.position,
        EnrolmentClaim.person_id == EnrolmentBefore.person_id,
        EnrolmentClaim.insurance == EnrolmentBefore.insurance,
        EnrolmentClaim.employer_id == EnrolmentBefore.insuring_employer_id,
    )
