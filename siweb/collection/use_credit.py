"""Use a bill in the payer's favour: what it takes back pays other bills, or is left to refund."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.allocate import allocate, count, open_bills
from siweb.collection.bill import Bill, BillLine
from siweb.collection.levy_run import LevyRun
from siweb.collection.payment import Allocation, AllocationKind, MatchedBy, Payment, PaymentKind
from siweb.collection.post_paid import post_paid_lines
from siweb.collection.record_payment import Received, entry_key, record_payment


def use_credit(
    session: Session,
    credit: Bill,
    *,
    actor: Actor,
    on: date,
    at: datetime,
    named: Bill | None = None,
) -> None:
    """Use the lines of a bill that are in its payer's favour; once, however often it is asked.

    `named` is paid first, then whatever else the payer owes in the region. No money moves: the
    payment that carries it is of nothing, and what is left of it can be refunded.
    """
    received = Received(entry_key("credit", credit.id), 0, on)
    payment, is_new = record_payment(
        session, credit.region_code, PaymentKind.CREDIT, received, actor=actor, at=at
    )
    if not is_new:
        return
    payment.employer_id, payment.person_id = credit.employer_id, credit.person_id
    _take_lines(session, payment, credit, actor, at)
    owed = open_bills(session, credit.employer_id, credit.person_id)
    bills = [bill for bill in owed if bill.region_code == credit.region_code]
    if bills:
        by = MatchedBy.STAFF
        allocate(session, payment, bills, matched_by=by, actor=actor, at=at, named=named)


def _take_lines(
    session: Session, payment: Payment, credit: Bill, actor: Actor, at: datetime
) -> None:
    """Take the lines in the payer's favour: they are paid, and their money is the payment's."""
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == credit.id)).all()
    for line in lines:
        if line.total_fen < 0:
            allocation = Allocation(
                payment_id=payment.id,
                bill_id=credit.id,
                insurance=line.insurance,
                kind=AllocationKind.PREMIUM,
                amount_fen=line.total_fen,
                paid_on=payment.received_on,
                allocated_at=at,
                allocated_by_account_id=actor.account_id,
            )
            count(session, allocation, payment, credit, line)
    post_paid_lines(session, credit, lines)


def use_credits(session: Session, run: LevyRun, *, actor: Actor, on: date, at: datetime) -> int:
    """Use what an issued run gives back; return how many bills had something of it."""
    has_credit = select(BillLine.bill_id).where(BillLine.employer_fen + BillLine.employee_fen < 0)
    credits_of_run = session.scalars(
        select(Bill).where(Bill.levy_run_id == run.id, Bill.id.in_(has_credit)).order_by(Bill.id)
    ).all()
    for bill in credits_of_run:
        use_credit(session, bill, actor=actor, on=on, at=at)
    return len(credits_of_run)
