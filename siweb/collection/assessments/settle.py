"""Settle what was assessed once a registration or declaration came after all (SIL 58, 62).

The levy bills the months as for anybody, with everybody's records. What was assessed is taken back
by a credit of its own; paid or not, it is used for the employer's bills, so that the difference
is what remains to pay or to give back. Nothing that was written changes.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.assessments.bill import make_assessment_bill
from siweb.collection.assessments.kept_steps import keep_steps
from siweb.collection.assessments.overtaken import mark_overtaken
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.use_credit import use_credit
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.db.reference_code import new_reference
from siweb.ledgers.lookup import at_employer
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.messages.kinds.assessments import ASSESSMENT_SETTLED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.rules.calendar.months import months_between, months_through
from siweb.rules.contributions.assessment import Settlement, settle_assessment
from siweb.rules.parameters.pack_set import PackSet


class Settled(NamedTuple):
    """What became of the cases of a region: overtaken by what was filed, and settled."""

    overtaken: int
    settled: int


def settle_all(
    session: Session,
    region_code: str,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> Settled:
    """Settle every case of a region whose registration or declaration has come."""
    overtaken = mark_overtaken(session, packs, region_code, on=on, at=at)
    waiting = session.scalars(
        select(Assessment)
        .where(Assessment.region_code == region_code, Assessment.state == AssessmentState.OVERTAKEN)
        .order_by(Assessment.id)
    ).all()
    settled = 0
    for assessment in waiting:
        if is_billed(session, assessment):
            settle(session, assessment, packs=packs, actor=actor, on=on, at=at, order=order)
            settled += 1
    return Settled(overtaken, settled)


def is_billed(session: Session, assessment: Assessment) -> bool:
    """Return whether the levy has billed every month that was assessed."""
    record = ContributionRecord
    months = session.scalar(
        select(func.count(record.contribution_month.distinct())).where(*_records(assessment))
    )
    # Every one: settled before, the credit would pay something else, and the months be billed anew.
    return months == months_between(assessment.from_month, assessment.to_month) + 1


def settle(
    session: Session,
    assessment: Assessment,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> Settlement:
    """Take back what was assessed and use it for what the levy billed; return the difference.

    :raises AssessmentRefused: "not_overtaken", or "not_billed" while the levy has not been there.
    """
    # Settling moves money; the second of two clerks must find it settled.
    session.refresh(assessment, with_for_update=True)
    if assessment.state is not AssessmentState.OVERTAKEN:
        raise AssessmentRefused("not_overtaken")
    if not is_billed(session, assessment):
        raise AssessmentRefused("not_billed")
    due = _due(session, assessment)
    explained = settle_assessment(due, assessment.total_fen)
    reversal = _reversal_of(assessment, at)
    reversal.calculation = [_line(assessment, keep_steps(explained.steps))]
    session.add(reversal)
    session.flush()
    credit = make_assessment_bill(session, reversal, BillKind.ADJUSTMENT, on, at)
    # While unpaid it is cancelled by its own credit; only what is left goes to other bills.
    named = _assessed_bill(session, assessment)
    use_credit(session, credit, packs=packs, order=order, named=named, actor=actor, on=on, at=at)
    assessment.state = AssessmentState.SETTLED
    assessment.settled_at = at
    session.flush()
    record_activity(
        session,
        "assessment.settled",
        actor=actor,
        at=at,
        subject=("assessment", assessment.id),
        person_id=assessment.person_id,
        facts={"due_fen": due, "assessed_fen": assessment.total_fen},
    )
    _tell(session, assessment, at)
    return explained.value


def _tell(session: Session, assessment: Assessment, at: datetime) -> None:
    notify(
        session,
        ASSESSMENT_SETTLED,
        assessment.employer_id,
        region_code=assessment.region_code,
        subject=("assessment", assessment.reference),
        at=at,
    )


def _records(assessment: Assessment) -> list[ColumnElement[bool]]:
    """Return the conditions on the issued records of the months that were assessed."""
    record = ContributionRecord
    months = months_through(assessment.from_month, assessment.to_month)
    found = [
        at_employer(assessment.employer_id, months, assessment.region_code),
        record.levy_run_id.in_(select(LevyRun.id).where(LevyRun.state == LevyState.ISSUED)),
    ]
    if assessment.person_id is not None:
        found.append(is_of(record.person_id, assessment.person_id))
    return found


def _due(session: Session, assessment: Assessment) -> int:
    record = ContributionRecord
    total = session.scalar(
        select(func.sum(record.employer_fen + record.employee_fen)).where(*_records(assessment))
    )
    return int(total or 0)


def _reversal_of(assessment: Assessment, at: datetime) -> Assessment:
    return Assessment(
        reference=new_reference(),
        kind=AssessmentKind.SETTLEMENT,
        region_code=assessment.region_code,
        employer_id=assessment.employer_id,
        person_id=assessment.person_id,
        settles_id=assessment.id,
        from_month=assessment.from_month,
        to_month=assessment.to_month,
        origin="settlement",
        facts="",
        amounts={
            insurance: {
                # Money is taken back; the people stay as many as they were.
                name: value if name == "headcount" else -value
                for name, value in amount.items()
            }
            for insurance, amount in assessment.amounts.items()
        },
        state=AssessmentState.SETTLED,
        opened_at=at,
        settled_at=at,
    )


def _line(assessment: Assessment, steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "insurance": None,
        "from_month": assessment.from_month,
        "to_month": assessment.to_month,
        "months": months_between(assessment.from_month, assessment.to_month) + 1,
        "steps": steps,
    }


def _assessed_bill(session: Session, assessment: Assessment) -> Bill | None:
    """Return the bill over what was assessed while something of it is to be paid."""
    return session.scalar(
        select(Bill).where(Bill.assessment_id == assessment.id, Bill.paid_fen < Bill.total_fen)
    )
