"""Answer a complaint in writing, with what can be done against the answer (社会保险法 82, 83)."""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.assessments.reports.report_hire import (
    HireClaim,
    find_employer,
    report_own_hire,
)
from siweb.collection.tables.hire_report import HireReport
from siweb.complaints.lodge import ComplaintRefused, note
from siweb.complaints.tables.complaint import Complaint, ComplaintState, Outcome
from siweb.messages.kinds.complaints import COMPLAINT_ANSWERED
from siweb.messages.notify import notify
from siweb.messages.served import remedies_until
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import first_day, last_day
from siweb.rules.parameters.pack_set import PackSet


def answer(
    session: Session,
    complaint: Complaint,
    outcome: Outcome,
    words: str,
    *,
    handed_on_to: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Answer an open complaint; what the sender may do against it runs once that is served.

    :raises ComplaintRefused: "closed" when it was answered or taken back before.
    """
    _hold_open(session, complaint)
    complaint.state, complaint.outcome = ComplaintState.ANSWERED, outcome
    complaint.answer, complaint.handed_on_to = words, handed_on_to
    complaint.answered_at, complaint.answered_by_account_id = at, actor.account_id
    session.flush()
    note(session, "complaint.answered", complaint, actor, at)
    notify(
        session,
        COMPLAINT_ANSWERED,
        complaint.person_id,
        region_code=complaint.region_code,
        subject=("complaint", complaint.reference),
        at=at,
    )


def count_remedies(
    session: Session, region_code: str, reference: str, served_on: date, *, packs: PackSet
) -> None:
    """Let the days for a review and the court run from the day on which an answer is served."""
    review, suit = remedies_until(packs, region_code, served_on)
    session.execute(
        update(Complaint)
        .where(Complaint.reference == reference)
        .values(review_until=review, suit_until=suit)
    )


def name_employer(
    session: Session, complaint: Complaint, named: str, *, actor: Actor, at: datetime
) -> bool:
    """Say which employer an open complaint means; return whether there is one.

    :raises ComplaintRefused: "closed".
    """
    _hold_open(session, complaint)
    employer = find_employer(session, named)
    if employer is None:
        return False
    complaint.employer_id = employer.id
    session.flush()
    note(session, "complaint.employer_named", complaint, actor, at)
    return True


def take_up(session: Session, complaint: Complaint, *, actor: Actor, at: datetime) -> HireReport:
    """Make a report of a missing registration of a complaint, from which a case may come.

    Twice is once. The complaint still has to be answered.

    :raises ComplaintRefused: "no_employer" while nobody said which one is meant, "closed".
    :raises AssessmentRefused: "too_many" reports of the person that wait.
    """
    _hold_open(session, complaint)
    if complaint.hire_report_id is not None:
        return session.get_one(HireReport, complaint.hire_report_id)
    if complaint.employer_id is None:
        raise ComplaintRefused("no_employer")
    employer = session.get_one(Employer, complaint.employer_id)
    last = complaint.to_month
    claim = HireClaim(
        employer.uscc,
        first_day(complaint.from_month),
        None if last is None else last_day(last),
        # A complaint may be twice as long as what a report has room for.
        words=complaint.words[:1000],
    )
    report = report_own_hire(session, complaint.person_id, claim, actor=actor, at=at)
    complaint.hire_report_id = report.id
    session.flush()
    note(session, "complaint.taken_up", complaint, actor, at)
    return report


def _hold_open(session: Session, complaint: Complaint) -> None:
    """Of two who answer at the same moment the second hears that it was done."""
    session.refresh(complaint, with_for_update=True)
    if complaint.state is not ComplaintState.OPEN:
        raise ComplaintRefused("closed")
