"""Find payments for the desk: what waits, what was kept, and what a payment was used for."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, AllocationKind, Payment, PaymentKind

PAGE = 25


class PaymentsShown(StrEnum):
    """Which payments a list is about."""

    WAITING = "waiting"
    KEPT = "kept"
    ALL = "all"


class Used(NamedTuple):
    """What of a payment was used for one bill, less what was taken back."""

    bank_reference: int
    contribution_month: str
    premium_fen: int
    late_fee_fen: int
    # Whose bill it is, where a person pays alone.
    person_id: int | None
    employer_id: int | None


class Bounce(NamedTuple):
    """Whether a payment may still be returned, and what was paid back of it before."""

    is_possible: bool
    claim_fen: int


def is_waiting() -> ColumnElement[bool]:
    """Return the condition that a person has to decide what a payment is for."""
    return and_(Payment.unallocated_fen > 0, Payment.kept_at.is_(None))


def list_payments(
    session: Session, shown: PaymentsShown, query: str = "", page: int = 1, *, scope: Scope
) -> tuple[list[Payment], bool]:
    """Return a page of payments, the oldest first where they wait, and whether there are more.

    A search is for a part of the payer's name or of the remittance text.
    """
    found = select(Payment).where(scope.has(Payment.region_code))
    if shown is PaymentsShown.WAITING:
        found = found.where(is_waiting()).order_by(Payment.id)
    elif shown is PaymentsShown.KEPT:
        found = found.where(Payment.unallocated_fen > 0, Payment.kept_at.is_not(None))
        found = found.order_by(Payment.id)
    else:
        found = found.order_by(Payment.id.desc())
    if query:
        found = found.where(
            or_(
                Payment.payer_name.contains(query, autoescape=True),
                Payment.remittance.contains(query, autoescape=True),
            )
        )
    rows = list(session.scalars(found.limit(PAGE + 1).offset((page - 1) * PAGE)))
    return rows[:PAGE], len(rows) > PAGE


def used_for(session: Session, payment: Payment) -> list[Used]:
    """Return the bills that a payment was used for; one statement."""
    is_premium = Allocation.kind == AllocationKind.PREMIUM
    fen = Allocation.amount_fen
    rows = session.execute(
        select(
            Bill.bank_reference,
            Bill.contribution_month,
            func.sum(case((is_premium, fen), else_=0)),
            func.sum(case((is_premium, 0), else_=fen)),
            Bill.person_id,
            Bill.employer_id,
        )
        .join(Bill, Bill.id == Allocation.bill_id)
        .where(Allocation.payment_id == payment.id)
        .group_by(
            Bill.id,
            Bill.bank_reference,
            Bill.contribution_month,
            Bill.person_id,
            Bill.employer_id,
        )
        .having(func.sum(fen) != 0)
        .order_by(Bill.id)
    )
    return [
        Used(int(number or 0), month, int(premium), int(fee), *payer)
        for number, month, premium, fee, *payer in rows
    ]


def bounce_of(payment: Payment, back: list[Payment]) -> Bounce:
    """Return whether a payment may bounce, from it and what was given back of it."""
    refunded = -sum(row.amount_fen for row in back if row.kind is PaymentKind.REFUND)
    has_bounced = any(row.kind is PaymentKind.REVERSAL for row in back)
    return Bounce(
        # What was refunded in full has left: there is nothing that could still bounce from here.
        not has_bounced and payment.origin_payment_id is None and payment.amount_fen > refunded,
        refunded if has_bounced else 0,
    )


def find_payment(session: Session, payment_id: int) -> tuple[Payment, list[Payment]] | None:
    """Return a payment with its refunds and its reversal; one statement."""
    query = select(Payment).where(
        or_(Payment.id == payment_id, Payment.origin_payment_id == payment_id)
    )
    found = {row.id: row for row in session.scalars(query.order_by(Payment.id))}
    payment = found.pop(payment_id, None)
    return None if payment is None else (payment, list(found.values()))
