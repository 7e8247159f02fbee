"""The late fee of a bill, to any day: shown before paying and settled when paid (SIL 86).

It is the payer's own: no employee's statement carries it (Order 20 Art. 11).
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, AllocationKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.contributions.late_fee import LateFeeTerms
from siweb.rules.contributions.late_fee_parts import Part, compute_part_paid_late_fee


def late_fee_terms(session: Session, bill: Bill) -> LateFeeTerms:
    """Return what the bill's region sets for its month.

    :raises ParameterMissing: when the pack says nothing about it.
    """
    packs = packs_in_force(session)
    return packs.parameters(bill.region_code, bill.contribution_month).late_fee_terms()


def late_since(bill: Bill) -> date:
    """Return the day after which the fee counts: the due day, or the end of a waiver."""
    if bill.late_fee_waived_until is None:
        return bill.due_on
    return max(bill.due_on, bill.late_fee_waived_until)


def late_fee_on(session: Session, bill: Bill, on: date) -> int:
    """Return the whole fee through a day in fen, whether paid already or not."""
    if not _is_late(bill, on):
        return 0
    parts = premium_parts(session, bill)
    return late_fee_through(bill, parts, on, late_fee_terms(session, bill))


def late_fee_through(bill: Bill, parts: Iterable[Part], on: date, terms: LateFeeTerms) -> int:
    """Return the same, from what was paid of the premium and when."""
    if not _is_late(bill, on):
        return 0
    return compute_part_paid_late_fee(bill.total_fen, parts, late_since(bill), on, terms)


def late_fee_due(session: Session, bill: Bill, on: date) -> int:
    """Return what of the fee through a day is still to be paid, in fen."""
    return max(0, late_fee_on(session, bill, on) - bill.late_fee_paid_fen)


def late_fees_due(session: Session, bills: Iterable[Bill], on: date) -> dict[int, int]:
    """Return what of each bill's fee through a day is still to be paid; two statements."""
    by_id = {bill.id: bill for bill in bills}
    parts: dict[int, list[Part]] = {bill_id: [] for bill_id in by_id}
    used = select(Allocation.bill_id, Allocation.paid_on, Allocation.amount_fen).where(
        Allocation.bill_id.in_(parts), Allocation.kind == AllocationKind.PREMIUM
    )
    for bill_id, paid_on, fen in session.execute(used):
        parts[bill_id].append((paid_on, fen))
    packs, fees = packs_in_force(session), {}
    for bill_id, bill in by_id.items():
        terms = packs.parameters(bill.region_code, bill.contribution_month).late_fee_terms()
        fee = late_fee_through(bill, parts[bill_id], on, terms)
        fees[bill_id] = max(0, fee - bill.late_fee_paid_fen)
    return fees


def _is_late(bill: Bill, on: date) -> bool:
    return bill.total_fen > 0 and on > late_since(bill)


def premium_parts(session: Session, bill: Bill) -> list[Part]:
    """Return when what of the bill was paid; what was taken back stands there with a minus."""
    rows = session.execute(
        select(Allocation.paid_on, Allocation.amount_fen).where(
            Allocation.bill_id == bill.id, Allocation.kind == AllocationKind.PREMIUM
        )
    )
    return [(paid_on, amount) for paid_on, amount in rows]
