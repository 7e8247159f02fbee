"""What stands in the way of ending a registration (OpReg 10): debts, and people still insured."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from siweb.collection.payments.late_fee import late_since
from siweb.collection.tables.assessment import OPEN_STATES, Assessment, AssessmentState
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, AllocationKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.contributions.late_fee_parts import Part, compute_part_paid_late_fee


@dataclass(frozen=True, slots=True)
class Debt:
    """A bill that is not paid: what is left of it, and the late fee to date."""

    month: str
    due_on: date
    outstanding_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What is unpaid, oldest first, how many people still take part, and assessments not done."""

    debts: list[Debt]
    enrolled: int
    assessments: int

    @property
    def any(self) -> bool:
        """Return whether the registration must go on."""
        return bool(self.debts or self.enrolled or self.assessments)

    @property
    def total_fen(self) -> int:
        """Return what must be paid first."""
        return sum(debt.outstanding_fen + debt.late_fee_fen for debt in self.debts)


def find_obstacles(session: Session, employer_id: int, region_code: str, *, on: date) -> Obstacles:
    """Return what an employer owes and whom it still insures; four statements."""
    late = exists().where(
        Allocation.bill_id == Bill.id,
        Allocation.kind == AllocationKind.PREMIUM,
        Allocation.paid_on > Bill.due_on,
    )
    bills = session.scalars(
        select(Bill)
        .where(
            Bill.employer_id == employer_id,
            Bill.issued_at.is_not(None),
            or_(Bill.total_fen > Bill.paid_fen, late),
        )
        .order_by(Bill.due_on, Bill.id)
    ).all()
    parts = _premium_parts(session, [bill.id for bill in bills])
    enrolled = session.scalar(
        select(func.count(Enrolment.person_id.distinct())).where(
            Enrolment.employer_id == employer_id, Enrolment.to_month.is_(None)
        )
    )
    cases = session.scalar(
        select(func.count()).where(
            Assessment.employer_id == employer_id,
            Assessment.state.in_((*OPEN_STATES, AssessmentState.OVERTAKEN)),
        )
    )
    packs = packs_in_force(session)
    debts = []
    for bill in bills:
        terms = packs.parameters(region_code, bill.contribution_month).late_fee_terms()
        starts, total = late_since(bill), max(bill.total_fen, 0)
        fee = compute_part_paid_late_fee(total, parts.get(bill.id, ()), starts, on, terms)
        owed = max(0, fee - bill.late_fee_paid_fen)
        if bill.outstanding_fen > 0 or owed:
            debts.append(Debt(bill.contribution_month, bill.due_on, bill.outstanding_fen, owed))
    return Obstacles(debts, int(enrolled or 0), int(cases or 0))


def _premium_parts(session: Session, bill_ids: list[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    rows = session.execute(
        select(Allocation.bill_id, Allocation.paid_on, Allocation.amount_fen).where(
            Allocation.bill_id.in_(bill_ids), Allocation.kind == AllocationKind.PREMIUM
        )
    )
    for bill_id, paid_on, amount_fen in rows:
        found.setdefault(bill_id, []).append((paid_on, amount_fen))
    return found
