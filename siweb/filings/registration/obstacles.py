"""What stands in the way of ending a registration (OpReg 10): debts, and people still insured."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.bill import Bill
from siweb.registry.enrolment import Enrolment
from siweb.registry.packs_in_force import packs_in_force
from siweb.rules.late_fee import compute_late_fee

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Debt:
    """A bill that is not paid: what is left of it, and the late fee to date."""

    month: str
    due_on: date
    outstanding_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class Obstacles:
    """The unpaid bills, oldest first, and how many people still take part."""

    debts: list[Debt]
    enrolled: int

    @property
    def any(self) -> bool:
        """Return whether the registration must go on."""
        return bool(self.debts or self.enrolled)

    @property
    def total_fen(self) -> int:
        """Return what must be paid first."""
        return sum(debt.outstanding_fen + debt.late_fee_fen for debt in self.debts)


def find_obstacles(session: Session, employer_id: int, region_code: str, *, on: date) -> Obstacles:
    """Return what an employer owes and whom it still insures; two statements."""
    bills = session.scalars(
        select(Bill)
        .where(
            Bill.employer_id == employer_id,
            Bill.issued_at.is_not(None),
            Bill.total_fen > Bill.paid_fen,
        )
        .order_by(Bill.due_on, Bill.id)
        .limit(_SHOWN)
    )
    packs = packs_in_force(session)
    enrolled = session.scalar(
        select(func.count(Enrolment.person_id.distinct())).where(
            Enrolment.employer_id == employer_id, Enrolment.to_month.is_(None)
        )
    )
    debts = []
    for bill in bills:
        terms = packs.parameters(region_code, bill.contribution_month).late_fee_terms()
        starts = max(bill.due_on, bill.late_fee_waived_until or bill.due_on)
        fee = compute_late_fee(bill.outstanding_fen, starts, on, terms)
        owed = max(0, fee.amount - bill.late_fee_paid_fen)
        debts.append(Debt(bill.contribution_month, bill.due_on, bill.outstanding_fen, owed))
    return Obstacles(debts, int(enrolled or 0))
