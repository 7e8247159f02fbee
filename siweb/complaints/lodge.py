"""Take a complaint in, or back: it has a number and a last day to answer from then on."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.assessments.reports.report_hire import find_employer, source_key
from siweb.complaints.tables.complaint import Complaint, ComplaintKind, ComplaintState
from siweb.db.claim import add_or_find
from siweb.db.reference_code import new_reference
from siweb.messages.kinds.complaints import COMPLAINT_RECEIVED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing

# Whoever has more to say than this waits for answers first.
MOST_OPEN = 20
ANSWER = "complaint_answer"
"""The period of the packs in which a complaint is answered."""


class ComplaintRefused(Refusal):
    """When a complaint cannot be taken in or answered.

    `code` is "too_many", "closed", "no_employer", or "no_term" where the office's packs do not say
    by when it is answered.
    """


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """What somebody says is wrong."""

    kind: ComplaintKind
    employer: str
    from_month: str
    to_month: str | None
    words: str
    evidence: str = ""
    about_decision: str = ""


def lodge(
    session: Session,
    person_id: int,
    facts: ComplaintFacts,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> Complaint:
    """Return the complaint of a person; the same words sent twice are one complaint.

    The employer is found by its social credit code or its exact name; if it is not, the desk looks
    for it. The region is the employer's, else the person's.

    :raises ComplaintRefused: "too_many" while that many of this person's wait for an answer, or
        "no_term" while the office's packs are older than the term to answer in.
    """
    key = source_key("complaint", person_id, *_parts(facts))
    # Before it is counted: what is sent twice is not one too many.
    if existing := _lodged(session, key):
        return existing
    if _open_ones(session, person_id) >= MOST_OPEN:
        raise ComplaintRefused("too_many")
    person = session.get_one(Person, person_id)
    employer = find_employer(session, facts.employer) if facts.employer else None
    region_code = employer.region_code if employer else person.region_code
    complaint = Complaint(
        reference=new_reference(),
        source_key=key,
        region_code=region_code,
        kind=facts.kind,
        state=ComplaintState.OPEN,
        person_id=person_id,
        employer_id=employer.id if employer else None,
        employer_named=facts.employer,
        from_month=facts.from_month,
        to_month=facts.to_month,
        about_decision=facts.about_decision,
        words=facts.words,
        evidence=facts.evidence,
        lodged_at=at,
        answer_by=last_day(packs, region_code, on),
    )
    # Sent twice at once, neither finds the other above.
    if meanwhile := add_or_find(session, complaint, lambda: _lodged(session, key)):
        return meanwhile
    note(session, "complaint.lodged", complaint, actor, at)
    _confirm(session, complaint, at)
    return complaint


def _lodged(session: Session, key: str) -> Complaint | None:
    return session.scalar(select(Complaint).where(Complaint.source_key == key))


def _confirm(session: Session, complaint: Complaint, at: datetime) -> None:
    notify(
        session,
        COMPLAINT_RECEIVED,
        complaint.person_id,
        region_code=complaint.region_code,
        subject=("complaint", complaint.reference),
        until_on=complaint.answer_by,
        at=at,
    )


def last_day(packs: PackSet, region_code: str, on: date) -> date:
    """Return the last day on which a complaint of a day is answered, moved off holidays."""
    try:
        period = packs.parameters(region_code, month_of(on)).period(ANSWER)
    except ParameterMissing:
        raise ComplaintRefused("no_term") from None
    return compute_deadline(on, period, packs.calendar(as_of=on)).moved_to


def take_back(session: Session, complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """End a complaint that its sender no longer wants answered; twice is once.

    :raises ComplaintRefused: "closed" when it was answered before.
    """
    session.refresh(complaint, with_for_update=True)
    if complaint.state is ComplaintState.WITHDRAWN:
        return
    if complaint.state is not ComplaintState.OPEN:
        raise ComplaintRefused("closed")
    complaint.state = ComplaintState.WITHDRAWN
    # The same may be said again later.
    complaint.source_key = source_key("complaint", complaint.id, "withdrawn")
    session.flush()
    note(session, "complaint.withdrawn", complaint, actor, at)


def note(session: Session, action: str, complaint: Complaint, actor: Actor, at: datetime) -> None:
    """Write a line of the activity log about a complaint: its number, never its words."""
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("complaint", complaint.id),
        person_id=complaint.person_id,
        facts={"reference": complaint.reference},
    )


def _parts(facts: ComplaintFacts) -> tuple[object, ...]:
    months = (facts.from_month, facts.to_month)
    return (facts.kind, facts.employer, *months, facts.about_decision, facts.words)


def _open_ones(session: Session, person_id: int) -> int:
    found = session.scalar(
        select(func.count()).where(
            is_of(Complaint.person_id, person_id), Complaint.state == ComplaintState.OPEN
        )
    )
    return int(found or 0)
