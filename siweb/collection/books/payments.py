"""What came in = what was used + what is left + what went back."""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, Payment


def payment_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield payments whose amount is not used, left and given back to the fen."""
    back = aliased(Payment)
    given_back = (
        select(back.origin_payment_id.label("id"), func.sum(back.amount_fen).label("fen"))
        .where(back.origin_payment_id.is_not(None))
        .group_by(back.origin_payment_id)
        .subquery("given_back")
    )
    used = (
        select(Allocation.payment_id.label("id"), func.sum(Allocation.amount_fen).label("fen"))
        .group_by(Allocation.payment_id)
        .subquery("used")
    )
    expected = Payment.amount_fen + func.coalesce(given_back.c.fen, 0)
    found = func.coalesce(used.c.fen, 0) + Payment.unallocated_fen
    query = (
        select(Payment.id, expected, found)
        .outerjoin(given_back, given_back.c.id == Payment.id)
        .outerjoin(used, used.c.id == Payment.id)
        .where(
            scope.region(Payment.region_code),
            # Refunds and reversals are counted with the payment that they are of.
            Payment.origin_payment_id.is_(None),
            or_(expected != found, Payment.unallocated_fen < 0),
        )
    )
    for payment_id, amount, fen in session.execute(query.order_by(Payment.id).limit(MOST)):
        yield Imbalance(
            "amount less what went back is not used plus left",
            f"payment {payment_id}",
            int(amount),
            int(fen),
        )
    yield from _used_twice(session, scope)


def _used_twice(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield refunds and reversals that are used like money, and negatives that are no mirror."""
    first = aliased(Allocation)
    query = (
        select(
            Allocation.bill_id,
            Allocation.allocation_number,
            -first.amount_fen,
            Allocation.amount_fen,
        )
        .join(
            first,
            and_(
                first.bill_id == Allocation.bill_id,
                first.allocation_number == Allocation.reverses_number,
            ),
        )
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(scope.region(Payment.region_code), Allocation.amount_fen != -first.amount_fen)
    )
    for bill_id, number, expected, found in session.execute(query.limit(MOST)):
        subject = f"allocation {number} of bill {bill_id}"
        yield Imbalance("is not what it takes back", subject, expected, found)
    elsewhere = (
        select(Allocation.bill_id, Allocation.allocation_number, Allocation.amount_fen)
        .join(Bill, Bill.id == Allocation.bill_id)
        .where(scope.region(Bill.region_code), Allocation.region_code != Bill.region_code)
    )
    for bill_id, number, found in session.execute(elsewhere.limit(MOST)):
        subject = f"allocation {number} of bill {bill_id}"
        yield Imbalance("is of another region than its bill", subject, 0, found)
    left = select(Payment.id, Payment.unallocated_fen).where(
        scope.region(Payment.region_code),
        Payment.origin_payment_id.is_not(None),
        Payment.unallocated_fen != 0,
    )
    for payment_id, found in session.execute(left.limit(MOST)):
        yield Imbalance(
            "money that went back has something left", f"payment {payment_id}", 0, found
        )
