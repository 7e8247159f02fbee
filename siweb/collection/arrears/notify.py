"""What the desk does about arrears: tell the payer, or defer where a law allows it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.arrears.daily import ArrearsRefused, deadline, end_deferrals
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral, DeferredShare
from siweb.collection.tables.bill import Bill, BillLine, BillMonth
from siweb.collection.tables.instalment import Instalment
from siweb.messages.kinds.bills import DEFERRAL_APPROVED
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.codes import Insurance
from siweb.rules.parameters.pack_set import PackSet

# For force majeure (Order 13 Art. 21) and by agreement a year is the longest; 366 days hold any.
LONGEST_DEFERRAL = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Approval:
    """The decision that lets arrears wait: the law, who decided, and what it is about."""

    legal_basis: str
    decided_by: str
    number: str = ""
    decided_on: date | None = None
    share: DeferredShare = DeferredShare.WHOLE
    # Those that wait; none named are all of the bill.
    insurances: tuple[Insurance, ...] = ()
    # What secures the payment (SIL 63).
    security: str = ""


def serve_notice(
    session: Session,
    arrears: Arrears,
    received_on: date,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
) -> Arrears:
    """Note that the payer received the notice on a day; from then on the days to pay run.

    Telling again does not prolong them. What waits by an approval goes on waiting: the day is
    kept, and counts once the deferral is over.

    :raises ArrearsRefused: "paid", "written_off", or "before_found" for a day before there were
        arrears.
    """
    # Two people may defer them at this moment: what they decided is not written over.
    session.refresh(arrears, with_for_update=True)
    _refuse_over(arrears)
    if received_on < arrears.found_on:
        raise ArrearsRefused("before_found")
    if arrears.noticed_on is None:
        arrears.noticed_on = received_on
        # Five working days from receipt (Order 20 Art. 16), whenever the desk gets to note it.
        arrears.pay_by = deadline(packs, arrears.region_code, "arrears_payment", received_on)
        # A notice tells what is owed; it ends no deferral that a law allows (Order 13 Art. 21, 22).
        if arrears.state is not ArrearsState.DEFERRED:
            arrears.state = ArrearsState.NOTICED
        _note(session, "arrears.noticed", arrears, actor, at)
    return arrears


def deferral_problem(from_on: date, until: date, *, on: date) -> str | None:
    """Return why days cannot be approved as a deferral on a day: "from_ahead" or "too_long".

    A plan of instalments has its own end (`instalments.py`).
    """
    # What waits has no late fee from the moment it is approved: nothing is approved ahead.
    if from_on > on:
        return "from_ahead"
    return "too_long" if until - from_on > LONGEST_DEFERRAL else None


def defer(
    session: Session,
    arrears: Arrears,
    days: tuple[date, date],
    approval: Approval,
    *,
    actor: Actor,
    at: datetime,
    kind: MessageKind = DEFERRAL_APPROVED,
) -> Arrears:
    """Defer arrears from a day to a day, both in it; premiums wait only where a law says so.

    No late fee is added on these days (SIL 60, 63; Order 13 Art. 21, 22) on what waits; the day
    after the last it goes on. The payer is told, by a message of `kind`.

    :raises ArrearsRefused: "paid", "written_off", "no_legal_basis", "no_deciding_body",
        "until_past" for an end before the arrears, "day_order", or "several_months" for a part
        of a bill whose months are due on their own days.
    """
    from_on, until = days
    _refuse(arrears, approval, from_on, until)
    deferred_fen = _deferred_fen(session, arrears, approval)
    # What was agreed on before does not hold any more.
    session.execute(delete(Instalment).where(Instalment.arrears_id == arrears.id))
    # The day before: both deferrals pausing one day would be named by `siweb check`.
    end_deferrals(session, arrears.id, from_on - timedelta(days=1))
    arrears.state = ArrearsState.DEFERRED
    arrears.deferred_until = until
    arrears.legal_basis = approval.legal_basis.strip()[:200]
    session.add(
        Deferral(
            arrears_id=arrears.id,
            from_on=from_on,
            until=until,
            legal_basis=arrears.legal_basis,
            decided_by=approval.decided_by.strip(),
            decision_number=approval.number.strip(),
            decided_on=approval.decided_on,
            share=approval.share,
            insurances=[insurance.value for insurance in approval.insurances],
            deferred_fen=deferred_fen,
            security=approval.security.strip(),
            approved_at=at,
        )
    )
    _note(session, "arrears.deferred", arrears, actor, at)
    tell_payer(session, kind, arrears, at=at, until_on=until)
    return arrears


def tell_payer(
    session: Session,
    kind: MessageKind,
    arrears: Arrears,
    *,
    at: datetime,
    until_on: date | None = None,
) -> None:
    """Tell the employer whose bill it is: nobody else has arrears."""
    employer_id = session.get_one(Bill, arrears.bill_id).employer_id
    if employer_id is not None:
        notify(
            session,
            kind,
            employer_id,
            region_code=arrears.region_code,
            subject=("arrears", arrears.id),
            until_on=until_on,
            at=at,
        )


def latest_deferral(session: Session, arrears_id: int) -> Deferral | None:
    """Return the deferral that was approved last, whether it still lasts or not."""
    return session.scalar(
        select(Deferral)
        .where(Deferral.arrears_id == arrears_id)
        .order_by(Deferral.id.desc())
        .limit(1)
    )


def _refuse(arrears: Arrears, approval: Approval, from_on: date, until: date) -> None:
    _refuse_over(arrears)
    if not approval.legal_basis.strip():
        raise ArrearsRefused("no_legal_basis")
    if not approval.decided_by.strip():
        raise ArrearsRefused("no_deciding_body")
    if until <= arrears.found_on:
        raise ArrearsRefused("until_past")
    if until < from_on:
        raise ArrearsRefused("day_order")


def _refuse_over(arrears: Arrears) -> None:
    """Refuse what has an end: nobody is told of it, and nothing of it waits."""
    if arrears.state is ArrearsState.PAID:
        raise ArrearsRefused("paid")
    if arrears.state is ArrearsState.WRITTEN_OFF:
        raise ArrearsRefused("written_off")


def _deferred_fen(session: Session, arrears: Arrears, approval: Approval) -> int | None:
    """Return what of the bill waits, in fen; None where all of it does."""
    if approval.share is DeferredShare.WHOLE and not approval.insurances:
        return None
    months = select(func.count()).where(BillMonth.bill_id == arrears.bill_id)
    if session.scalar(months):
        raise ArrearsRefused("several_months")
    # 人社厅发〔2022〕16号 let the employer's share wait alone; the employees' share went on.
    fen: ColumnElement[int] = BillLine.employer_fen.expression
    if approval.share is DeferredShare.WHOLE:
        fen = fen + BillLine.employee_fen
    waiting = select(func.coalesce(func.sum(fen), 0)).where(BillLine.bill_id == arrears.bill_id)
    if approval.insurances:
        waiting = waiting.where(BillLine.insurance.in_(approval.insurances))
    return int(session.scalar(waiting) or 0)


def _note(session: Session, action: str, arrears: Arrears, actor: Actor, at: datetime) -> None:
    arrears.changed_at = at
    days = {"pay_by": arrears.pay_by, "deferred_until": arrears.deferred_until}
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("arrears", arrears.id),
        facts={name: day.isoformat() for name, day in days.items() if day},
    )
