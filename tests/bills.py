"""Bills and money for tests, valid unless the test says otherwise."""

import itertools
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.collection.payments.bank_reference import bank_reference
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.registry.codes import Insurance
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months, first_day
from tests.factories import AT, make_record, make_region

# A region with a parameter pack.
PACK_REGION = "310000"
_serial = itertools.count(1)


def _keep(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_levy_run(session: Session, month: str = "2026-08", **values: Any) -> LevyRun:
    """An issued regular run of a month, due on the 15th of the month after."""
    region = make_region(session, values.get("region_code", PACK_REGION)).code
    sequence = session.scalar(
        select(func.count()).where(
            LevyRun.region_code == region, LevyRun.contribution_month == month
        )
    )
    given = {
        "region_code": region,
        "contribution_month": month,
        "through_month": month,
        "kind": LevyKind.REGULAR,
        "sequence": sequence,
        "state": LevyState.ISSUED,
        "as_of": AT.date(),
        "due_on": first_day(add_months(month, 1)).replace(day=15),
        "totals": {},
        "started_at": AT,
        "issued_at": AT,
    }
    return _keep(session, LevyRun(**(given | values)))


# Rates of the records that `make_bill` makes: employer, employee, account; in ppm.
BILL_RATES = {
    Insurance.PENSION: (160_000, 80_000, 80_000),
    Insurance.MEDICAL: (90_000, 20_000, 0),
    Insurance.WORK_INJURY: (2_000, 0, 0),
}


def make_bill(
    session: Session,
    people: list[Person],
    *,
    employer: Employer | None = None,
    run: LevyRun | None = None,
    base_fen: int = 1_000_000,
    insurances: tuple[Insurance, ...] = tuple(BILL_RATES),
    **values: Any,
) -> Bill:
    """An issued bill with its lines and the records of its people; without employer it is theirs."""
    run = run or make_levy_run(session)
    records = []
    for person, insurance in itertools.product(people, insurances):
        rates = [base_fen * ppm // 1_000_000 for ppm in BILL_RATES[insurance]]
        records.append(
            make_record(
                session,
                person,
                run.contribution_month,
                insurance,
                employer=employer,
                region_code=run.region_code,
                levy_run_id=run.id,
                base_fen=base_fen,
                declared_base_fen=base_fen,
                employer_fen=rates[0] if employer else 0,
                employee_fen=rates[1] if employer else rates[0] + rates[1],
                account_fen=rates[2],
                paid_on=None,
            )
        )
    sides = [sum(getattr(r, side) for r in records) for side in ("employer_fen", "employee_fen")]
    given = {
        "kind": BillKind.LEVY,
        "levy_run_id": run.id,
        "region_code": run.region_code,
        "contribution_month": run.contribution_month,
        "through_month": run.through_month,
        "employer_id": employer.id if employer else None,
        "person_id": None if employer else people[0].id,
        "headcount": len(people),
        "employer_fen": sides[0],
        "employee_fen": sides[1],
        "total_fen": sum(sides),
        "due_on": run.due_on,
        "issued_at": AT,
    }
    bill = _keep(session, Bill(**(given | values)))
    bill.bank_reference = bank_reference(bill.id)
    for insurance in insurances:
        behind = [record for record in records if record.insurance == insurance]
        line = {
            side: sum(getattr(record, side) for record in behind)
            for side in ("base_fen", "employer_fen", "employee_fen")
        }
        _keep(
            session,
            BillLine(bill_id=bill.id, insurance=insurance, headcount=len(people), **line),
        )
    return bill


def make_assessment_bill(
    session: Session, employer: Employer, total_fen: int, **values: Any
) -> Bill:
    """A bill of the agency's own figures, with one line and nobody's records behind it."""
    assessment = _keep(
        session,
        Assessment(
            reference=f"T{next(_serial)}",
            kind=AssessmentKind.UNDECLARED,
            region_code=make_region(session, PACK_REGION).code,
            employer_id=employer.id,
            from_month="2025-01",
            to_month="2025-01",
            origin="test",
            facts="test",
            amounts={
                "pension": {
                    "base_fen": 0,
                    "employer_fen": total_fen,
                    "employee_fen": 0,
                    "headcount": 0,
                }
            },
            calculation=[],
            state=AssessmentState.DECIDED,
            opened_at=AT,
            hearing_until=AT.date(),
            proposed_at=AT,
            proposed_by_account_id=1,
            decided_by_account_id=2,
        ),
    )
    given = {
        "kind": BillKind.ASSESSMENT,
        "assessment_id": assessment.id,
        "region_code": PACK_REGION,
        "contribution_month": "2025-01",
        "through_month": "2025-01",
        "employer_id": employer.id,
        "employer_fen": total_fen,
        "total_fen": total_fen,
        "due_on": date(2025, 2, 15),
        "issued_at": AT,
    }
    bill = _keep(session, Bill(**(given | values)))
    bill.bank_reference = bank_reference(bill.id)
    line = {"insurance": Insurance.PENSION, "employer_fen": bill.total_fen}
    _keep(session, BillLine(bill_id=bill.id, **line))
    return bill


def receive(
    session: Session, amount_fen: int, on: date = date(2026, 9, 10), **values: Any
) -> Payment:
    """Money that came in and was not used yet."""
    make_region(session, PACK_REGION)
    given = Received(entry_key("test", next(_serial)), amount_fen, on, **values)
    return record_payment(session, PACK_REGION, PaymentKind.TRANSFER, given, actor=SYSTEM, at=AT)[0]
