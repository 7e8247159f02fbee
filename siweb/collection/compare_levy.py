"""What a run would bill beside the month before: looked at before anything is issued."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from siweb.collection.bill import Bill, BillKind
from siweb.collection.levy_run import LevyRun
from siweb.db.arithmetic import whole
from siweb.registry.employer import Employer
from siweb.rules.months import add_months

ODDEST = 10


@dataclass(frozen=True, slots=True)
class Change:
    """An employer's total of a run beside the one of the month before, in fen."""

    employer_name: str
    before_fen: int
    now_fen: int

    @property
    def difference_fen(self) -> int:
        """Return by how much the total is higher now."""
        return self.now_fen - self.before_fen


def total_before(session: Session, run: LevyRun) -> int:
    """Return what the levies of the month before came to in the region, in fen."""
    month = add_months(run.contribution_month, -1)
    query = select(func.coalesce(func.sum(Bill.total_fen), 0)).where(
        Bill.region_code == run.region_code,
        Bill.contribution_month == month,
        Bill.kind == BillKind.LEVY,
        Bill.issued_at.is_not(None),
    )
    return int(session.scalar(query) or 0)


def oddest_changes(session: Session, run: LevyRun) -> list[Change]:
    """Return the employers whose total changes most from the month before, either way.

    Earlier runs of the month count as well: a second run bills only what they left.
    """
    month = add_months(run.contribution_month, -1)
    is_now = Bill.contribution_month == run.contribution_month
    now = whole(func.sum(case((is_now, Bill.total_fen), else_=0)))
    before = whole(func.sum(case((is_now, 0), else_=Bill.total_fen)))
    rows = session.execute(
        select(Employer.name, before, now)
        .join(Employer, Employer.id == Bill.employer_id)
        .where(
            Bill.region_code == run.region_code,
            Bill.kind == BillKind.LEVY,
            Bill.issued_at.is_not(None),
            is_now | (Bill.contribution_month == month),
        )
        .group_by(Employer.id, Employer.name)
        .having(now != before)
        .order_by(func.abs(now - before).desc(), Employer.id)
        .limit(ODDEST)
    ).all()
    return [Change(name, int(was), int(owed)) for name, was, owed in rows]
