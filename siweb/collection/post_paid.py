"""Carry what was paid into the books: records become paid, accounts and funds are credited.

A line of a bill counts as paid when nothing of it is left; then, and only then, the records behind
it are marked and the individual accounts credited (Order 20 Art. 13). When the payment turns out
not to have come, entries are added that take it back.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.bill import Bill, BillLine
from siweb.collection.payment import Allocation, AllocationKind
from siweb.ledgers.fund_entry import FundEntry, FundEntryKind
from siweb.ledgers.post import RecordScope, post_records, unpost_records
from siweb.registry.packs_in_force import packs_in_force
from siweb.registry.words import Insurance, Scheme


def post_paid_lines(session: Session, bill: Bill, lines: Iterable[BillLine]) -> None:
    """Post the lines that are paid by now and were not posted."""
    posted = _posted(session, bill)
    for line in lines:
        if is_paid(bill, line) and line.insurance not in posted:
            paid_on = _paid_on(session, bill)
            interest_from = None if paid_on <= bill.due_on else f"{paid_on:%Y-%m}"
            account = post_records(session, scope_of(bill, line), paid_on, interest_from)
            _post_premium(session, bill, line.insurance, paid_on, line.total_fen, account)


def unpost_lines(session: Session, bill: Bill, lines: Iterable[BillLine], on: date) -> None:
    """Take back what was posted for lines that are not paid any more."""
    posted = _posted(session, bill)
    for line in lines:
        if not is_paid(bill, line) and line.insurance in posted:
            account = unpost_records(session, scope_of(bill, line), on)
            _post_premium(session, bill, line.insurance, on, -line.total_fen, account)


def post_late_fee(session: Session, bill: Bill, allocation: Allocation) -> None:
    """Give a late fee to the fund of the insurance it was paid for."""
    session.add(
        FundEntry(
            region_code=bill.region_code,
            fund=_fund(session, bill, allocation.insurance),
            insurance=allocation.insurance,
            kind=FundEntryKind.LATE_FEE,
            bill_id=bill.id,
            amount_fen=allocation.amount_fen,
            account_fen=0,
            posted_on=allocation.paid_on,
        )
    )


def is_paid(bill: Bill, line: BillLine) -> bool:
    """Tell whether nothing of a line is left; a line of nothing is paid with its bill."""
    if line.total_fen == 0:
        return bill.paid_fen == bill.total_fen
    return line.paid_fen == line.total_fen


def scope_of(bill: Bill, line: BillLine) -> RecordScope | None:
    """Return which records stand behind a line; none behind an assessment."""
    if bill.levy_run_id is None:
        return None
    return RecordScope(
        bill.levy_run_id,
        line.insurance,
        bill.employer_id,
        bill.person_id,
        bill.contribution_month,
        bill.through_month,
    )


def _posted(session: Session, bill: Bill) -> set[Insurance]:
    """Return the insurances of a bill that count as posted."""
    rows = session.execute(
        select(FundEntry.insurance, func.count())
        .where(FundEntry.bill_id == bill.id, FundEntry.kind == FundEntryKind.PREMIUM)
        .group_by(FundEntry.insurance)
    )
    # In and back in turn: an odd number of entries ends with one that came in.
    return {insurance for insurance, entries in rows if entries % 2 == 1}


def _paid_on(session: Session, bill: Bill) -> date:
    last = session.scalar(
        select(func.max(Allocation.paid_on)).where(
            Allocation.bill_id == bill.id, Allocation.kind == AllocationKind.PREMIUM
        )
    )
    return last or bill.due_on


def _post_premium(
    session: Session, bill: Bill, insurance: Insurance, on: date, amount: int, account: int
) -> None:
    session.add(
        FundEntry(
            region_code=bill.region_code,
            fund=_fund(session, bill, insurance),
            insurance=insurance,
            kind=FundEntryKind.PREMIUM,
            bill_id=bill.id,
            amount_fen=amount,
            account_fen=account,
            posted_on=on,
        )
    )
    session.flush()


def _fund(session: Session, bill: Bill, insurance: Insurance) -> str:
    """Return where an insurance's money lies; medical and maternity may share (SIL 64)."""
    scheme = Scheme.EMPLOYEE if bill.employer_id else Scheme.FLEXIBLE
    parameters = packs_in_force(session).parameters(bill.region_code, bill.contribution_month)
    return parameters.collected_with(insurance, scheme) or insurance.value
