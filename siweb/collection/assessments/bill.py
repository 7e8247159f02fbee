"""Make the bill over what was assessed, or over what a settlement takes back."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from siweb.collection.payments.bank_reference import bank_reference
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.registry.codes import Insurance


def make_assessment_bill(
    session: Session, assessment: Assessment, kind: BillKind, due_on: date, at: datetime
) -> Bill:
    """Return the issued bill over an assessment's amounts; nobody's records stand behind it."""
    amounts = assessment.amounts
    sides = {
        side: sum(one[side] for one in amounts.values())
        for side in ("employer_fen", "employee_fen")
    }
    bill = Bill(
        kind=kind,
        assessment_id=assessment.id,
        region_code=assessment.region_code,
        contribution_month=assessment.from_month,
        through_month=assessment.to_month,
        employer_id=assessment.employer_id,
        headcount=max((one["headcount"] for one in amounts.values()), default=0),
        total_fen=sum(sides.values()),
        due_on=due_on,
        issued_at=at,
        **sides,
    )
    session.add(bill)
    session.flush()
    bill.bank_reference = bank_reference(bill.id)
    session.add_all(
        BillLine(bill_id=bill.id, insurance=Insurance(insurance), **one)
        for insurance, one in amounts.items()
    )
    session.flush()
    return bill
