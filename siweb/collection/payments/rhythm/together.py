"""Which of somebody's bills are paid together: those of one closing day, month by month."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill
from siweb.registry.person_keys import is_of


def paid_together(session: Session, bill: Bill) -> list[Bill]:
    """Return a bill with its payer's others of the same closing day, in the order of their months.

    An employer's bill, and one that is due alone, stands alone.
    """
    if bill.person_id is None:
        return [bill]
    others = session.scalars(
        select(Bill)
        .where(
            is_of(Bill.person_id, bill.person_id),
            Bill.region_code == bill.region_code,
            Bill.due_on == bill.due_on,
            Bill.issued_at.is_not(None),
            Bill.paid_fen < Bill.total_fen,
            Bill.id != bill.id,
        )
        .order_by(Bill.id)
    )
    return sorted([bill, *others], key=lambda each: (each.contribution_month, each.id))
