"""Accounts = paid records at the pack's rate + interest, and never owe; funds = paid lines."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from siweb.clock import office_day
from siweb.collection.books.bills import (
    kept_payers,
    kept_waiting,
    records_by_payer,
)
from siweb.collection.books.imbalance import MOST, RECORD_NAME, Imbalance, Scope, record_name
from siweb.collection.posting.waiting import is_paid_line, line_number
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun
from siweb.db.arithmetic import whole
from siweb.ledgers.account.interest_run import InterestRun, interest_rows, interest_terms
from siweb.ledgers.tables.account_entry import KEY_OF_RECORD, AccountEntry, EntryKind, is_about
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.ledgers.tables.fund_entry import FundEntry, FundEntryKind
from siweb.registry.tables.person import Person
from siweb.rules.benefits.account_interest import InterestMethod, InterestTerms
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet

# Bounds of person numbers; below 2**63, so that both databases compare them as integers.
_EVERYBODY = (0, 2**62)
_LINE = (
    FundEntry.region_code,
    FundEntry.contribution_month,
    FundEntry.bill_id,
    FundEntry.insurance,
)


def account_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield records of which something else is credited than their account share when paid."""
    record = ContributionRecord
    of_records = and_(AccountEntry.record_sequence.is_not(None), *_entries_of(scope))
    is_paid = session.scalar(select(func.sum(kept_payers().c.paid)))
    if (
        # Nothing paid and nothing credited: no need to go over the records of the scope.
        not is_paid
        and session.scalar(select(AccountEntry.person_id).where(of_records).limit(1)) is None
    ):
        return
    key = [getattr(AccountEntry, name) for name in KEY_OF_RECORD]
    credited = (
        select(*key, func.sum(AccountEntry.amount_fen).label("fen"))
        .where(of_records)
        .group_by(*key)
        .subquery("credited")
    )
    # Credited when paid and not before (Order 20 Art. 13): unpaid, nothing is expected.
    expected = case((record.paid_on.is_not(None), record.account_fen), else_=0)
    found = func.coalesce(credited.c.fen, 0)
    query = (
        select(*RECORD_NAME, expected, found)
        .outerjoin(credited, is_about(credited.c, record))
        .where(scope.records(), expected != found)
    )
    for row in session.execute(query.limit(MOST)):
        yield Imbalance("credited to the account", record_name(row), int(row[-2]), int(row[-1]))
    strange = (
        select(AccountEntry.person_id, AccountEntry.entry_number, AccountEntry.amount_fen)
        .join(record, is_about(AccountEntry, record))
        .where(scope.records(), of_records, AccountEntry.kind.not_in(_POSTED))
    )
    for person_id, number, fen in session.execute(strange.limit(MOST)):
        subject = f"account_entry {number} of person {person_id}"
        yield Imbalance("names a record that is not its own", subject, 0, fen)


def _entries_of(scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions of entries that a record of the scope may have: its key is in them."""
    conditions: list[ColumnElement[bool]] = []
    if scope.region_code is not None:
        conditions.append(AccountEntry.region_code == scope.region_code)
    if scope.month is not None:
        conditions.append(scope.is_of_months(AccountEntry.contribution_month))
    return conditions


_POSTED = (EntryKind.CREDIT, EntryKind.REVERSAL)


def fund_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield lines and late fees of which a fund has something else than was paid."""
    posted = (
        select(*_LINE, func.sum(FundEntry.amount_fen).label("fen"))
        .where(FundEntry.kind == FundEntryKind.PREMIUM)
        .group_by(*_LINE)
        .subquery("posted")
    )
    waiting = kept_waiting()
    total = BillLine.employer_fen + BillLine.employee_fen
    # Where the payer's total is what is rounded, its fen come when nothing of the line waits.
    rounding = case((func.coalesce(waiting.c.records, 0) != 0, BillLine.rounding_fen), else_=0)
    due = case((is_paid_line(), total - rounding), else_=0) - func.coalesce(waiting.c.fen, 0)
    found = func.coalesce(posted.c.fen, 0)
    query = (
        select(Bill.id, BillLine.insurance, due, found)
        .join(Bill, Bill.id == BillLine.bill_id)
        .outerjoin(waiting, waiting.c.line == line_number())
        .outerjoin(posted, and_(_is_of_bill(posted.c), posted.c.insurance == BillLine.insurance))
        .where(scope.bills(), due != found)
    )
    for bill_id, insurance, expected, fen in session.execute(query.limit(MOST)):
        subject = f"bill {bill_id}, {insurance.value}"
        yield Imbalance("posted to the fund", subject, int(expected), int(fen))
    yield from _fees_of_funds(session, scope)
    yield from _account_parts(session, scope)


def interest_imbalances(session: Session, packs: PackSet, scope: Scope) -> Iterator[Imbalance]:
    """Yield years whose interest is not that of the entries, where nothing was added since.

    What came later waits for the next run and is no fault.
    """
    entry = AccountEntry
    years = select(entry.year, entry.rate_ppm).where(
        entry.kind.in_((EntryKind.INTEREST, EntryKind.PROVISIONAL_INTEREST)),
        entry.rate_ppm.is_not(None),
    )
    regions = [scope.region_code] if scope.region_code else list(packs.packs)
    found = {(int(year), int(rate or 0)) for year, rate in session.execute(years.distinct())}
    for year, rate in sorted(found):
        if scope.month is not None and int(scope.month[:4]) != year:
            continue
        for region in regions:
            method = _method(packs, region, year)
            if method is not None:
                terms = InterestTerms(rate, method[0], method[1])
                yield from _wrong_interest(session, InterestRun(region, year, terms))


def rate_imbalances(session: Session, packs: PackSet, scope: Scope) -> Iterator[Imbalance]:
    """Yield years credited at another rate than was known for them on the day of the credit.

    What was credited before the first bills of a region was taken over from an earlier system.
    """
    entry = AccountEntry
    begun = select(func.min(LevyRun.issued_at)).where(LevyRun.region_code == Person.region_code)
    first = begun.correlate(Person).scalar_subquery()
    query = (
        select(Person.region_code, entry.year, entry.posted_on, entry.rate_ppm, first)
        .join(Person, Person.id == entry.person_id)
        .where(
            entry.kind.in_((EntryKind.INTEREST, EntryKind.PROVISIONAL_INTEREST)),
            entry.rate_ppm.is_not(None),
            scope.region(Person.region_code),
        )
        .distinct()
        .order_by(Person.region_code, entry.year, entry.posted_on)
    )
    for region, year, posted_on, rate, since in session.execute(query).all():
        if since is None or posted_on <= office_day(since):
            continue
        if scope.month is not None and int(scope.month[:4]) != year:
            continue
        published = _rate(packs, region, year, posted_on)
        # Without a published rate there is nothing to hold it to.
        if published is not None and published != rate:
            subject = f"interest of {year} in {region}, credited on {posted_on}"
            yield Imbalance("the rate (in ppm)", subject, published, int(rate or 0))


def _rate(packs: PackSet, region: str, year: int, on: date) -> int | None:
    try:
        return int(interest_terms(packs, region, year, on).rate)
    except RuleError:
        return None


def _wrong_interest(session: Session, run: InterestRun) -> Iterator[Imbalance]:
    rows = interest_rows(run, _EVERYBODY).subquery("due")
    query = (
        select(rows.c.person_id, rows.c.expected_fen, rows.c.posted_fen)
        .join(
            AccountEntry,
            and_(
                AccountEntry.person_id == rows.c.person_id,
                AccountEntry.entry_number == rows.c.last_interest,
            ),
        )
        .where(
            rows.c.expected_fen != rows.c.posted_fen,
            # Numbers of one owner follow time:
            # interest behind all money was worked out over all of it.
            rows.c.last_interest > rows.c.last_money,
            AccountEntry.rate_ppm == run.terms.rate,
        )
    )
    for person_id, expected, found in session.execute(query.limit(MOST)):
        subject = f"account of person {person_id}, {run.year}"
        yield Imbalance("interest", subject, int(expected), int(found))


def _method(packs: PackSet, region: str, year: int) -> tuple[InterestMethod, int] | None:
    try:
        row = packs.parameters(region, f"{year}-12").row("interest_method")
    except RuleError:
        return None
    return InterestMethod(row.values["method"]), row.values["yearly_factor"]


def _is_of_bill(entry: Any) -> ColumnElement[bool]:
    """Return the condition that a fund's entry says the bill with its region and month."""
    return and_(
        entry.region_code == Bill.region_code,
        entry.contribution_month == Bill.contribution_month,
        entry.bill_id == Bill.id,
    )


def _fees_of_funds(session: Session, scope: Scope) -> Iterator[Imbalance]:
    fen = func.coalesce(
        func.sum(case((FundEntry.kind == FundEntryKind.LATE_FEE, FundEntry.amount_fen))), 0
    )
    query = (
        select(Bill.id, Bill.late_fee_paid_fen, fen)
        .outerjoin(FundEntry, _is_of_bill(FundEntry))
        .where(scope.bills())
        .group_by(Bill.id, Bill.late_fee_paid_fen)
        .having(Bill.late_fee_paid_fen != fen)
    )
    for bill_id, expected, found in session.execute(query.limit(MOST)):
        yield Imbalance("late fees posted to funds", f"bill {bill_id}", expected, int(found))


def _account_parts(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield bills of which the fund says another share for accounts than their records."""
    waiting = kept_waiting()
    for is_employer in (True, False):
        behind = records_by_payer(is_employer=is_employer)
        payer = Bill.employer_id if is_employer else Bill.person_id
        posted = (
            select(*_LINE, func.sum(FundEntry.account_fen).label("fen"))
            .group_by(*_LINE)
            .subquery("said")
        )
        records, fen = func.coalesce(waiting.c.records, 0), func.coalesce(waiting.c.account_fen, 0)
        due = case(
            # A line posts as a whole: paid but for what waits, or unpaid but for rows that stand
            # all the same, which are counted below zero.
            (behind.c.paid == behind.c.records - records, behind.c.account_fen - fen),
            (behind.c.paid == -records, -fen),
            else_=0,
        )
        query = (
            select(Bill.id, behind.c.insurance, due, posted.c.fen)
            .join(posted, _is_of_bill(posted.c))
            .join(
                behind,
                and_(
                    behind.c.levy_run_id == Bill.levy_run_id,
                    behind.c.payer_id == payer,
                    behind.c.insurance == posted.c.insurance,
                ),
            )
            .outerjoin(waiting, waiting.c.line == line_number(posted.c.bill_id, posted.c.insurance))
            .where(scope.bills(), due != posted.c.fen)
        )
        for bill_id, insurance, expected, found in session.execute(query.limit(MOST)):
            subject = f"bill {bill_id}, {insurance.value}"
            yield Imbalance("accounts' share in the fund", subject, int(expected), int(found))


def balance_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield accounts below zero: what was taken back, moved on or went to heirs never came.

    An account is of no month.
    """
    if scope.month is not None:
        return
    balance = whole(func.sum(AccountEntry.amount_fen))
    below = (
        select(AccountEntry.person_id, balance.label("fen"))
        .group_by(AccountEntry.person_id)
        .having(balance < 0)
        .order_by(AccountEntry.person_id)
    )
    if scope.region_code is not None:
        below = below.join(Person, Person.id == AccountEntry.person_id).where(
            Person.region_code == scope.region_code
        )
    for person_id, fen in session.execute(below.limit(MOST)):
        yield Imbalance("what is left", f"account of person {person_id}", 0, int(fen))
