"""Look arrears up for the desk, with who owes and what the late fee is by now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from siweb.collection.payments.late_fee import late_fees_due
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.bill import Bill
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

PAGE = 25


@dataclass(frozen=True, slots=True)
class FoundArrears:
    """Arrears with their bill, its payer, and the late fee to a day."""

    arrears: Arrears
    bill: Bill
    payer_name: str
    late_fee_fen: int

    @property
    def to_pay_fen(self) -> int:
        """Return what settles the bill on that day."""
        return max(0, self.bill.outstanding_fen) + self.late_fee_fen


def list_arrears(
    session: Session, state: ArrearsState | None, *, on: date, page: int = 1
) -> tuple[list[FoundArrears], bool]:
    """Return a page of arrears, those with the nearest day first, and whether there are more."""
    found = _found()
    if state is not None:
        found = found.where(Arrears.state == state)
    found = found.order_by(Arrears.notice_by, Arrears.id)
    rows = session.execute(found.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return _with_fees(session, rows[:PAGE], on), len(rows) > PAGE


def find_arrears(session: Session, arrears_id: int, *, on: date) -> FoundArrears | None:
    """Return arrears by their id."""
    rows = session.execute(_found().where(Arrears.id == arrears_id)).all()
    return next(iter(_with_fees(session, rows, on)), None)


def _found() -> Select[*tuple[Any, ...]]:
    return (
        select(Arrears, Bill, Employer.name, Person.name)
        .join(Bill, Bill.id == Arrears.bill_id)
        .outerjoin(Employer, Employer.id == Bill.employer_id)
        .outerjoin(Person, Person.id == Bill.person_id)
    )


def _with_fees(session: Session, rows: Any, on: date) -> list[FoundArrears]:
    fees = late_fees_due(session, [row[1] for row in rows], on)
    return [
        FoundArrears(arrears, bill, employer or person or "", fees[bill.id])
        for arrears, bill, employer, person in rows
    ]
