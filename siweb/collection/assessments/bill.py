"""Make the bill over what was assessed, or over what a settlement takes back."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy.orm import Session

from siweb.collection.levy.start import due_day
from siweb.collection.payments.bank_reference import bank_reference
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill, BillKind, BillLine, BillMonth
from siweb.registry.codes import Insurance
from siweb.rules.calendar.months import months_through
from siweb.rules.parameters.pack_set import PackSet


def make_assessment_bill(
    session: Session, assessment: Assessment, kind: BillKind, due_on: date, at: datetime
) -> Bill:
    """Return the issued bill over an assessment's amounts; nobody's records stand behind it."""
    amounts = assessment.amounts
    sides = {
        side: sum(amount[side] for amount in amounts.values())
        for side in ("employer_fen", "employee_fen")
    }
    bill = Bill(
        kind=kind,
        assessment_id=assessment.id,
        region_code=assessment.region_code,
        contribution_month=assessment.from_month,
        through_month=assessment.to_month,
        employer_id=assessment.employer_id,
        # The most of any insurance: each person stands in several.
        headcount=max((amount["headcount"] for amount in amounts.values()), default=0),
        total_fen=sum(sides.values()),
        due_on=due_on,
        issued_at=at,
        **sides,
    )
    session.add(bill)
    session.flush()
    bill.bank_reference = bank_reference(bill.id)
    session.add_all(
        BillLine(
            bill_id=bill.id,
            insurance=Insurance(insurance),
            region_code=bill.region_code,
            contribution_month=bill.contribution_month,
            **amount,
        )
        for insurance, amount in amounts.items()
    )
    session.flush()
    return bill


def keep_months(
    session: Session, packs: PackSet, assessment: Assessment, bill: Bill, on: date
) -> None:
    """Write what each month of an assessed bill comes to, with its own due day.

    The decision gives a day to pay by; the late fee counts from when each month was due (SIL 86,
    Order 20 Art. 16): who hid somebody never pays less than who reported and did not pay.
    """
    session.add_all(
        BillMonth(
            bill_id=bill.id,
            contribution_month=month,
            due_on=due_day(packs, bill.region_code, month, on=on),
            amount_fen=fen,
        )
        for month, fen in amounts_by_month(assessment).items()
    )
    session.flush()


def amounts_by_month(assessment: Assessment) -> dict[str, int]:
    """Return both sides of all insurances for each month assessed, in fen.

    A line of the calculation is about months that cost the same.
    """
    amounts: dict[str, int] = defaultdict(int)
    for line in assessment.calculation:
        # Without a rest: a line is the amounts of one month times its months.
        of_month = (line["employer_fen"] + line["employee_fen"]) // line["months"]
        for month in months_through(line["from_month"], line["to_month"]):
            amounts[month] += of_month
    return dict(sorted(amounts.items()))
