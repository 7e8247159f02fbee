"""The months for which an employer can hand out statements: those that it was billed for."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill

# Three years on one page; older months are on the record itself.
_MOST = 36


class BilledMonth(NamedTuple):
    """A month and what its bills come to, in fen."""

    month: str
    employer_fen: int
    employee_fen: int
    paid_fen: int

    @property
    def is_paid(self) -> bool:
        """Return whether nothing of the premiums is left to pay."""
        return self.paid_fen >= self.employer_fen + self.employee_fen


def billed_months(session: Session, employer_id: int) -> list[BilledMonth]:
    """Return an employer's latest billed months, the newest first; one statement."""
    rows = session.execute(
        select(
            Bill.contribution_month,
            func.sum(Bill.employer_fen),
            func.sum(Bill.employee_fen),
            func.sum(Bill.paid_fen),
        )
        .where(
            Bill.employer_id == employer_id,
            Bill.issued_at.is_not(None),
            Bill.levy_run_id.is_not(None),
        )
        .group_by(Bill.contribution_month)
        .order_by(Bill.contribution_month.desc())
        .limit(_MOST)
    )
    return [
        BilledMonth(month, int(employer), int(employee), int(paid))
        for month, employer, employee, paid in rows
    ]
