"""Use a bill in the payer's favour: what it takes back was never owed, and is taken off its bill.

What was paid of it is the payer's money again, with the day on which it came: it pays other bills
as of that day, or is left to refund.
"""

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.payments.allocate import allocate, hold_money, open_bills
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.net_credit import net_credit
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.payments.take_back import waiting_refund_fen
from siweb.collection.posting.post_paid import post_paid_lines
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.payment import MatchedBy, PaymentKind
from siweb.rules.parameters.pack_set import PackSet


def use_credit(
    session: Session,
    credit: Bill,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    named: Bill | None = None,
) -> None:
    """Use the lines of a bill that are in its payer's favour; once, however often it is asked.

    `named` is paid first, then whatever else the payer owes in the region. No money moves: the
    payment that carries it is of nothing, and what is left of those before it can be refunded.
    """
    hold_money(session, credit.region_code)
    # Of nothing: it only carries the allocations. Its key makes a credit count once.
    received = Received(entry_key("credit", credit.id), 0, on)
    payment, is_new = record_payment(
        session, credit.region_code, PaymentKind.CREDIT, received, actor=actor, at=at
    )
    if not is_new:
        return
    payment.employer_id, payment.person_id = credit.employer_id, credit.person_id
    freed = net_credit(session, payment, credit, actor=actor, at=at, packs=packs)
    # Freed money first: it has the day on which it came, and so pays as of that day.
    for money in (*freed, payment):
        owed = open_bills(session, credit.employer_id, credit.person_id, packs=packs)
        bills = [bill for bill in owed if bill.region_code == credit.region_code]
        if bills and money.unallocated_fen > 0:
            by = money.matched_by or MatchedBy.STAFF
            allocate(
                session,
                money,
                bills,
                matched_by=by,
                order=order,
                actor=actor,
                at=at,
                named=named,
                kept_fen=waiting_refund_fen(session, money),
                packs=packs,
            )


def use_credits(
    session: Session,
    run: LevyRun,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> int:
    """Use what an issued run gives back; return how many bills had something of it.

    A bill of nothing, where people's changes cancel out, is paid without anything being paid.
    """
    has_credit = select(BillLine.bill_id).where(BillLine.employer_fen + BillLine.employee_fen < 0)
    is_credit = Bill.id.in_(has_credit)
    bills = session.scalars(
        select(Bill)
        .where(Bill.levy_run_id == run.id, or_(is_credit, Bill.total_fen == 0))
        .order_by(Bill.id)
    ).all()
    credits_used = 0
    for bill in bills:
        lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()
        if any(line.total_fen < 0 for line in lines):
            use_credit(session, bill, actor=actor, on=on, at=at, order=order, packs=packs)
            credits_used += 1
        else:
            post_paid_lines(session, bill, lines, packs=packs)
    return credits_used
