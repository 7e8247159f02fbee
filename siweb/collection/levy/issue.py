"""End a levy: its bills are issued, and what payers left as credit for them is used."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.collection.levy.run import finish_levy
from siweb.collection.payments.allocate import allocate, hold_money, open_bills
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.take_back import waiting_refund_fen
from siweb.collection.posting.post_paid import post_paid_lines
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.collection.tables.payment import MatchedBy, Payment
from siweb.messages.kinds.bills import BILL_ISSUED, OWN_BILL
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.registry.tables.person_alias import PersonAlias
from siweb.rules.parameters.pack_set import PackSet


def end_levy(
    session: Session,
    run: LevyRun,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> LevyRun:
    """End a run that is worked through; the caller commits it and what was used at once."""
    # First of all: imports and the desk hold the money before they lock bills, and whoever takes
    # the two in another order waits for them for ever.
    hold_money(session, run.region_code)
    run = finish_levy(session, run, packs=packs, actor=actor, at=at, order=order)
    if run.state is LevyState.ISSUED:
        _post_nothing(session, run, packs)
        tell_payers(session, run, at=at)
        use_kept_credit(session, run, packs=packs, actor=actor, at=at, order=order)
    return run


def tell_payers(session: Session, run: LevyRun, *, at: datetime) -> int:
    """Tell every payer of a run that there is a bill; return how many. The caller commits."""
    return sum(
        notify_each(
            session,
            kind,
            select(
                Bill.region_code,
                subject_of("bill", Bill.id),
                day_of(office_day(at)),
                payer,
                Bill.due_on,
            ).where(Bill.levy_run_id == run.id, payer.is_not(None)),
            at=at,
        )
        for kind, payer in ((BILL_ISSUED, Bill.employer_id), (OWN_BILL, Bill.person_id))
    )


def use_kept_credit(
    session: Session,
    run: LevyRun,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> int:
    """Use what payers left with the office for the bills of a run; return how many payments.

    Money that nobody has decided about waits on.
    """
    is_open = Bill.paid_fen < Bill.total_fen
    of_run = [Bill.levy_run_id == run.id, Bill.region_code == run.region_code, is_open]
    kept = session.scalars(
        select(Payment)
        .where(
            Payment.region_code == run.region_code,
            Payment.unallocated_fen > 0,
            Payment.kept_at.is_not(None),
            or_(
                Payment.employer_id.in_(select(Bill.employer_id).where(*of_run)),
                *_is_of_payers(select(Bill.person_id).where(*of_run)),
            ),
        )
        .order_by(Payment.received_on, Payment.id)
    ).all()
    for payment in kept:
        # Every open bill of the payer, not only the run's:
        # the order of the law puts older ones first.
        owed = open_bills(session, payment.employer_id, payment.person_id, packs=packs)
        bills = [bill for bill in owed if bill.region_code == run.region_code]
        if bills:
            by = payment.matched_by or MatchedBy.STAFF
            allocate(
                session,
                payment,
                bills,
                matched_by=by,
                order=order,
                actor=actor,
                at=at,
                # What two people are about to pay back is not used meanwhile.
                kept_fen=waiting_refund_fen(session, payment),
                packs=packs,
            )
    return len(kept)


def _is_of_payers(people: Select[int | None]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a payment is one of these people's, under any of their keys."""
    yield Payment.person_id.in_(people)
    now, other = aliased(PersonAlias), aliased(PersonAlias)
    yield Payment.person_id.in_(select(now.former_id).where(now.person_id.in_(people)))
    standing = select(other.person_id).where(other.former_id.in_(people))
    yield Payment.person_id.in_(standing)
    yield Payment.person_id.in_(select(now.former_id).where(now.person_id.in_(standing)))


def _post_nothing(session: Session, run: LevyRun, packs: PackSet) -> None:
    """Post bills of nothing: nobody will ever pay them."""
    bills = session.scalars(select(Bill).where(Bill.levy_run_id == run.id, Bill.total_fen == 0))
    for bill in bills.all():
        lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()
        post_paid_lines(session, bill, lines, packs=packs)
