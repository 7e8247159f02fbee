"""What stands in the way of ending a registration (OpReg 10): debts, and people still insured."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from siweb.collection.payments.late_fee import late_fees_due, may_be_paid_late
from siweb.collection.tables.arrears import is_written_off
from siweb.collection.tables.assessment import OPEN_STATES, Assessment, AssessmentState
from siweb.collection.tables.bill import Bill
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.parameters.pack_set import PackSet


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


def find_obstacles(session: Session, employer_id: int, *, packs: PackSet, on: date) -> Obstacles:
    """Return what an employer owes and whom it still insures; four statements."""
    bills = session.scalars(
        select(Bill)
        .where(
            Bill.employer_id == employer_id,
            Bill.issued_at.is_not(None),
            # A premium that is paid may have been late:
            # OpReg 10 asks for late fees too before an end.
            or_(Bill.total_fen > Bill.paid_fen, may_be_paid_late()),
            # Two people found that nobody is left to pay it: a registration may end then.
            ~is_written_off(),
        )
        .order_by(Bill.due_on, Bill.id)
    ).all()
    enrolled = session.scalar(
        select(func.count(Enrolment.person_id.distinct())).where(
            Enrolment.employer_id == employer_id, Enrolment.to_month.is_(None)
        )
    )
    cases = session.scalar(
        select(func.count()).where(
            Assessment.employer_id == employer_id,
            # An overtaken one is still to be settled, which needs an employer to bill or credit.
            Assessment.state.in_((*OPEN_STATES, AssessmentState.OVERTAKEN)),
        )
    )
    fees = late_fees_due(session, bills, on, packs=packs)
    debts = [
        Debt(bill.contribution_month, bill.due_on, bill.outstanding_fen, fees[bill.id])
        for bill in bills
        if bill.outstanding_fen > 0 or fees[bill.id]
    ]
    return Obstacles(debts, int(enrolled or 0), int(cases or 0))
