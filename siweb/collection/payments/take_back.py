"""Take money back: a transfer that bounced, or a refund of what is left over.

Neither changes a row that is there. Both are payments of their own with a negative amount that
name the first; allocations are taken back by negative rows that name them.
"""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.allocate import PaymentRefused, count, hold_money
from siweb.collection.payments.record import entry_key
from siweb.collection.posting.post_paid import unpost_lines
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import Allocation, Payment, PaymentKind, is_standing
from siweb.messages.kinds.bills import (
    EMPLOYER_PAYMENT_BOUNCED,
    EMPLOYER_REFUND,
    PAYMENT_BOUNCED,
    REFUND,
)
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.rules.parameters.pack_set import PackSet
from siweb.tasks.find import open_tasks_about

REFUND_BY_TWO = "payment.refund"
"""The action by which one person sends a refund and another checks it."""


def reverse_payment(
    session: Session, payment: Payment, *, packs: PackSet, on: date, actor: Actor, at: datetime
) -> Payment:
    """Take back a payment that did not come after all; return its row.

    The bills are open again as if it had never come: late fees run from the due day. Asked for
    twice, it is one reversal. What was paid back of it before is not there to be taken back: the
    payer owes it to the office, outside of any bill.

    :raises PaymentRefused: "no_money" for a refund or reversal, "refunded" when all was paid back.
    """
    if payment.origin_payment_id is not None or payment.amount_fen <= 0:
        raise PaymentRefused("no_money")
    hold_money(session, payment.region_code)
    session.refresh(payment, with_for_update=True)
    # One key for a payment: however often the bank says so, it went back once.
    key = entry_key("reversal", payment.id)
    existing = session.scalar(select(Payment).where(Payment.entry_key == key))
    if existing is not None:
        return existing
    left = payment.amount_fen + _given_back(session, payment)
    if left <= 0:
        raise PaymentRefused("refunded")
    release(session, payment, on=on, actor=actor, at=at, packs=packs)
    back = _add(session, payment, PaymentKind.REVERSAL, left, key, on, actor, at)
    _tell_payer(session, back, PAYMENT_BOUNCED, EMPLOYER_PAYMENT_BOUNCED, at)
    return back


def refund(
    session: Session, payment: Payment, amount_fen: int, *, on: date, actor: Actor, at: datetime
) -> Payment:
    """Pay back some of what is left of a payment; return its row.

    :raises PaymentRefused: "too_much" for more than is left, "no_money" for nothing.
    """
    hold_money(session, payment.region_code)
    # Two refunds at once would both find the same money left.
    session.refresh(payment, with_for_update=True)
    if amount_fen <= 0:
        raise PaymentRefused("no_money")
    if amount_fen > payment.unallocated_fen:
        raise PaymentRefused("too_much")
    earlier = session.scalar(select(func.count()).where(Payment.origin_payment_id == payment.id))
    # By place: a payment may be refunded in several parts, and two of them may be of one amount.
    key = entry_key("refund", payment.id, earlier)
    back = _add(session, payment, PaymentKind.REFUND, amount_fen, key, on, actor, at)
    _tell_payer(session, back, REFUND, EMPLOYER_REFUND, at)
    return back


def waiting_refund_fen(session: Session, payment: Payment) -> int:
    """Return what of a payment is to go back once a second person has checked it.

    It is not used for bills meanwhile: who checks the refund would find the money gone.
    """
    waiting = open_tasks_about(session, f"payment:{payment.id}", [REFUND_BY_TWO])
    return sum(int(task.change["amount_fen"]) for task in waiting)


def _tell_payer(
    session: Session, back: Payment, to_person: MessageKind, to_employer: MessageKind, at: datetime
) -> None:
    """Tell whose money goes back; what nobody was found for has no payer to tell."""
    employer_id, person_id = back.employer_id, back.person_id
    if employer_id is None and person_id is None:
        return
    kind = to_person if employer_id is None else to_employer
    reader_id = employer_id or person_id or 0
    subject = ("payment", back.id)
    notify(session, kind, reader_id, region_code=back.region_code, subject=subject, at=at)


def release(
    session: Session, payment: Payment, *, packs: PackSet, on: date, actor: Actor, at: datetime
) -> list[Allocation]:
    """Take back everything a payment was used for; its money is unallocated again."""
    of_payment = Allocation.payment_id == payment.id
    used = session.scalars(
        select(Allocation)
        .where(of_payment, is_standing())
        .order_by(Allocation.bill_id, Allocation.allocation_number)
    ).all()
    for bill_id in sorted({allocation.bill_id for allocation in used}):
        # Read anew under its lock: what the session has of it may be older.
        bill = session.get_one(Bill, bill_id, with_for_update=True, populate_existing=True)
        lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill_id)).all()
        by_insurance = {line.insurance: line for line in lines}
        for first in used:
            if first.bill_id == bill_id:
                negative = _negative(first, actor, at)
                count(session, negative, payment, bill, by_insurance[first.insurance], packs=packs)
        session.flush()
        # After all of the bill's allocations: a line counts as unpaid only when they are gone.
        unpost_lines(session, bill, lines, on, packs=packs)
    return list(used)


def take_back(
    session: Session,
    first: Allocation,
    fen: int,
    payment: Payment,
    bill: Bill,
    line: BillLine,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
) -> None:
    """Take back some of what a payment was used for; the rest of it is written anew."""
    count(session, _negative(first, actor, at), payment, bill, line, packs=packs)
    if fen < first.amount_fen:
        rest = Allocation(
            payment_id=first.payment_id,
            bill_id=first.bill_id,
            region_code=first.region_code,
            insurance=first.insurance,
            kind=first.kind,
            amount_fen=first.amount_fen - fen,
            paid_on=first.paid_on,
            allocated_at=at,
            allocated_by_account_id=actor.account_id,
        )
        count(session, rest, payment, bill, line, packs=packs)
    session.flush()


def _negative(first: Allocation, actor: Actor, at: datetime) -> Allocation:
    return Allocation(
        payment_id=first.payment_id,
        bill_id=first.bill_id,
        region_code=first.region_code,
        insurance=first.insurance,
        kind=first.kind,
        amount_fen=-first.amount_fen,
        # The same day, so that late fees count as if it had never been paid.
        paid_on=first.paid_on,
        allocated_at=at,
        allocated_by_account_id=actor.account_id,
        reverses_number=first.allocation_number,
    )


def _given_back(session: Session, payment: Payment) -> int:
    total = session.scalar(
        select(func.coalesce(func.sum(Payment.amount_fen), 0)).where(
            Payment.origin_payment_id == payment.id
        )
    )
    return int(total or 0)


def _add(
    session: Session,
    payment: Payment,
    kind: PaymentKind,
    amount_fen: int,
    key: str,
    on: date,
    actor: Actor,
    at: datetime,
) -> Payment:
    back = Payment(
        region_code=payment.region_code,
        kind=kind,
        amount_fen=-amount_fen,
        received_on=on,
        payer_name=payment.payer_name,
        payer_account=payment.payer_account,
        remittance=payment.remittance,
        entry_key=key,
        origin_payment_id=payment.id,
        recorded_at=at,
        recorded_by_account_id=actor.account_id,
        employer_id=payment.employer_id,
        person_id=payment.person_id,
        # What went back can be used for nothing.
        unallocated_fen=0,
    )
    session.add(back)
    payment.unallocated_fen -= amount_fen
    session.flush()
    record_activity(
        session,
        f"payment.{kind.value}",
        actor=actor,
        at=at,
        subject=("payment", payment.id),
        facts={"amount_fen": amount_fen, "row": back.id},
    )
    return back
