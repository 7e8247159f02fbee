"""Which scans are to be destroyed: their term is over, their case is closed, nobody needs them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from siweb.clock import office_day, start_of_day
from siweb.collection.tables.assessment import OPEN_STATES, Assessment
from siweb.complaints.tables.complaint import Complaint, ComplaintState
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.keeping.tables.keeping_hold import KeepingHold
from siweb.keeping.tables.keeping_term import KeepingTerm, KeptClass
from siweb.keeping.terms import closed_before
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review, ReviewState
from siweb.tasks.tables.task import Task, TaskState

MOST = 100
"""So many scans make one list: two people can read it, and a task can keep it."""


@dataclass(frozen=True, slots=True)
class DueScan:
    """A scan whose time is over."""

    file: EvidenceFile
    case_number: str
    closed_at: datetime

    @property
    def closed_on(self) -> date:
        """Return the day on which its case was closed."""
        return office_day(self.closed_at)

    @property
    def attached_on(self) -> date:
        """Return the day on which it came."""
        return office_day(self.file.attached_at)


@dataclass(frozen=True, slots=True)
class _Case:
    """What scans of a class belong to, as columns."""

    model: Any
    key: Any
    closed_at: Any
    is_closed: ColumnElement[bool]
    region: Any
    employer_id: Any


def due_scans(session: Session, term: KeepingTerm, on: date) -> list[DueScan]:
    """Return what is due by a term on a day, the oldest first: at most one list of it."""
    if term.years is None:
        return []
    case = _case(term.kept_class, on)
    asked = (
        _due(case, term, on)
        .add_columns(EvidenceFile, case.model.reference, case.closed_at)
        .order_by(case.closed_at, EvidenceFile.id)
        .limit(MOST)
    )
    return [DueScan(*row[1:]) for row in session.execute(asked)]


def count_due(session: Session, terms: Iterable[KeepingTerm], on: date) -> dict[int, int]:
    """Return how many scans are due by each term; one statement for all of them."""
    parts = [
        _due(_case(term.kept_class, on), term, on).with_only_columns(
            literal(term.id), func.count(EvidenceFile.id)
        )
        for term in terms
        if term.years is not None
    ]
    if not parts:
        return {}
    return {int(term_id): int(count) for term_id, count in session.execute(union_all(*parts))}


def is_still_due(
    session: Session, term: KeepingTerm, references: Sequence[str], on: date
) -> list[DueScan] | None:
    """Return the scans of a list while all of them are due; None when one is not any more."""
    found = due_scans(session, term, on)
    by_reference = {scan.file.reference: scan for scan in found}
    if not set(references) <= set(by_reference):
        return None
    return [by_reference[reference] for reference in references]


def _case(kept_class: KeptClass, on: date) -> _Case:
    if kept_class is KeptClass.DECISIONS:
        return _Case(
            Task,
            EvidenceFile.task_id,
            Task.closed_at,
            Task.state != TaskState.OPEN,
            Task.region_code,
            Task.employer_id,
        )
    if kept_class is KeptClass.COMPLAINTS:
        # A court may still be asked until the day that the answer named.
        may_sue = and_(Complaint.suit_until.is_not(None), Complaint.suit_until >= on)
        return _Case(
            Complaint,
            EvidenceFile.complaint_id,
            func.coalesce(Complaint.answered_at, Complaint.lodged_at),
            and_(Complaint.state != ComplaintState.OPEN, ~may_sue),
            Complaint.region_code,
            Complaint.employer_id,
        )
    final = [state for state in ReviewState if state.is_final]
    campaign = (
        select(Campaign.region_code)
        .where(Campaign.id == Review.campaign_id)
        .correlate(Review)
        .scalar_subquery()
    )
    return _Case(
        Review,
        EvidenceFile.review_id,
        Review.decided_at,
        Review.state.in_(final),
        campaign,
        None,
    )


def _due(case: _Case, term: KeepingTerm, on: date) -> Select[Any]:
    assert term.years is not None
    return (
        select(EvidenceFile.id)
        .join(case.model, case.model.id == case.key)
        .where(
            case.region == term.region_code,
            case.is_closed,
            case.closed_at < start_of_day(closed_before(term.years, on)),
            ~_is_held(case.model.reference),
            ~_is_under_way(case),
        )
    )


def _is_held(case_number: Any) -> ColumnElement[bool]:
    return exists().where(KeepingHold.case_number == case_number, KeepingHold.lifted_at.is_(None))


def _is_under_way(case: _Case) -> ColumnElement[bool]:
    """Return that something about the same person or employer is not over yet.

    What an earlier case rested on may be asked for again in a later one.
    """
    task, complaint, assessment = aliased(Task), aliased(Complaint), aliased(Assessment)
    person_id = case.model.person_id
    found = [
        exists().where(task.person_id == person_id, task.state == TaskState.OPEN),
        exists().where(complaint.person_id == person_id, complaint.state == ComplaintState.OPEN),
        exists().where(assessment.person_id == person_id, assessment.state.in_(tuple(OPEN_STATES))),
    ]
    if case.employer_id is not None:
        found += [
            exists().where(task.employer_id == case.employer_id, task.state == TaskState.OPEN),
            exists().where(
                assessment.employer_id == case.employer_id,
                assessment.state.in_(tuple(OPEN_STATES)),
            ),
        ]
    return or_(*found)
