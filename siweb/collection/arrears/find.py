"""Look arrears up for the desk, with who owes and what the late fee is by now."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.collection.payments.late_fee import late_fee_sums, late_fee_terms, load_fee_facts
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.bill import Bill
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.parameters.pack_set import PackSet

PAGE = 25
REMINDED_BEFORE = timedelta(days=14)
"""So long before a deferral ends the desk reminds the payer: the fee runs again the day after."""


@dataclass(frozen=True, slots=True)
class FoundArrears:
    """Arrears with their bill, its payer, and the late fee to a day."""

    arrears: Arrears
    bill: Bill
    payer_name: str
    # What of the fee is still to be paid, and what that would be with the cap the other way round.
    late_fee_fen: int
    otherwise_fen: int
    is_capped: bool

    @property
    def to_pay_fen(self) -> int:
        """Return what settles the bill on that day."""
        if self.arrears.state is ArrearsState.WRITTEN_OFF:
            return 0
        return max(0, self.bill.outstanding_fen) + self.late_fee_fen


def ends_soon(on: date) -> ColumnElement[bool]:
    """Return the condition that the payer of deferred arrears is to be reminded by now."""
    return and_(
        Arrears.state == ArrearsState.DEFERRED,
        Arrears.deferred_until <= on + REMINDED_BEFORE,
    )


def list_arrears(
    session: Session,
    state: ArrearsState | None,
    *,
    scope: Scope,
    packs: PackSet,
    on: date,
    page: int = 1,
) -> tuple[list[FoundArrears], bool]:
    """Return a page of arrears, those with the nearest day first, and whether there are more."""
    found = _found().where(scope.has(Arrears.region_code))
    if state is not None:
        found = found.where(Arrears.state == state)
    found = found.order_by(Arrears.notice_by, Arrears.id)
    rows = session.execute(found.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return _with_fees(session, packs, rows[:PAGE], on), len(rows) > PAGE


def find_arrears(
    session: Session, arrears_id: int, *, packs: PackSet, on: date
) -> FoundArrears | None:
    """Return arrears by their id."""
    rows = session.execute(_found().where(Arrears.id == arrears_id)).all()
    return next(iter(_with_fees(session, packs, rows, on)), None)


def bill_in_arrears(session: Session, arrears_id: int) -> Bill | None:
    """Return the bill of arrears; what the page has read already is not read again."""
    arrears = session.get(Arrears, arrears_id)
    return None if arrears is None else session.get(Bill, arrears.bill_id)


def _found() -> Select[*tuple[Any, ...]]:
    return (
        select(Arrears, Bill, Employer.name, Person.name)
        .join(Bill, Bill.id == Arrears.bill_id)
        .outerjoin(Employer, Employer.id == Bill.employer_id)
        .outerjoin(Person, Person.id == Bill.person_id)
    )


def _with_fees(session: Session, packs: PackSet, rows: Any, on: date) -> list[FoundArrears]:
    facts = load_fee_facts(session, [row[1] for row in rows])
    found = []
    for arrears, bill, employer, person in rows:
        terms = late_fee_terms(packs, bill)
        fees = late_fee_sums(bill, facts[bill.id], on, terms)
        open_fen, otherwise_fen = (max(0, fee - bill.late_fee_paid_fen) for fee in fees)
        name = employer or person or ""
        found.append(FoundArrears(arrears, bill, name, open_fen, otherwise_fen, terms.capped))
    return found
