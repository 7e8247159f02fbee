"""No row comes from nowhere: a run, a statement, a deed or an order stands behind each.

What was recorded no later than the first bills of a region was taken over from an earlier system.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.clock import office_day
from siweb.collection.books.imbalance import MOST, RECORD_NAME, Imbalance, Scope, record_name
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.online_payment import OnlinePayment
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.db.types import written_instant
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord

# Each of these is noted in the activity log under its own word.
_NOTED = (EntryKind.TRANSFER_IN, EntryKind.TRANSFER_OUT, EntryKind.INHERITANCE)


def causeless_rows(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield rows that nothing explains."""
    yield from _records(session, scope)
    yield from _payments(session, scope)
    if scope.month is None:
        yield from _credits(session, scope)
        yield from _noted_entries(session)


def _first_bills(region_code: Any) -> Select[Any]:
    return select(func.min(LevyRun.issued_at)).where(LevyRun.region_code == region_code)


def _records(session: Session, scope: Scope) -> Iterator[Imbalance]:
    record = ContributionRecord
    first = _first_bills(record.region_code).correlate(record).scalar_subquery()
    query = select(*RECORD_NAME, record.employer_fen + record.employee_fen).where(
        record.levy_run_id.is_(None),
        scope.region(record.region_code),
        _of_month(scope, record.contribution_month),
        written_instant(record.recorded_at) > first,
    )
    for row in session.execute(query.limit(MOST)):
        yield Imbalance("no run billed it", record_name(row), 0, int(row[-1]))


def _payments(session: Session, scope: Scope) -> Iterator[Imbalance]:
    ordered = select(OnlinePayment.id).where(OnlinePayment.reference == Payment.remittance).exists()
    first = _first_bills(Payment.region_code).correlate(Payment).scalar_subquery()
    came_in = or_(
        Payment.kind.in_((PaymentKind.TRANSFER, PaymentKind.TAX)),
        and_(Payment.kind == PaymentKind.GATEWAY, ~ordered),
    )
    query = select(Payment.entry_key, Payment.amount_fen).where(
        scope.region(Payment.region_code),
        came_in,
        Payment.statement_id.is_(None),
        Payment.recorded_by_account_id.is_(None),
        Payment.recorded_at > first,
    )
    for key, fen in session.execute(query.order_by(Payment.entry_key).limit(MOST)):
        yield Imbalance("no statement, order or person told of it", f"payment {key}", 0, fen)


def _credits(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield credits without a record, written after the first bills."""
    entry = AccountEntry
    begun = select(func.min(LevyRun.issued_at))
    if scope.region_code is not None:
        begun = begun.where(LevyRun.region_code == scope.region_code)
    first = session.scalar(begun)
    if first is None:
        return
    kinds = (EntryKind.OPENING, EntryKind.CREDIT, EntryKind.REVERSAL)
    query = select(entry.id, entry.person_id, entry.amount_fen).where(
        entry.kind.in_(kinds),
        entry.record_sequence.is_(None),
        entry.recorded_on > office_day(first),
    )
    for entry_id, person_id, fen in session.execute(query.order_by(entry.id).limit(MOST)):
        subject = f"account_entry {entry_id} of person {person_id}"
        yield Imbalance("no record, transfer or interest stands behind it", subject, 0, fen)


def _noted_entries(session: Session) -> Iterator[Imbalance]:
    """Yield accounts with more entries of a kind than the activity log notes."""
    for kind in _NOTED:
        entries = (
            select(AccountEntry.person_id, func.count().label("entries"))
            .where(AccountEntry.kind == kind)
            .group_by(AccountEntry.person_id)
            .cte("entries")
            .prefix_with("MATERIALIZED")
        )
        noted = (
            select(Activity.person_id, func.count().label("deeds"))
            .where(Activity.action == f"account.{kind.value}")
            .group_by(Activity.person_id)
            .cte("noted")
            .prefix_with("MATERIALIZED")
        )
        deeds = func.coalesce(noted.c.deeds, 0)
        query = (
            select(entries.c.person_id, deeds, entries.c.entries)
            .outerjoin(noted, noted.c.person_id == entries.c.person_id)
            .where(deeds < entries.c.entries)
            .order_by(entries.c.person_id)
        )
        for person_id, expected, found in session.execute(query.limit(MOST)):
            subject = f"account of person {person_id}"
            yield Imbalance(f"{kind.value} without a deed (a count)", subject, expected, found)


def _of_month(scope: Scope, column: Any) -> ColumnElement[bool]:
    return true() if scope.month is None else column == scope.month
