"""Decide a proposal: somebody else than its proposer, after the employer was heard.

A decision makes the bill; the notice is made with it (`notice.py`). Dropping needs reasons.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.assessment import OPEN_STATES, Assessment, AssessmentState
from siweb.collection.assessments.refused import AssessmentRefused
from siweb.collection.bank_reference import bank_reference
from siweb.collection.bill import Bill, BillKind, BillLine
from siweb.registry.packs_in_force import packs_in_force
from siweb.registry.words import Insurance
from siweb.rules.deadlines import compute_deadline
from siweb.rules.months import month_of


def decide(
    session: Session, assessment: Assessment, decision: str, *, actor: Actor, on: date, at: datetime
) -> Bill:
    """Fix the proposed amount and return its bill.

    :raises AssessmentRefused: "not_proposed", "same_person", "may_be_heard" while the employer may
        still answer, or "no_amount".
    """
    session.refresh(assessment, with_for_update=True)
    _refuse(assessment, actor, on)
    if not assessment.total_fen:
        raise AssessmentRefused("no_amount")
    _close(assessment, AssessmentState.DECIDED, decision, actor, at)
    bill = make_assessment_bill(
        session, assessment, BillKind.ASSESSMENT, pay_by(session, assessment, on), at
    )
    _note(session, assessment, actor, at)
    return bill


def drop(
    session: Session, assessment: Assessment, reasons: str, *, actor: Actor, at: datetime
) -> None:
    """End a case without a bill, with the reasons that the employer reads.

    :raises AssessmentRefused: "not_proposed" for a case that is closed, "no_reasons", and what
        `decide` refuses: a proposal is dropped by somebody else as well.
    """
    session.refresh(assessment, with_for_update=True)
    if assessment.state not in OPEN_STATES:
        raise AssessmentRefused("not_proposed")
    if not reasons:
        raise AssessmentRefused("no_reasons")
    if assessment.state is AssessmentState.PROPOSED and _is_proposer(assessment, actor):
        raise AssessmentRefused("same_person")
    _close(assessment, AssessmentState.DROPPED, reasons, actor, at)
    _note(session, assessment, actor, at)


def make_assessment_bill(
    session: Session, assessment: Assessment, kind: BillKind, due_on: date, at: datetime
) -> Bill:
    """Return the issued bill over an assessment's amounts; nobody's records stand behind it."""
    amounts = assessment.amounts
    sides = {
        side: sum(one[side] for one in amounts.values())
        for side in ("employer_fen", "employee_fen")
    }
    bill = Bill(
        kind=kind,
        assessment_id=assessment.id,
        region_code=assessment.region_code,
        contribution_month=assessment.from_month,
        through_month=assessment.to_month,
        employer_id=assessment.employer_id,
        headcount=max((one["headcount"] for one in amounts.values()), default=0),
        total_fen=sum(sides.values()),
        due_on=due_on,
        issued_at=at,
        **sides,
    )
    session.add(bill)
    session.flush()
    bill.bank_reference = bank_reference(bill.id)
    session.add_all(
        BillLine(bill_id=bill.id, insurance=Insurance(insurance), **one)
        for insurance, one in amounts.items()
    )
    session.flush()
    return bill


def pay_by(session: Session, assessment: Assessment, on: date) -> date:
    """Return the last day to pay what is decided on a day (Order 20 Art. 16)."""
    packs = packs_in_force(session)
    period = packs.parameters(assessment.region_code, month_of(on)).period("arrears_payment")
    return compute_deadline(on, period, packs.calendar()).moved_to


def _refuse(assessment: Assessment, actor: Actor, on: date) -> None:
    if assessment.state is not AssessmentState.PROPOSED:
        raise AssessmentRefused("not_proposed")
    if actor.account_id is None or _is_proposer(assessment, actor):
        raise AssessmentRefused("same_person")
    until = assessment.hearing_until
    if assessment.heard_at is None and until is not None and on <= until:
        raise AssessmentRefused("may_be_heard")


def _is_proposer(assessment: Assessment, actor: Actor) -> bool:
    return assessment.proposed_by_account_id == actor.account_id


def _close(
    assessment: Assessment, state: AssessmentState, words: str, actor: Actor, at: datetime
) -> None:
    assessment.state = state
    assessment.decision = words
    assessment.decided_by_account_id = actor.account_id
    assessment.decided_at = at


def _note(session: Session, assessment: Assessment, actor: Actor, at: datetime) -> None:
    session.flush()
    record_activity(
        session,
        f"assessment.{assessment.state.value}",
        actor=actor,
        at=at,
        subject=("assessment", assessment.id),
        person_id=assessment.person_id,
        facts={"reference": assessment.reference, "total_fen": assessment.total_fen},
    )
