"""Decide a proposal: somebody else than its proposer, after the employer was heard.

A decision makes the bill; the notice is made with it (`notice.py`). Dropping needs reasons.
"""

from datetime import date, datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import is_account_of
from siweb.collection.assessments.bill import keep_months, make_assessment_bill
from siweb.collection.assessments.overtaken import is_registered, mark_overtaken
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.assessment import OPEN_STATES, Assessment, AssessmentState
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.hire_report import HireReport
from siweb.messages.kinds.assessments import (
    ASSESSMENT_DECIDED,
    ASSESSMENT_DROPPED,
    ASSESSMENT_PROPOSED,
    REPORT_DECIDED,
)
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.messages.served import served_on
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet


def decide(
    session: Session,
    assessment: Assessment,
    decision: str,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> Bill | None:
    """Fix the proposed amount and return its bill; None when what was missing was filed meanwhile.

    :raises AssessmentRefused: "not_proposed", "same_person", "may_be_heard" while the employer may
        still answer, "not_served" while those days do not run, "registered" where the person is
        for some of the months, or "no_amount".
    """
    # A declaration filed since the proposal goes before any assessment, so it is looked for
    # first.
    mark_overtaken(session, packs, assessment.region_code, on=on, at=at, only=assessment.id)
    session.refresh(assessment, with_for_update=True)
    if assessment.state is AssessmentState.DROPPED and assessment.overtaken_on == on:
        return None
    _refuse(session, assessment, actor, on)
    _refuse_registered(session, assessment)
    if not assessment.total_fen:
        raise AssessmentRefused("no_amount")
    _close(assessment, AssessmentState.DECIDED, decision, actor, at)
    bill = make_assessment_bill(
        session, assessment, BillKind.ASSESSMENT, pay_by(packs, assessment.region_code, on), at
    )
    keep_months(session, packs, assessment, bill, on)
    _note(session, assessment, actor, at)
    _tell(session, ASSESSMENT_DECIDED, assessment, at, bill.due_on)
    _tell_reporter(session, assessment, at)
    return bill


def drop(
    session: Session, assessment: Assessment, reasons: str, *, actor: Actor, at: datetime
) -> None:
    """End a case without a bill, with the reasons that the employer reads.

    :raises AssessmentRefused: "not_proposed" for a case that is closed, "no_reasons", and what
        `decide` refuses: a proposal is dropped by somebody else as well.
    """
    # Or the case is decided meanwhile, and a bill would stand for what was dropped.
    session.refresh(assessment, with_for_update=True)
    if assessment.state not in OPEN_STATES:
        raise AssessmentRefused("not_proposed")
    if not reasons:
        raise AssessmentRefused("no_reasons")
    if assessment.state is AssessmentState.PROPOSED and _is_proposer(session, assessment, actor):
        raise AssessmentRefused("same_person")
    was_notified = assessment.state is AssessmentState.PROPOSED
    _close(assessment, AssessmentState.DROPPED, reasons, actor, at)
    _note(session, assessment, actor, at)
    # Of what nobody proposed the employer never heard.
    if was_notified:
        _tell(session, ASSESSMENT_DROPPED, assessment, at)
    _tell_reporter(session, assessment, at)


def _tell(
    session: Session,
    kind: MessageKind,
    assessment: Assessment,
    at: datetime,
    until_on: date | None = None,
) -> None:
    notify(
        session,
        kind,
        assessment.employer_id,
        region_code=assessment.region_code,
        subject=("assessment", assessment.reference),
        until_on=until_on,
        at=at,
    )


def _tell_reporter(session: Session, assessment: Assessment, at: datetime) -> None:
    """Tell whose report the case began with; a list was sent by another office."""
    if assessment.report_id is None:
        return
    report = session.get_one(HireReport, assessment.report_id)
    if report.reported_by_person_id is not None:
        notify(
            session,
            REPORT_DECIDED,
            report.reported_by_person_id,
            region_code=assessment.region_code,
            subject=("hire_report", report.reference),
            at=at,
        )


def pay_by(packs: PackSet, region_code: str, on: date) -> date:
    """Return the last day to pay what is decided on a day (Order 20 Art. 16)."""
    period = packs.parameters(region_code, month_of(on)).period("arrears_payment")
    return compute_deadline(on, period, packs.calendar()).moved_to


def count_days_to_pay(
    session: Session, region_code: str, reference: str, served_on: date, *, packs: PackSet
) -> None:
    """Let the days to pay run from the day on which a decision is served.

    Late fees go on: they run by law from each month's own due day (SIL 86).
    """
    decided = select(Assessment.id).where(Assessment.reference == reference).scalar_subquery()
    session.execute(
        update(Bill)
        .where(
            Bill.assessment_id == decided,
            # What is in arrears has days of its own by now.
            ~exists().where(Arrears.bill_id == Bill.id),
        )
        .values(due_on=pay_by(packs, region_code, served_on))
        .execution_options(synchronize_session="fetch")
    )


def _refuse(session: Session, assessment: Assessment, actor: Actor, on: date) -> None:
    if assessment.state is not AssessmentState.PROPOSED:
        raise AssessmentRefused("not_proposed")
    if actor.account_id is None or _is_proposer(session, assessment, actor):
        raise AssessmentRefused("same_person")
    if (code := undecidable(session, assessment, on)) is not None:
        raise AssessmentRefused(code)


def undecidable(session: Session, assessment: Assessment, on: date) -> str | None:
    """Return why a proposal may not be decided on a day yet, None where it may.

    "not_served" while the employer was not lawfully told of it, "may_be_heard" until its last day.
    """
    if assessment.heard_at is not None:
        return None
    subject = ("assessment", assessment.reference)
    served = served_on(session, ASSESSMENT_PROPOSED, assessment.region_code, subject)
    if served is None or served > on:
        return "not_served"
    until = assessment.hearing_until
    return "may_be_heard" if until is not None and on <= until else None


def _refuse_registered(session: Session, assessment: Assessment) -> None:
    """Refuse what the levy bills by now: who is registered for a part of the months."""
    if assessment.report_id is None:
        return
    report = session.get_one(HireReport, assessment.report_id)
    months = (assessment.from_month, assessment.to_month)
    if is_registered(session, report, assessment.employer_id, months):
        raise AssessmentRefused("registered")


def _is_proposer(session: Session, assessment: Assessment, actor: Actor) -> bool:
    """Return whether somebody proposed it, also under another account or key of theirs."""
    return is_account_of(session, assessment.proposed_by_account_id, actor)


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
