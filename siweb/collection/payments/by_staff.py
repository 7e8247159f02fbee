"""Use a payment as a person decides: for one bill, or for several, each with its part.

One transfer may pay the bills of several payers: an agency pays for its clients. The payment is
then nobody's; what is left of it waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.allocate import (
    PaymentRefused,
    allocate,
    are_one_payers,
    hold_money,
    is_closed,
    pay_bill,
)
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.late_fee import late_fees_due
from siweb.collection.payments.match import bill_named, bills_named
from siweb.collection.payments.take_back import waiting_refund_fen
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, MatchedBy, Payment
from siweb.rules.parameters.pack_set import PackSet

# A form of twenty lines is the longest anybody fills in; a branch office pays its bills apart.
MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A bill and how much of a payment is for it, in fen."""

    reference: int
    amount_fen: int


def match_by_staff(
    session: Session,
    payment: Payment,
    reference: int,
    *,
    packs: PackSet,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    actor: Actor,
    at: datetime,
) -> list[Allocation]:
    """Use what is left of a payment for the bill that a person chose, by its bank reference.

    :raises PaymentRefused: what `bill_named` refuses, "nothing_left", "refund_waits" for all of it,
        "nothing_owed" where the bill asks for nothing that this money may pay, or what `allocate`
        refuses.
    """
    bill = bill_named(session, payment.region_code, reference)
    if payment.unallocated_fen <= 0:
        raise PaymentRefused("nothing_left")
    refund_fen = waiting_refund_fen(session, payment)
    if payment.unallocated_fen <= refund_fen:
        raise PaymentRefused("refund_waits")
    made = allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.STAFF,
        order=order,
        actor=actor,
        at=at,
        named=bill,
        kept_fen=refund_fen,
        packs=packs,
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


def offered_split(
    session: Session, payment: Payment, *, packs: PackSet, kept_fen: int = 0
) -> list[SplitPart]:
    """Return how a payment that names several bills may be split; nothing where it names one.

    Each bill gets what it asks for on the day of the payment, the oldest first, until the money
    is used up but for what is kept for a refund.
    """
    named = bills_named(session, payment.region_code, payment.remittance)[:MOST_PARTS]
    # What is over pays nothing back, whoever names it.
    bills = [bill for bill in named if not is_closed(bill, payment.received_on)]
    if len(bills) <= 1 or payment.unallocated_fen <= 0:
        return []
    fees = late_fees_due(session, bills, payment.received_on, packs=packs)
    parts, left = [], max(0, payment.unallocated_fen - kept_fen)
    for bill in bills:
        part = min(left, max(0, bill.outstanding_fen) + fees[bill.id])
        parts.append(SplitPart(bill.bank_reference or 0, part))
        left -= part
    return parts


def split_payment(
    session: Session,
    payment: Payment,
    parts: Sequence[SplitPart],
    *,
    packs: PackSet,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    actor: Actor,
    at: datetime,
) -> list[Allocation]:
    """Use a payment for several bills, each with its part; all of it or nothing.

    :raises PaymentRefused: "no_money", "no_parts", "same_bill" twice, "too_much" together,
        "refund_waits" where they use what is to be refunded, what `bill_named` refuses,
        "two_payers" where the payment is somebody's already, "nothing_owed" where a bill asks for
        less than its part.
    """
    hold_money(session, payment.region_code)
    session.refresh(payment, with_for_update=True)
    if payment.origin_payment_id is not None:
        raise PaymentRefused("no_money")
    used = _used(payment, parts)
    asked_fen = sum(part.amount_fen for part in used)
    if asked_fen > payment.unallocated_fen - waiting_refund_fen(session, payment):
        raise PaymentRefused("refund_waits")
    bills = _bills(session, payment, used)
    _name_payer(session, payment, list(bills.values()))
    payment.matched_by = MatchedBy.STAFF
    made: list[Allocation] = []
    for part in sorted(used, key=lambda part: bills[part.reference].id):
        bill = bills[part.reference]
        session.refresh(bill, with_for_update=True)
        # Everything but this part is for others.
        kept = payment.unallocated_fen - part.amount_fen
        paid = pay_bill(
            session, payment, bill, order=order, actor=actor, at=at, kept_fen=kept, packs=packs
        )
        if sum(allocation.amount_fen for allocation in paid) != part.amount_fen:
            raise PaymentRefused("nothing_owed")
        made += paid
    session.flush()
    record_activity(
        session,
        "payment.split",
        actor=actor,
        at=at,
        subject=("payment", payment.id),
        facts={"bills": len(bills), "amount_fen": asked_fen},
    )
    return made


def _used(payment: Payment, parts: Sequence[SplitPart]) -> list[SplitPart]:
    used = [part for part in parts if part.amount_fen > 0]
    if not used:
        raise PaymentRefused("no_parts")
    if len({part.reference for part in used}) != len(used):
        raise PaymentRefused("same_bill")
    if sum(part.amount_fen for part in used) > payment.unallocated_fen:
        raise PaymentRefused("too_much")
    return used


def _bills(session: Session, payment: Payment, parts: Sequence[SplitPart]) -> dict[int, Bill]:
    bills = {
        part.reference: bill_named(session, payment.region_code, part.reference) for part in parts
    }
    if any(bill.issued_at is None for bill in bills.values()):
        raise PaymentRefused("no_such_bill")
    return bills


def _name_payer(session: Session, payment: Payment, bills: Sequence[Bill]) -> None:
    payers = {(bill.employer_id, bill.person_id) for bill in bills}
    has_payer = (payment.employer_id, payment.person_id) != (None, None)
    if has_payer and not are_one_payers(session, (payment, *bills)):
        raise PaymentRefused("two_payers")
    if len(payers) == 1:
        payment.employer_id, payment.person_id = next(iter(payers))
