"""Which payment a return may be of: one of its amount, or a batch that adds up to it."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.payments.bank_reference import references_in
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.held_entry import HeldEntry, HeldReason
from siweb.collection.tables.payment import Allocation, Payment, PaymentKind

_MOST_CANDIDATES = 5
_SEEN = 50


def origins_of(session: Session, held: HeldEntry) -> list[Payment]:
    """Return the payments that a return may be of, the likeliest first.

    They have its amount, came no later and were not taken back before. What both say decides
    the order: a bill's reference, the payer's account, the payer's name.
    """
    if held.reason is not HeldReason.RETURNED or not held.amount_fen or held.entry_on is None:
        return []
    found = session.scalars(
        select(Payment)
        .where(
            Payment.region_code == held.region_code,
            # What went back is negative: none of it is of the amount.
            Payment.amount_fen == held.amount_fen,
            # Nothing goes back before it came.
            Payment.received_on <= held.entry_on,
            ~_was_reversed(),
        )
        .order_by(Payment.received_on.desc(), Payment.id.desc())
        .limit(_SEEN)
    ).all()
    references = set(references_in(held.remittance))
    of_bills = _payments_of(session, references, [payment.id for payment in found])

    def rank(payment: Payment) -> tuple[bool, bool, bool]:
        named = bool(references & set(references_in(payment.remittance)))
        return (
            named or payment.id in of_bills,
            bool(held.payer_account) and payment.payer_account == held.payer_account,
            bool(held.payer_name) and payment.payer_name == held.payer_name,
        )

    return sorted(found, key=rank, reverse=True)[:_MOST_CANDIDATES]


def batches_of(session: Session, held: HeldEntry) -> list[list[Payment]]:
    """Return the batches that a return may be of as a whole, the latest first.

    A batch is one entry that was booked as several payments; together they have the amount.
    """
    if held.reason is not HeldReason.RETURNED or not held.amount_fen or held.entry_on is None:
        return []
    first = session.scalars(
        select(Payment)
        .join(EntryClaim, EntryClaim.payment_id == Payment.id)
        .where(
            EntryClaim.account == held.account,
            EntryClaim.payment_count > 1,
            Payment.region_code == held.region_code,
            Payment.amount_fen < held.amount_fen,
            Payment.received_on <= held.entry_on,
            ~_was_reversed(),
        )
        .order_by(Payment.received_on.desc(), Payment.id.desc())
        .limit(_SEEN)
    ).all()
    batches = (batch_of(session, payment) for payment in first)
    fitting = (
        batch
        for batch in batches
        if sum(payment.amount_fen for payment in batch) == held.amount_fen
    )
    return list(fitting)[:_MOST_CANDIDATES]


def batch_of(session: Session, payment: Payment) -> list[Payment]:
    """Return the payments of an entry whose first payment this is, itself among them."""
    count = session.scalar(
        select(EntryClaim.payment_count).where(
            EntryClaim.statement_id == payment.statement_id, EntryClaim.payment_id == payment.id
        )
    )
    # A statement is imported by one process at a time: the parts of an entry follow each other.
    query = select(Payment).where(
        Payment.statement_id == payment.statement_id, Payment.id >= payment.id
    )
    return list(session.scalars(query.order_by(Payment.id).limit(count))) if count else [payment]


def _was_reversed() -> ColumnElement[bool]:
    back = aliased(Payment)
    query = select(back.id).where(
        back.origin_payment_id == Payment.id, back.kind == PaymentKind.REVERSAL
    )
    return query.exists()


def _payments_of(session: Session, references: set[int], payment_ids: list[int]) -> set[int]:
    if not references:
        return set()
    return set(
        session.scalars(
            select(Allocation.payment_id)
            .join(Bill, Bill.id == Allocation.bill_id)
            .where(
                Bill.bank_reference.in_(sorted(references)),
                Allocation.payment_id.in_(payment_ids),
            )
        )
    )
