"""Late fees worked out again: by the days, the payments and the pauses known when each was taken.

More is never taken than is due through the day of the money; less may be, where the money ended.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.payments.late_fee import FeeFacts, late_fee_terms, late_fee_through
from siweb.collection.tables.arrears import Arrears, Deferral
from siweb.collection.tables.bill import Bill, BillMonth
from siweb.collection.tables.payment import Allocation, AllocationKind
from siweb.rules.contributions.late_fee_months import Due, Pause
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet

_BILLS = 500


@dataclass(frozen=True, slots=True)
class _History:
    """What the late fee of one bill went by, with when each of it was written."""

    months: list[Any]
    pauses: list[Any]
    allocations: list[Any]

    def facts(self, at: datetime) -> FeeFacts:
        """Return what was known at an instant."""
        return FeeFacts(
            months=[Due(month.due_on, month.amount_fen) for month in self.months],
            parts=[
                (each.paid_on, each.amount_fen)
                for each in self.allocations
                # As known then: what was taken back since made the fee higher, and no earlier
                # taking wrong.
                if each.allocated_at <= at and each.kind is AllocationKind.PREMIUM
            ],
            pauses=[
                Pause(pause.from_on, pause.last, pause.deferred_fen)
                for pause in self.pauses
                if pause.approved_at <= at and pause.last >= pause.from_on
            ],
        )

    def fees(self) -> Iterator[tuple[datetime, date, int]]:
        """Yield when more of a fee was paid, the day of its money, and all that was taken then."""
        allocated = [each for each in self.allocations if each.kind is AllocationKind.LATE_FEE]
        paid = 0
        for at, together in groupby(allocated, lambda each: each.allocated_at):
            parts = list(together)
            more = sum(part.amount_fen for part in parts)
            paid += more
            if more > 0:
                yield at, max(part.paid_on for part in parts if part.amount_fen > 0), paid


def fee_imbalances(session: Session, packs: PackSet, scope: Scope) -> Iterator[Imbalance]:
    """Yield bills of which more late fee was taken than base, days and rule make it."""
    found = 0
    with_fees = (
        select(Allocation.bill_id)
        .join(Bill, Bill.id == Allocation.bill_id)
        .where(scope.bills(), Allocation.kind == AllocationKind.LATE_FEE)
        .distinct()
        .order_by(Allocation.bill_id)
    )
    every = session.scalars(with_fees).all()
    for start in range(0, len(every), _BILLS):
        ids = every[start : start + _BILLS]
        histories = _histories(session, ids)
        for bill in session.scalars(select(Bill).where(Bill.id.in_(ids)).order_by(Bill.id)):
            for imbalance in _too_much(bill, histories[bill.id], packs):
                yield imbalance
                found += 1
                if found == MOST:
                    return


def _too_much(bill: Bill, history: _History, packs: PackSet) -> Iterator[Imbalance]:
    try:
        terms = late_fee_terms(packs, bill)
    except RuleError:
        return  # nothing to go by; the pack is held to its own seal
    for at, on, paid in history.fees():
        try:
            due = late_fee_through(bill, history.facts(at), on, terms)
        except RuleError:
            due = 0  # more was used for it than it asks for
        if paid > due:
            what = f"late fee through {on} is not what base, days and rule make it"
            yield Imbalance(what, f"bill {bill.id}", due, paid)


def _histories(session: Session, listed: Sequence[int]) -> dict[int, _History]:
    allocation = Allocation
    last = func.coalesce(Deferral.ended_on, Deferral.until)
    parts = session.execute(
        select(
            allocation.bill_id,
            allocation.kind,
            allocation.paid_on,
            allocation.amount_fen,
            allocation.allocated_at,
        )
        .where(allocation.bill_id.in_(listed))
        # As they were made: each fee is held to what was known when it was taken.
        .order_by(allocation.allocated_at)
    ).all()
    months = session.execute(
        select(BillMonth.bill_id, BillMonth.due_on, BillMonth.amount_fen).where(
            BillMonth.bill_id.in_(listed)
        )
    ).all()
    pauses = session.execute(
        select(
            Arrears.bill_id,
            Deferral.from_on,
            last.label("last"),
            Deferral.deferred_fen,
            Deferral.approved_at,
        )
        .join(Arrears, Arrears.id == Deferral.arrears_id)
        .where(Arrears.bill_id.in_(listed))
    ).all()
    found = {bill_id: _History([], [], []) for bill_id in listed}
    for month in months:
        found[month.bill_id].months.append(month)
    for pause in pauses:
        found[pause.bill_id].pauses.append(pause)
    for part in parts:
        found[part.bill_id].allocations.append(part)
    return found
