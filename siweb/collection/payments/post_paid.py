"""Carry what was paid into the books: records become paid, accounts and funds are credited.

A line of a bill counts as paid when nothing of it is left; then, and only then, the records behind
it are marked and the individual accounts credited (Order 20 Art. 13). When the payment turns out
not to have come, entries are added that take it back. What takes a month back waits until the month
itself is paid: an account gives back nothing that it never got.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.collection.tables.payment import Allocation, AllocationKind, is_standing
from siweb.ledgers.posting.post import (
    RecordScope,
    post_records,
    takes_back_unpaid,
    unpost_records,
)
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.ledgers.tables.fund_entry import FundEntry, FundEntryKind
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.parameters.pack_set import PackSet


def post_paid_lines(
    session: Session, bill: Bill, lines: Iterable[BillLine], *, packs: PackSet
) -> None:
    """Post the lines that are paid by now and were not posted."""
    posted = _posted(session, bill)
    due = [line for line in lines if line.insurance not in posted and _counts(session, bill, line)]
    for line in due:
        paid_on = _paid_on(session, bill, line)
        interest_from = None if paid_on <= bill.due_on else f"{paid_on:%Y-%m}"
        account = post_records(session, scope_of(bill, line), paid_on, interest_from)
        _post_premium(session, bill, line.insurance, paid_on, line.total_fen, account, packs=packs)
    for later, waiting in _correcting(session, bill, due):
        post_paid_lines(session, later, waiting, packs=packs)


def unpost_lines(
    session: Session, bill: Bill, lines: Iterable[BillLine], on: date, *, packs: PackSet
) -> None:
    """Take back what was posted for lines that are not paid any more."""
    posted = _posted(session, bill)
    gone = [line for line in lines if line.insurance in posted and not _counts(session, bill, line)]
    for line in gone:
        account = unpost_records(session, scope_of(bill, line), on)
        _post_premium(session, bill, line.insurance, on, -line.total_fen, account, packs=packs)
    for later, without in _correcting(session, bill, gone):
        unpost_lines(session, later, without, on, packs=packs)


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


def _counts(session: Session, bill: Bill, line: BillLine) -> bool:
    """Tell whether a line is to stand in the books: paid, and what it takes back is there."""
    if not is_paid(bill, line):
        return False
    scope = scope_of(bill, line)
    if scope is None or bill.kind is not BillKind.ADJUSTMENT:
        return True
    waiting = select(ContributionRecord.person_id).where(scope.holds(), takes_back_unpaid())
    return session.scalar(waiting.limit(1)) is None


def _correcting(
    session: Session, bill: Bill, lines: Sequence[BillLine]
) -> Iterator[tuple[Bill, list[BillLine]]]:
    """Yield the later adjustments of the same payer and months, with their lines of the same kind.

    Whether they stand in the books may follow from what became of these lines.
    """
    if not lines or bill.levy_run_id is None:
        return
    same_payer = (
        Bill.employer_id == bill.employer_id
        if bill.employer_id is not None
        else Bill.person_id == bill.person_id
    )
    later = session.scalars(
        select(Bill)
        .where(
            same_payer,
            Bill.region_code == bill.region_code,
            Bill.kind == BillKind.ADJUSTMENT,
            Bill.levy_run_id.is_not(None),
            Bill.issued_at.is_not(None),
            Bill.id > bill.id,
            Bill.contribution_month <= bill.through_month,
            Bill.through_month >= bill.contribution_month,
        )
        .order_by(Bill.id)
    ).all()
    insurances = {line.insurance for line in lines}
    for adjustment in later:
        of_bill = session.scalars(
            select(BillLine).where(
                BillLine.bill_id == adjustment.id, BillLine.insurance.in_(insurances)
            )
        )
        yield adjustment, list(of_bill)


def _posted(session: Session, bill: Bill) -> set[Insurance]:
    """Return the insurances of a bill that count as posted."""
    rows = session.execute(
        select(FundEntry.insurance, func.count())
        .where(
            FundEntry.region_code == bill.region_code,
            FundEntry.contribution_month == bill.contribution_month,
            FundEntry.bill_id == bill.id,
            FundEntry.kind == FundEntryKind.PREMIUM,
        )
        .group_by(FundEntry.insurance)
    )
    # In and back in turn: an odd number of entries ends with one that came in.
    return {insurance for insurance, entries in rows if entries % 2 == 1}


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
