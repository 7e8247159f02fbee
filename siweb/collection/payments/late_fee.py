"""The late fee of a bill, to any day: shown before paying and settled when paid (SIL 86).

Employers owe it: SIL 86 says 用人单位. A person who pays alone may pay (SIL 10, 23, 60): a month
that is not paid is an unpaid month, never arrears. No employee's statement carries the employer's
fee either (Order 20 Art. 11).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import func as sql
from sqlalchemy.orm import Session

from siweb.collection.tables.arrears import Arrears, Deferral, WriteOff
from siweb.collection.tables.bill import Bill, BillMonth
from siweb.collection.tables.payment import Allocation, AllocationKind
from siweb.rules.contributions.late_fee import LateFeeTerms
from siweb.rules.contributions.late_fee_months import Due, Part, Pause, compute_monthly_late_fee
from siweb.rules.parameters.pack_set import PackSet


@dataclass(slots=True)
class FeeFacts:
    """What a bill's late fee goes by besides the bill: months, payments and pauses."""

    months: list[Due] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    # The day on which nobody was left to ask: no fee is counted after it, and none is asked for.
    written_off_on: date | None = None


class FeeSums(NamedTuple):
    """The whole fee of a bill in fen, as its pack has it, and with the cap the other way round.

    Whether 行政强制法 45(2) caps it is disputed: staff see both.
    """

    fen: int
    otherwise_fen: int


def is_liable(bill: Bill) -> bool:
    """Tell whether a bill can bear a late fee: an employer's can, a person's own never."""
    return bill.employer_id is not None and bill.total_fen > 0


def late_since(bill: Bill) -> date:
    """Return the day after which a bill is late as a whole: due day, or end of a waiver."""
    if bill.late_fee_waived_until is None:
        return bill.due_on
    return max(bill.due_on, bill.late_fee_waived_until)


def late_fee_terms(packs: PackSet, bill: Bill) -> LateFeeTerms:
    """Return what the bill's region sets for its month.

    :raises ParameterMissing: when the pack says nothing about it.
    """
    return packs.parameters(bill.region_code, bill.contribution_month).late_fee_terms()


def late_fee_through(bill: Bill, facts: FeeFacts, on: date, terms: LateFeeTerms) -> int:
    """Return the whole fee of a bill through a day in fen, whether paid already or not."""
    if not is_liable(bill):
        return 0
    if facts.written_off_on is not None:
        on = min(on, facts.written_off_on)
    waived = bill.late_fee_waived_until or date.min
    # A waiver puts off the first late day of each month; what was due later stays due then.
    dues = [Due(max(due.due_on, waived), due.amount_fen) for due in facts.months]
    dues = dues or [Due(late_since(bill), bill.total_fen)]
    return compute_monthly_late_fee(dues, facts.parts, on, terms, pauses=facts.pauses)


def late_fee_sums(bill: Bill, facts: FeeFacts, on: date, terms: LateFeeTerms) -> FeeSums:
    """Return the whole fee through a day, capped at the principal and not."""
    other = replace(terms, capped=not terms.capped)
    return FeeSums(
        late_fee_through(bill, facts, on, terms), late_fee_through(bill, facts, on, other)
    )


def late_fee_on(session: Session, bill: Bill, on: date, *, packs: PackSet) -> int:
    """Return the whole fee through a day in fen, whether paid already or not."""
    if not is_liable(bill):
        return 0
    facts = load_fee_facts(session, [bill])[bill.id]
    return late_fee_through(bill, facts, on, late_fee_terms(packs, bill))


def late_fee_due(session: Session, bill: Bill, on: date, *, packs: PackSet) -> int:
    """Return what of the fee through a day is still to be paid, in fen."""
    return late_fees_due(session, [bill], on, packs=packs)[bill.id]


def late_fees_due(
    session: Session, bills: Iterable[Bill], on: date, *, packs: PackSet
) -> dict[int, int]:
    """Return what of each bill's fee through a day is still to be paid; two statements."""
    by_id = {bill.id: bill for bill in bills}
    facts = load_fee_facts(session, by_id.values())
    return {
        bill_id: late_fee_asked(bill, facts[bill_id], on, late_fee_terms(packs, bill))
        for bill_id, bill in by_id.items()
    }


def late_fee_asked(bill: Bill, facts: FeeFacts, on: date, terms: LateFeeTerms) -> int:
    """Return what of the fee is to be paid on a day: of what is written off nothing is."""
    if facts.written_off_on is not None:
        return 0
    return max(0, late_fee_through(bill, facts, on, terms) - bill.late_fee_paid_fen)


def load_fee_facts(session: Session, bills: Iterable[Bill]) -> dict[int, FeeFacts]:
    """Return what the late fees of bills go by; one statement, none where no bill can be late.

    What was taken back of a payment stands there with a minus, on the day of the payment.
    """
    listed = list(bills)
    found = {bill.id: FeeFacts() for bill in listed}
    liable = [bill.id for bill in listed if is_liable(bill)]
    if not liable:
        return found
    for bill_id, what, first, last, fen in session.execute(_facts(liable)):
        facts = found[bill_id]
        if what == "part":
            facts.parts.append((first, fen))
        elif what == "month":
            facts.months.append(Due(first, fen))
        elif what == "off":
            facts.written_off_on = first
        # A deferral that was replaced on its first day has an end before its beginning: no pause.
        elif last >= first:
            facts.pauses.append(Pause(first, last, fen))
    return found


def _facts(bill_ids: list[int]) -> Any:
    no_day = cast(null(), Date)
    parts = select(
        Allocation.bill_id, literal("part"), Allocation.paid_on, no_day, Allocation.amount_fen
    ).where(Allocation.bill_id.in_(bill_ids), Allocation.kind == AllocationKind.PREMIUM)
    months = select(
        BillMonth.bill_id, literal("month"), BillMonth.due_on, no_day, BillMonth.amount_fen
    ).where(BillMonth.bill_id.in_(bill_ids))
    # A missed instalment ends it early; what was approved stays readable beside that.
    last = sql.coalesce(Deferral.ended_on, Deferral.until)
    pauses = (
        select(Arrears.bill_id, literal("pause"), Deferral.from_on, last, Deferral.deferred_fen)
        .join(Arrears, Arrears.id == Deferral.arrears_id)
        .where(Arrears.bill_id.in_(bill_ids))
    )
    off = (
        select(
            Arrears.bill_id, literal("off"), WriteOff.written_off_on, no_day, WriteOff.premium_fen
        )
        .join(Arrears, Arrears.id == WriteOff.arrears_id)
        .where(Arrears.bill_id.in_(bill_ids), WriteOff.reinstated_on.is_(None))
    )
    return union_all(parts, months, pauses, off)


def first_due_day(session: Session, bill: Bill) -> date:
    """Return the first day on which something of a bill was due.

    What was never owed counts as settled then, so that no month of it bears a fee.
    """
    first = session.scalar(select(sql.min(BillMonth.due_on)).where(BillMonth.bill_id == bill.id))
    return first or bill.due_on


def may_be_paid_late() -> ColumnElement[bool]:
    """Return the condition that some premium of a bill came after a day on which it was due."""
    paid = and_(Allocation.bill_id == Bill.id, Allocation.kind == AllocationKind.PREMIUM)
    first_due = (
        select(sql.min(BillMonth.due_on))
        .where(BillMonth.bill_id == Bill.id)
        .correlate(Bill)
        .scalar_subquery()
    )
    return or_(
        exists().where(paid, Allocation.paid_on > Bill.due_on),
        exists().where(paid, Allocation.paid_on > first_due),
    )
