"""Take what was never owed off the bill that asked for it, and free the money it was paid with.

A part that was not paid yet counts as settled on its due day: no late fee is on it. Of a part that
was paid the allocation is taken back, so that the payment has its money again, with its own day; a
late fee on it comes back with it.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.collection.payments.allocate import count
from siweb.collection.payments.late_fee import first_due_day, late_fee_on
from siweb.collection.payments.take_back import take_back
from siweb.collection.posting.post_paid import post_paid_lines, scope_of
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.payment import (
    Allocation,
    AllocationKind,
    Payment,
    PaymentKind,
    is_standing,
)
from siweb.ledgers.lookup import is_not_levied
from siweb.ledgers.posting.post import RecordScope
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.rules.parameters.pack_set import PackSet


@dataclass(slots=True)
class _Owed:
    """A line that a credit takes back from, the bill it is on, and what a month asked for there."""

    bill: Bill
    line: BillLine
    month_fen: int


class _Netting:
    """Who nets a credit and when, by which packs, and the payment that carries it."""

    def __init__(
        self, session: Session, credit: Payment, packs: PackSet, actor: Actor, at: datetime
    ) -> None:
        self.session, self.credit, self.packs = session, credit, packs
        self.actor, self.at = actor, at

    def use(self, bill: Bill, line: BillLine, fen: int, paid_on: date) -> None:
        allocation = Allocation(
            payment_id=self.credit.id,
            bill_id=bill.id,
            region_code=bill.region_code,
            insurance=line.insurance,
            kind=AllocationKind.PREMIUM,
            amount_fen=fen,
            paid_on=paid_on,
            allocated_at=self.at,
            allocated_by_account_id=self.actor.account_id,
        )
        count(self.session, allocation, self.credit, bill, line, packs=self.packs)
        self.session.flush()


def net_credit(
    session: Session, payment: Payment, credit: Bill, *, packs: PackSet, actor: Actor, at: datetime
) -> list[Payment]:
    """Take the lines in the payer's favour off what they take back; return the payments freed.

    What stands nowhere to be taken off is left on `payment`.
    """
    netting = _Netting(session, payment, packs, actor, at)
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == credit.id)).all()
    in_favour = [line for line in lines if line.total_fen < 0]
    sources = {line.insurance: list(_sources(session, credit, line)) for line in in_favour}
    bill_ids = {bill_id for found in sources.values() for asked, _ in found for bill_id in asked}
    # All at once and in the order of `allocate`, before anything is written.
    payments, bills = _lock(session, bill_ids)
    # A bill that asks for more than it gives is late by the difference: what it gives counts from
    # the day on which what it asks for was due, or the fee of the days between would be too low.
    is_asking = credit.total_fen > 0
    credited_on = first_due_day(session, credit) if is_asking else payment.received_on
    for line in in_favour:
        netting.use(credit, line, line.total_fen, credited_on)
        found = [
            ([_Owed(*_at(bills[bill_id], line), most) for bill_id, most in asked.items()], fen)
            for asked, fen in sources[line.insurance]
        ]
        _net(netting, found, -line.total_fen)
    for bill, of_bill in bills.values():
        _free(netting, bill, of_bill.values(), payments)
        post_paid_lines(session, bill, of_bill.values(), packs=packs)
    post_paid_lines(session, credit, lines, packs=packs)
    return [freed for freed in payments.values() if freed.unallocated_fen > 0]


def _at(bill: tuple[Bill, dict[Insurance, BillLine]], credit: BillLine) -> tuple[Bill, BillLine]:
    """Return a bill with its line of the insurance that a credit is of."""
    return bill[0], bill[1][credit.insurance]


def _net(netting: _Netting, sources: Sequence[tuple[list[_Owed], int]], left: int) -> None:
    """Settle what is left: first what nobody paid yet, then what was paid with money.

    Of a bill over several months a month's credit settles what that month asked for, since the rest
    is owed for the others. Fen of rounded totals are of no month: these go wherever there is room.
    """
    of_month = [fen for _, fen in sources]
    # Four passes: the month's own before any other, and within each the unpaid before the paid,
    # so that as little money as possible has to be freed.
    for is_any_month, is_paid in itertools.product((False, True), (False, True)):
        if left <= 0:
            return
        for month, (owed, _) in enumerate(sources):
            for part_owed in owed:
                bill, line = part_owed.bill, part_owed.line
                unpaid = line.total_fen - line.paid_fen
                most = _paid_with_money(netting.session, part_owed) if is_paid else unpaid
                if not is_any_month:
                    most = min(most, part_owed.month_fen)
                part = min(left, of_month[month], most)
                if part > 0:
                    # As if settled on its due day: what was never owed is not late.
                    netting.use(bill, line, part, first_due_day(netting.session, bill))
                    of_month[month] -= part
                    part_owed.month_fen -= part
                    left -= part


def _sources(
    session: Session, credit: Bill, line: BillLine
) -> Iterator[tuple[dict[int, int], int]]:
    """Yield, month by month, the bills that a line takes back from, and how much of it.

    With each bill what the month asked for on it.
    """
    scope = scope_of(credit, line)
    if scope is None:
        settled = select(Assessment.settles_id).where(Assessment.id == credit.assessment_id)
        of_case = Bill.assessment_id == settled.scalar_subquery()
        bills = _lines_of(session, line.insurance, of_case)
        yield dict.fromkeys(bills, -line.total_fen), -line.total_fen
        return
    record = ContributionRecord
    fen = func.sum(record.employer_fen + record.employee_fen)
    months = session.execute(
        select(record.contribution_month, fen)
        .where(scope.holds())
        .group_by(record.contribution_month)
        .having(fen < 0)
        .order_by(record.contribution_month)
    ).all()
    payer = (
        Bill.employer_id == credit.employer_id
        if credit.employer_id
        else Bill.person_id == credit.person_id
    )
    of_person = select(LevyRun.person_id).where(LevyRun.id == credit.levy_run_id)
    is_of_one = session.scalar(of_person) is not None
    # Where the payer's total is what is rounded, its fen are with the last month.
    rounding = max(0, -line.total_fen + sum(int(negative) for _, negative in months))
    for month, negative in months:
        of_month = -int(negative) + (rounding if month == months[-1][0] else 0)
        bills = _lines_of(
            session,
            line.insurance,
            payer,
            Bill.region_code == credit.region_code,
            Bill.levy_run_id.is_not(None),
            Bill.id < credit.id,
            Bill.contribution_month <= month,
            Bill.through_month >= month,
            first=_asked_for(scope, month) if is_of_one else None,
        )
        yield dict.fromkeys(bills, of_month) | _of_month(session, scope, bills, month), of_month


def _of_month(
    session: Session, scope: RecordScope, bills: Sequence[int], month: str
) -> dict[int, int]:
    """Return what those of the bills that are over several months ask for one of them, in fen."""
    several = session.scalars(
        select(Bill.id).where(Bill.id.in_(bills), Bill.contribution_month != Bill.through_month)
    ).all()
    if not several:
        return {}
    record = ContributionRecord
    payer = (
        and_(record.employer_id.is_(None), record.person_id == scope.person_id)
        if scope.employer_id is None
        else record.employer_id == scope.employer_id
    )
    asked = session.execute(
        select(Bill.id, func.sum(record.employer_fen + record.employee_fen))
        .join(record, record.levy_run_id == Bill.levy_run_id)
        .where(
            Bill.id.in_(several),
            record.region_code == scope.region_code,
            record.contribution_month == month,
            record.insurance == scope.insurance,
            payer,
            # Only adjustments are over several months: an index has their rows alone.
            is_not_levied(),
        )
        .group_by(Bill.id)
    )
    # 0 for a bill that asked nothing for the month: of it this credit settles nothing.
    return dict.fromkeys(several, 0) | {bill_id: max(0, int(fen)) for bill_id, fen in asked}


def _asked_for(scope: RecordScope, month: str) -> ColumnElement[bool]:
    """Return the condition that a bill asked for what is taken back: it has that person's rows.

    Else one person's credit would settle what a later correction asks for another. Where many
    people's records changed they are on the same bills.
    """
    lower, asked = ContributionRecord, aliased(ContributionRecord, name="asked")
    people = select(lower.person_id).where(scope.holds(), lower.contribution_month == month)
    return exists().where(
        asked.region_code == scope.region_code,
        asked.contribution_month == month,
        asked.person_id.in_(people),
        asked.insurance == scope.insurance,
        asked.levy_run_id == Bill.levy_run_id,
    )


def _lines_of(
    session: Session,
    insurance: Insurance,
    *which: ColumnElement[bool],
    first: ColumnElement[bool] | None = None,
) -> list[int]:
    """Return the bills that ask for something of an insurance, the latest first."""
    order = [] if first is None else [case((first, 0), else_=1)]
    return list(
        session.scalars(
            select(Bill.id)
            .join(BillLine, BillLine.bill_id == Bill.id)
            .where(
                *which,
                Bill.issued_at.is_not(None),
                BillLine.insurance == insurance,
                BillLine.employer_fen + BillLine.employee_fen > 0,
            )
            .order_by(*order, Bill.id.desc())
        )
    )


def _lock(
    session: Session, bill_ids: Iterable[int]
) -> tuple[dict[int, Payment], dict[int, tuple[Bill, dict[Insurance, BillLine]]]]:
    """Lock the payments of bills, then the bills, as `allocate` does."""
    ids = sorted(bill_ids)
    paid_with = select(Allocation.payment_id).where(Allocation.bill_id.in_(ids))
    payments = session.scalars(
        select(Payment)
        .where(Payment.id.in_(paid_with), Payment.kind != PaymentKind.CREDIT)
        # In one order, and read anew under the lock: what the session has of them may be older.
        .order_by(Payment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    by_id = {payment.id: payment for payment in payments}
    bills = {}
    for bill_id in ids:
        bill = session.get_one(Bill, bill_id, with_for_update=True, populate_existing=True)
        lines = session.scalars(
            select(BillLine)
            .where(BillLine.bill_id == bill_id)
            .order_by(BillLine.insurance)
            .execution_options(populate_existing=True)
        )
        bills[bill_id] = (bill, {line.insurance: line for line in lines})
    return by_id, bills


def _paid_with_money(session: Session, owed: _Owed) -> int:
    """Return what of a line was paid with money and is not taken off yet, in fen."""
    standing = _with_money(
        session, owed.bill, AllocationKind.PREMIUM, Allocation.insurance == owed.line.insurance
    )
    over = owed.line.paid_fen - owed.line.total_fen
    return sum(allocation.amount_fen for allocation in standing) - max(0, over)


def _with_money(
    session: Session, bill: Bill, kind: AllocationKind, *which: ColumnElement[bool]
) -> Sequence[Allocation]:
    """Return a bill's allocations that stand and are of money, the last received first."""
    return session.scalars(
        select(Allocation)
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(
            Allocation.bill_id == bill.id,
            Allocation.kind == kind,
            is_standing(),
            Payment.kind != PaymentKind.CREDIT,
            *which,
        )
        .order_by(Allocation.paid_on.desc(), Allocation.allocation_number.desc())
    ).all()


def _free(
    netting: _Netting, bill: Bill, lines: Iterable[BillLine], payments: dict[int, Payment]
) -> None:
    """Take back from payments what a bill has too much of, premium and then late fee."""
    session = netting.session
    by_insurance = {line.insurance: line for line in lines}
    for line in by_insurance.values():
        used = Allocation.insurance == line.insurance
        standing = _with_money(session, bill, AllocationKind.PREMIUM, used)
        _take_off(netting, bill, by_insurance, payments, standing, line.paid_fen - line.total_fen)
    if bill.late_fee_paid_fen > 0:
        # After the premium: with what is owed by now, the fee of what was never owed is too much.
        fee = late_fee_on(session, bill, netting.credit.received_on, packs=netting.packs)
        standing = _with_money(session, bill, AllocationKind.LATE_FEE)
        _take_off(netting, bill, by_insurance, payments, standing, bill.late_fee_paid_fen - fee)


def _take_off(
    netting: _Netting,
    bill: Bill,
    lines: dict[Insurance, BillLine],
    payments: dict[int, Payment],
    standing: Iterable[Allocation],
    fen: int,
) -> None:
    for first in standing:
        if fen <= 0:
            return
        part, line = min(fen, first.amount_fen), lines[first.insurance]
        money = payments[first.payment_id]
        take_back(
            netting.session,
            first,
            part,
            money,
            bill,
            line,
            actor=netting.actor,
            at=netting.at,
            packs=netting.packs,
        )
        fen -= part
