"""Payments with something left, for a person to say what they are for, and what they might be."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.allocate import PaymentRefused, allocate, open_bills
from siweb.collection.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.bill import Bill
from siweb.collection.match import bills_named, bills_of_amount, payers_of
from siweb.collection.payment import Allocation, MatchedBy, Payment
from siweb.registry.employer import Employer

_MOST = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A bill that a payment may be for; the more of these are true, the likelier."""

    bill: Bill
    by_reference: bool
    by_amount: bool
    by_payer: bool

    @property
    def rank(self) -> tuple[bool, int]:
        """Return what is compared: a reference counts for more than everything else."""
        return self.by_reference, self.by_amount + self.by_payer


def payments_left(
    session: Session, region_code: str, after: int = 0, most: int = 50
) -> list[Payment]:
    """Return the payments with something left, in the order they came in."""
    return list(
        session.scalars(
            select(Payment)
            .where(
                Payment.region_code == region_code,
                Payment.unallocated_fen > 0,
                Payment.id > after,
            )
            .order_by(Payment.id)
            .limit(most)
        )
    )


def suggestions(session: Session, payment: Payment) -> list[Suggestion]:
    """Return the bills that a payment may be for, the likeliest first."""
    named = bills_named(session, payment.region_code, payment.remittance)
    amount = bills_of_amount(session, payment)
    payers = payers_of(session, payment)
    mine = [
        bill
        for employer_id in sorted(payers.employer_ids)
        for bill in open_bills(session, employer_id, None)
    ] + [
        bill
        for person_id in sorted(payers.person_ids)
        for bill in open_bills(session, None, person_id)
    ]
    known = bool(payers.employer_ids or payers.person_ids)
    found = {
        bill.id: bill for bill in (*named, *amount, *mine, *_of_similar_name(session, payment))
    }
    ids = ({bill.id for bill in named}, {bill.id for bill in amount})
    ranked = [
        Suggestion(bill, bill.id in ids[0], bill.id in ids[1], known and payers.may_owe(bill))
        for bill in found.values()
        if bill.region_code == payment.region_code and bill.outstanding_fen > 0
    ]
    ranked.sort(key=lambda one: (one.bill.due_on, one.bill.id))
    return sorted(ranked, key=lambda one: one.rank, reverse=True)[:_MOST]


def match_by_staff(
    session: Session,
    payment: Payment,
    reference: int,
    *,
    actor: Actor,
    at: datetime,
    order: AllocationOrder = IN_ORDER_OF_LAW,
) -> list[Allocation]:
    """Use what is left of a payment for the bill that a person chose, by its bank reference.

    :raises PaymentRefused: "no_such_bill", "nothing_left", or what `allocate` refuses.
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
        actor=actor,
        at=at,
        order=order,
        named=bill,
    )
    record_activity(
        session,
        "payment.matched",
        actor=actor,
        at=at,
        subject=("payment", payment.id),
        facts={"bill": bill.id, "amount_fen": sum(one.amount_fen for one in made)},
    )
    return made


def _of_similar_name(session: Session, payment: Payment) -> list[Bill]:
    """Return open bills of employers whose name begins or ends like the payer's."""
    name = payment.payer_name.strip()
    if len(name) < 4:  # noqa: PLR2004 - shorter ones are like too many
        return []
    like = or_(Employer.name.startswith(name[:4], autoescape=True), Employer.name == name)
    query = (
        select(Bill)
        .join(Employer, Employer.id == Bill.employer_id)
        .where(
            like,
            Bill.region_code == payment.region_code,
            Bill.issued_at.is_not(None),
            Bill.paid_fen < Bill.total_fen,
        )
        .order_by(Bill.due_on, Bill.id)
        .limit(_MOST)
    )
    return list(session.scalars(query))
