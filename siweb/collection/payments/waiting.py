"""Payments with something left, for a person to say what they are for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.allocate import PaymentRefused, allocate
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, MatchedBy, Payment


def match_by_staff(
    session: Session,
    payment: Payment,
    reference: int,
    *,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    actor: Actor,
    at: datetime,
) -> list[Allocation]:
    """Use what is left of a payment for the bill that a person chose, by its bank reference.

    :raises PaymentRefused: "no_such_bill", "nothing_left", "nothing_owed" where the bill asks for
        nothing that this money may pay, or what `allocate` refuses.
    """
    bill = session.scalar(
        select(Bill).where(
            Bill.bank_reference == reference, Bill.region_code == payment.region_code
        )
    )
    if bill is None:
        raise PaymentRefused("no_such_bill")
    if payment.unallocated_fen <= 0:
        raise PaymentRefused("nothing_left")
    made = allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.STAFF,
        order=order,
        actor=actor,
        at=at,
        named=bill,
    )
    if not made:
        raise PaymentRefused("nothing_owed")
    record_activity(
        session,
        "payment.matched",
        actor=actor,
        at=at,
        subject=("payment", payment.id),
        facts={"bill": bill.id, "amount_fen": sum(part.amount_fen for part in made)},
    )
    return made
