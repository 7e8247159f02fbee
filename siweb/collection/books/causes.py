"""No row comes from nowhere: a run, a statement, a deed or an order stands behind each.

What is claimed beside the regions has its row, and each such row its claim.

What was recorded no later than the first bills of a region was taken over from an earlier system;
what was brought in with a file has that file, and comes to what the file brought.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, null, or_, select, true
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.clock import office_day
from siweb.collection.books.imbalance import MOST, RECORD_NAME, Imbalance, Scope, record_name
from siweb.collection.tables.bank_account import EntryClaim
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.online_payment import OnlinePayment
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.db.types import written_instant
from siweb.ledgers.account.correct import ACTION as SET_RIGHT
from siweb.ledgers.lookup import is_not_levied
from siweb.ledgers.tables.account_correction import AccountCorrection
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.claim_enrolments import (
    is_without_claim,
    is_without_enrolment,
)
from siweb.registry.tables.bring_in import BringIn
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.tasks.tables.task import Task, TaskState

# Each of these is noted in the activity log under its own word.
_NOTED = (EntryKind.TRANSFER_IN, EntryKind.TRANSFER_OUT, EntryKind.INHERITANCE)


def causeless_rows(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield rows that nothing explains."""
    yield from _records(session, scope)
    yield from _payments(session, scope)
    # What follows is of no month; a proof of one month leaves it to the proof of all.
    if scope.month is None:
        yield from _brought_records(session, scope)
        yield from _brought_entries(session, scope)
        yield from _credits(session, scope)
        yield from _set_right(session, scope)
        yield from _noted_entries(session)


def _first_bills(region_code: Any) -> Select[Any]:
    return select(func.min(LevyRun.issued_at)).where(LevyRun.region_code == region_code)


def _records(session: Session, scope: Scope) -> Iterator[Imbalance]:
    record = ContributionRecord
    first = _first_bills(record.region_code).correlate(record).scalar_subquery()
    region, month = _hidden(session, record.region_code, record.contribution_month)
    query = select(*RECORD_NAME, record.employer_fen + record.employee_fen).where(
        is_not_levied(),
        record.levy_run_id.is_(None),
        scope.region(region),
        _of_month(scope, month),
        # While no bill of the region was issued there is no first one, and this is never true.
        written_instant(record.recorded_at) > first,
        ~exists().where(*_brought_in(record)),
    )
    for row in session.execute(query.limit(MOST)):
        yield Imbalance("no run billed it", record_name(row), 0, int(row[-1]))


def _hidden(session: Session, *columns: Any) -> list[Any]:
    """Return columns that SQLite does not look records up by: those that no run wrote are few.

    It would go over a month for them, and has a small index of what no month's own levy wrote.
    """
    if session.get_bind().dialect.name != "sqlite":
        return list(columns)
    return [func.coalesce(column, null()) for column in columns]


def _brought_in(record: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a file brought a record in: all of its rows are of one instant."""
    return (
        BringIn.kind == "records",
        BringIn.region_code == record.region_code,
        BringIn.recorded_at == written_instant(record.recorded_at),
    )


def _brought_records(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield files of records of which other rows or amounts stand in the books."""
    record, keys = ContributionRecord, (BringIn.region_code, BringIn.recorded_at)
    files = (
        select(
            *keys,
            func.sum(BringIn.added_rows).label("rows"),
            func.sum(BringIn.added_fen).label("fen"),
        )
        .where(BringIn.kind == "records", scope.region(BringIn.region_code))
        .group_by(*keys)
        .order_by(*keys)
    )
    for region, at, rows, fen in session.execute(files).all():
        total = func.coalesce(func.sum(record.employer_fen + record.employee_fen), 0)
        found = session.execute(
            select(func.count(), total).where(
                record.region_code == region,
                record.levy_run_id.is_(None),
                record.recorded_at == at,
            )
        ).one()
        subject = f"records that were brought in at {at.isoformat()} in {region}"
        if int(rows) != found[0]:
            yield Imbalance("rows of the file (a count)", subject, int(rows), found[0])
        elif int(fen) != int(found[1]):
            yield Imbalance("amounts of the file", subject, int(fen), int(found[1]))


_CREDITED = (EntryKind.OPENING, EntryKind.CREDIT)


def _brought_entries(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield days on which a region's accounts got other credits without a record than its files'.

    What such a day has besides came from nowhere.
    """
    entry = AccountEntry
    for (region, day), expected in _brought_by_day(session, scope).items():
        found = session.scalar(
            select(func.coalesce(func.sum(entry.amount_fen), 0)).where(
                entry.region_code == region,
                entry.kind.in_(_CREDITED),
                entry.record_sequence.is_(None),
                entry.recorded_on == day,
                ~_is_correction(),
            )
        )
        if expected != int(found or 0):
            subject = f"account entries that were brought in on {day} in {region}"
            yield Imbalance("amounts of the files", subject, expected, int(found or 0))


def _brought_by_day(session: Session, scope: Scope) -> dict[tuple[str, date], int]:
    """Return by region and day what files credited to accounts, in fen."""
    files = select(BringIn.region_code, BringIn.recorded_at, BringIn.added_fen).where(
        BringIn.kind == "accounts", scope.region(BringIn.region_code)
    )
    found: dict[tuple[str, date], int] = {}
    for region, at, fen in session.execute(files.order_by(BringIn.recorded_at)):
        place = (region, office_day(at))
        found[place] = found.get(place, 0) + fen
    return found


def _is_correction() -> ColumnElement[bool]:
    """Return the condition that an entry sets right one that was brought in."""
    entry, correction = AccountEntry, AccountCorrection
    return exists().where(
        correction.person_id == entry.person_id,
        correction.entry_number == entry.entry_number,
        correction.region_code == entry.region_code,
    )


def _set_right(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield entries that set an account right by another amount than two people decided."""
    entry, correction = AccountEntry, AccountCorrection
    query = (
        select(entry.person_id, entry.entry_number, entry.amount_fen, Task)
        .join(
            correction,
            and_(
                correction.person_id == entry.person_id,
                correction.entry_number == entry.entry_number,
                correction.region_code == entry.region_code,
            ),
        )
        .join(Task, Task.id == correction.task_id)
        .where(scope.region(entry.region_code))
        .order_by(entry.person_id, entry.entry_number)
    )
    for person_id, number, fen, task in session.execute(query):
        decided = 0
        if task.kind == SET_RIGHT and task.state is TaskState.DONE:
            decided = task.change["right_fen"] - task.change["shown_fen"]
        if decided != fen:
            subject = f"account_entry {number} of person {person_id}"
            yield Imbalance("what two people set right", subject, decided, fen)


def _payments(session: Session, scope: Scope) -> Iterator[Imbalance]:
    ordered = select(OnlinePayment.id).where(OnlinePayment.reference == Payment.remittance).exists()
    first = _first_bills(Payment.region_code).correlate(Payment).scalar_subquery()
    # A credit is no money, and what goes back names the payment that it is of.
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
    query = select(entry.person_id, entry.entry_number, entry.amount_fen).where(
        entry.kind.in_(kinds),
        entry.record_sequence.is_(None),
        ~_is_correction(),
        # Not of the day itself: entries know their day alone,
        # and the first bills were issued within it.
        entry.recorded_on > office_day(first),
        *(
            or_(entry.region_code != region, entry.recorded_on != day)
            for region, day in _brought_by_day(session, scope)
        ),
    )
    in_order = query.order_by(entry.person_id, entry.entry_number)
    for person_id, number, fen in session.execute(in_order.limit(MOST)):
        subject = f"account_entry {number} of person {person_id}"
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
            select(Activity.person_id, func.count().label("actions"))
            .where(Activity.action == f"account.{kind.value}")
            .group_by(Activity.person_id)
            .cte("noted")
            .prefix_with("MATERIALIZED")
        )
        actions = func.coalesce(noted.c.actions, 0)
        query = (
            select(entries.c.person_id, actions, entries.c.entries)
            .outerjoin(noted, noted.c.person_id == entries.c.person_id)
            .where(actions < entries.c.entries)
            .order_by(entries.c.person_id)
        )
        for person_id, expected, found in session.execute(query.limit(MOST)):
            subject = f"account of person {person_id}"
            yield Imbalance(f"{kind.value} without a deed (a count)", subject, expected, found)


def _of_month(scope: Scope, column: Any) -> ColumnElement[bool]:
    return true() if scope.month is None else column == scope.month


def claim_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield open enrolments and bank entries that are claimed wrongly; they are of no month."""
    if scope.month is not None:
        return
    yield from _enrolments(session, scope)
    yield from _entries(session, scope)
    yield from _statements(session, scope)


def _enrolments(session: Session, scope: Scope) -> Iterator[Imbalance]:
    rows = (
        select(
            Enrolment.region_code,
            Enrolment.person_id,
            Enrolment.insurance,
            Enrolment.insuring_employer_id,
        )
        .where(
            scope.region(Enrolment.region_code),
            Enrolment.to_month.is_(None),
            *is_without_claim(),
        )
        .order_by(Enrolment.person_id, Enrolment.insurance)
    )
    for row in session.execute(rows.limit(MOST)):
        yield Imbalance("no claim stands for it (a count)", f"enrolment {_name(*row)}", 1, 0)
    claims = (
        select(
            EnrolmentClaim.region_code,
            EnrolmentClaim.person_id,
            EnrolmentClaim.insurance,
            EnrolmentClaim.employer_id,
        )
        .where(scope.region(EnrolmentClaim.region_code), *is_without_enrolment())
        .order_by(EnrolmentClaim.person_id, EnrolmentClaim.insurance)
    )
    for row in session.execute(claims.limit(MOST)):
        subject = f"claim of an enrolment {_name(*row)}"
        yield Imbalance("nothing open stands behind it (a count)", subject, 0, 1)


def _name(region: str, person_id: int, insurance: Any, employer_id: int) -> str:
    return f"{region} {person_id} {insurance.value} {employer_id or '-'}"


def _entries(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield claims of entries that became neither a payment nor a case for a person."""
    held = exists().where(
        HeldEntry.statement_id == EntryClaim.statement_id,
        # What was held before claims were noted there has none.
        or_(HeldEntry.identity == EntryClaim.identity, HeldEntry.identity == ""),
    )
    query = (
        select(EntryClaim.statement_id, EntryClaim.identity)
        .join(BankStatement, BankStatement.id == EntryClaim.statement_id)
        .where(scope.region(BankStatement.region_code), EntryClaim.payment_id.is_(None), ~held)
        .order_by(EntryClaim.statement_id, EntryClaim.identity)
    )
    for statement_id, identity in session.execute(query.limit(MOST)):
        subject = f"claim of an entry of statement {statement_id}: {identity}"
        yield Imbalance("neither booked nor held (a count)", subject, 1, 0)


def _statements(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield statements with other payments than their claims and a person's bookings say."""
    claimed = _per_statement(
        EntryClaim.statement_id,
        func.sum(EntryClaim.payment_count),
        EntryClaim.payment_id.is_not(None),
        name="claimed",
    )
    booked = _per_statement(
        HeldEntry.statement_id,
        func.count(),
        # With details that do not add up it was booked whole at once: its claim counts it.
        and_(HeldEntry.state == HeldState.BOOKED, HeldEntry.reason != HeldReason.DETAILS),
        name="booked",
    )
    paid = _per_statement(
        Payment.statement_id, func.count(), Payment.origin_payment_id.is_(None), name="paid"
    )
    expected = func.coalesce(claimed.c.rows, 0) + func.coalesce(booked.c.rows, 0)
    found = func.coalesce(paid.c.rows, 0)
    query = (
        select(BankStatement.id, expected, found)
        .outerjoin(claimed, claimed.c.id == BankStatement.id)
        .outerjoin(booked, booked.c.id == BankStatement.id)
        .outerjoin(paid, paid.c.id == BankStatement.id)
        .where(
            scope.region(BankStatement.region_code),
            # A statement that was taken back gave its claims up, and one of before had none.
            BankStatement.withdrawn_at.is_(None),
            BankStatement.control.is_not(None),
            expected != found,
        )
        .order_by(BankStatement.id)
    )
    for statement_id, due, rows in session.execute(query.limit(MOST)):
        subject = f"statement {statement_id}"
        yield Imbalance("payments of its entries (a count)", subject, int(due), int(rows))


def _per_statement(
    statement_id: Any, rows: ColumnElement[int], which: ColumnElement[bool], *, name: str
) -> Any:
    return (
        select(statement_id.label("id"), rows.label("rows"))
        .where(which)
        .group_by(statement_id)
        .cte(name)
        .prefix_with("MATERIALIZED")
    )
