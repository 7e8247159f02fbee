"""Carry what was paid into the books: records become paid, accounts and funds are credited.

A line of a bill counts as paid when nothing of it is left; then, and only then, the records behind
it are marked and the individual accounts credited (Order 20 Art. 13). When the payment turns out
not to have come, entries are added that take it back. Of an adjustment's line some rows may wait
though it is paid: `waiting` says which, and whoever pays or takes back a line sees to the
adjustments of its payer as well.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from siweb.collection.posting.of_payer import states_of, those_that_stand, waiting_of_payer
from siweb.collection.posting.waiting import bill_of_line, withheld_months
from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.collection.tables.payment import (
    Allocation,
    AllocationKind,
    Payment,
    PaymentKind,
    is_standing,
)
from siweb.ledgers.posting.post import RecordScope, post_records, unpost_records
from siweb.ledgers.tables.fund_entry import FundEntry, FundEntryKind
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.calendar.months import months_through
from siweb.rules.parameters.pack_set import PackSet


def post_paid_lines(
    session: Session, bill: Bill, lines: Iterable[BillLine], *, packs: PackSet
) -> None:
    """Post the lines that are paid by now and were not posted."""
    due = list(lines)
    if not _may_wait(bill):
        posted = _posted(session, bill)
        due = [line for line in due if line.insurance not in posted and is_paid(bill, line)]
        for line in due:
            paid_on = _paid_on(session, bill, line)
            interest_from = _interest_from(bill, paid_on)
            account = post_records(session, scope_of(bill, line), paid_on, interest_from)
            _post_premium(
                session, bill, line.insurance, paid_on, line.total_fen, account, packs=packs
            )
    if due:
        days = [_paid_on(session, bill, line) for line in due if is_paid(bill, line)]
        _settle_adjustments(session, bill, max(days, default=bill.due_on), packs)


def unpost_lines(
    session: Session, bill: Bill, lines: Iterable[BillLine], on: date, *, packs: PackSet
) -> None:
    """Take back what was posted for lines that are not paid any more."""
    gone = list(lines)
    if not _may_wait(bill):
        posted = _posted(session, bill)
        gone = [line for line in gone if line.insurance in posted and not is_paid(bill, line)]
        for line in gone:
            account = unpost_records(session, scope_of(bill, line), on)
            _post_premium(session, bill, line.insurance, on, -line.total_fen, account, packs=packs)
    if gone:
        _settle_adjustments(session, bill, on, packs)


def post_late_fee(session: Session, bill: Bill, allocation: Allocation, *, packs: PackSet) -> None:
    """Give a late fee to the fund of the insurance it was paid for."""
    session.add(
        FundEntry(
            region_code=bill.region_code,
            fund=_fund(packs, bill, allocation.insurance),
            insurance=allocation.insurance,
            kind=FundEntryKind.LATE_FEE,
            contribution_month=bill.contribution_month,
            bill_id=bill.id,
            amount_fen=allocation.amount_fen,
            account_fen=0,
            posted_on=allocation.paid_on,
        )
    )


def is_paid(bill: Bill, line: BillLine) -> bool:
    """Tell whether nothing of a line is left; a line of nothing is paid with its bill."""
    fen = line.total_fen
    return line.paid_fen == fen if fen else bill.paid_fen == bill.total_fen


def scope_of(bill: Bill, line: BillLine) -> RecordScope | None:
    """Return which records stand behind a line; none behind an assessment."""
    if bill.levy_run_id is None:
        return None
    return RecordScope(
        bill.region_code,
        bill.levy_run_id,
        line.insurance,
        bill.employer_id,
        bill.person_id,
        bill.contribution_month,
        bill.through_month,
    )


def _may_wait(bill: Bill) -> bool:
    """Tell whether rows of a bill may wait: an assessment has none, a month's own never do."""
    return bill.kind is BillKind.ADJUSTMENT and bill.levy_run_id is not None


def _settle_adjustments(session: Session, bill: Bill, on: date, packs: PackSet) -> None:
    """Let of the adjustments around a bill stand what is to stand, and nothing else.

    `on` is the day of what changed: when a payment came, or was taken back.
    """
    if bill.levy_run_id is None:
        return
    months = _months_around(session, bill)
    if months is None:
        return
    is_employer = bill.employer_id is not None
    values = {
        "region": bill.region_code,
        "payer": bill.employer_id or bill.person_id,
        "months": [int(month.replace("-", "")) for month in months_through(*months)],
        "withheld": [],
    }
    states = states_of(session, is_employer=is_employer, values=values)
    if any(state.is_paid and state.stands < state.rows for state in states):
        waiting = waiting_of_payer(is_employer=is_employer)
        values["withheld"] = withheld_months(session, waiting, values)
        if values["withheld"]:
            states = states_of(session, is_employer=is_employer, values=values)
    # In the order in which they were billed: what takes something back looks for its credit.
    for state in (state for state in states if state.to_mark or state.to_take_back):
        adjustment = session.get_one(Bill, bill_of_line(state.line))
        line = session.get_one(
            BillLine,
            (adjustment.id, state.insurance, adjustment.region_code, adjustment.contribution_month),
        )
        scope, account, posted_on = scope_of(adjustment, line), 0, on
        stands = those_that_stand(session, state, is_employer=is_employer, values=values)
        if state.to_take_back:
            account += unpost_records(session, scope, on, which=~stands)
        if state.to_mark:
            posted_on = _paid_on(session, adjustment, line)
            account += post_records(
                session,
                scope,
                posted_on,
                _interest_from(adjustment, posted_on),
                which=stands,
                # What is given back as well was nobody's money: both bear interest alike, or an
                # account had interest of a month that never was.
                as_before=_is_settled_by_credit(session, adjustment, line),
            )
        fen = line.total_fen if state.stands_whole else state.stands_fen
        # Entries are only added: this one brings the fund to what is to be in it.
        fen -= _in_fund(session, adjustment, line.insurance)
        _post_premium(session, adjustment, line.insurance, posted_on, fen, account, packs=packs)


def _months_around(session: Session, bill: Bill) -> tuple[str, str] | None:
    """Return the months of a bill widened by its payer's adjustments; None where there are none.

    An adjustment over several months may wait for another month than the one that was paid.
    """
    first, last = bill.contribution_month, bill.through_month
    while True:
        wider = session.execute(
            select(func.min(Bill.contribution_month), func.max(Bill.through_month)).where(
                _is_of_payer(bill),
                Bill.region_code == bill.region_code,
                Bill.kind == BillKind.ADJUSTMENT,
                Bill.levy_run_id.is_not(None),
                Bill.issued_at.is_not(None),
                Bill.contribution_month <= last,
                Bill.through_month >= first,
            )
        ).one()
        if wider[0] is None:
            return None
        found = (min(first, wider[0]), max(last, wider[1]))
        if found == (first, last):
            return found
        first, last = found


def _is_of_payer(bill: Bill) -> ColumnElement[bool]:
    if bill.employer_id is not None:
        return Bill.employer_id == bill.employer_id
    return Bill.person_id == bill.person_id


def _is_settled_by_credit(session: Session, bill: Bill, line: BillLine) -> bool:
    given = (
        select(Allocation.payment_id)
        .join(Payment, Payment.id == Allocation.payment_id)
        .where(
            Allocation.bill_id == bill.id,
            Allocation.insurance == line.insurance,
            Allocation.kind == AllocationKind.PREMIUM,
            Allocation.amount_fen > 0,
            Payment.kind == PaymentKind.CREDIT,
            is_standing(),
        )
    )
    return session.scalar(given.limit(1)) is not None


def _interest_from(bill: Bill, paid_on: date) -> str | None:
    """Return the month from which what was paid late bears interest."""
    # Paid in time it bears interest from its own month on, as if paid within it; paid late, from
    # the month in which the money was there (Order 20 Art. 13: credited when paid).
    return None if paid_on <= bill.due_on else f"{paid_on:%Y-%m}"


def _in_fund(session: Session, bill: Bill, insurance: Insurance) -> int:
    """Return what of a line's premium the fund has, in fen."""
    total = session.scalar(
        select(func.coalesce(func.sum(FundEntry.amount_fen), 0)).where(
            _is_premium_of(bill), FundEntry.insurance == insurance
        )
    )
    return int(total or 0)


def _posted(session: Session, bill: Bill) -> set[Insurance]:
    """Return the insurances of a bill that count as posted."""
    rows = session.execute(
        select(FundEntry.insurance, func.count())
        .where(_is_premium_of(bill))
        .group_by(FundEntry.insurance)
    )
    # In and back in turn: an odd number of entries ends with one that came in.
    return {insurance for insurance, entries in rows if entries % 2 == 1}


def _is_premium_of(bill: Bill) -> ColumnElement[bool]:
    return and_(
        FundEntry.region_code == bill.region_code,
        FundEntry.contribution_month == bill.contribution_month,
        FundEntry.bill_id == bill.id,
        FundEntry.kind == FundEntryKind.PREMIUM,
    )


def _paid_on(session: Session, bill: Bill, line: BillLine) -> date:
    """Return the day of what paid a line last; what was taken back since paid nothing."""
    of_bill = and_(Allocation.bill_id == bill.id, Allocation.kind == AllocationKind.PREMIUM)
    standing = select(func.max(Allocation.paid_on)).where(of_bill, is_standing())
    own = session.scalar(standing.where(Allocation.insurance == line.insurance))
    return own or session.scalar(standing) or bill.due_on


def _post_premium(
    session: Session,
    bill: Bill,
    insurance: Insurance,
    on: date,
    amount: int,
    account: int,
    *,
    packs: PackSet,
) -> None:
    session.add(
        FundEntry(
            region_code=bill.region_code,
            fund=_fund(packs, bill, insurance),
            insurance=insurance,
            kind=FundEntryKind.PREMIUM,
            contribution_month=bill.contribution_month,
            bill_id=bill.id,
            amount_fen=amount,
            account_fen=account,
            posted_on=on,
        )
    )
    session.flush()


def _fund(packs: PackSet, bill: Bill, insurance: Insurance) -> str:
    """Return where an insurance's money lies; medical and maternity may share (SIL 64)."""
    scheme = Scheme.EMPLOYEE if bill.employer_id else Scheme.FLEXIBLE
    parameters = packs.parameters(bill.region_code, bill.contribution_month)
    return parameters.collected_with(insurance, scheme) or insurance.value
