"""The months for which an employer can hand out statements: those that it was billed for."""

from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from siweb.collection.tables.arrears import is_written_off
from siweb.collection.tables.bill import Bill

# Three years on one page; older months are on the record itself.
_MOST = 36


class BilledMonth(NamedTuple):
    """A month and what its bills come to, in fen."""

    month: str
    employer_fen: int
    employee_fen: int
    paid_fen: int
    # What nobody is asked for any more: never paid, so counted apart from what is.
    written_off_fen: int

    @property
    def is_corrected_to_nothing(self) -> bool:
        """Return whether later corrections took back all that was billed."""
        return self.employer_fen + self.employee_fen <= 0

    @property
    def is_paid(self) -> bool:
        """Return whether the premiums are paid."""
        return self.paid_fen >= self.employer_fen + self.employee_fen

    @property
    def is_open(self) -> bool:
        """Return whether something of the premiums is still to be paid."""
        done_fen = self.paid_fen + self.written_off_fen
        return done_fen < self.employer_fen + self.employee_fen


def billed_months(session: Session, employer_id: int) -> list[BilledMonth]:
    """Return an employer's latest billed months, the newest first; one statement."""
    rows = session.execute(
        select(
            Bill.contribution_month,
            func.sum(Bill.employer_fen),
            func.sum(Bill.employee_fen),
            func.sum(Bill.paid_fen),
            func.sum(case((is_written_off(), Bill.total_fen - Bill.paid_fen), else_=0)),
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
    return [BilledMonth(month, *(int(fen) for fen in sums)) for month, *sums in rows]
