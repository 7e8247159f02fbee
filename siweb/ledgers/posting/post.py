"""Mark records as paid and credit the individual accounts, for a whole bill line at once.

Records that take others back give back what was credited for those.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    case,
    func,
    insert,
    literal,
    null,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session, aliased

from siweb.db.next_number import next_number
from siweb.db.types import year_of
from siweb.ledgers.lookup import of_payer
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind, is_about
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.rules.calendar.months import months_through

_RECORD = ContributionRecord
_EARLIER = aliased(ContributionRecord, name="earlier")
# By the key, but for its last column.
_IS_EARLIER = and_(
    _EARLIER.person_id == _RECORD.person_id,
    _EARLIER.contribution_month == _RECORD.contribution_month,
    _EARLIER.insurance == _RECORD.insurance,
    _EARLIER.sequence < _RECORD.sequence,
    _EARLIER.region_code == _RECORD.region_code,
    # Who pays alone has no employer, and nothing equals nothing only this way.
    _EARLIER.employer_id.is_not_distinct_from(_RECORD.employer_id),
)


@dataclass(frozen=True, slots=True)
class RecordScope:
    """The records of one payer, insurance and run; `employer_id` None is the person's own."""

    region_code: str
    levy_run_id: int
    insurance: Insurance
    employer_id: int | None
    person_id: int | None
    from_month: str
    to_month: str

    def holds(self) -> ColumnElement[bool]:
        """Return the condition; it leads into the key."""
        record = ContributionRecord
        months = months_through(self.from_month, self.to_month)
        return and_(
            of_payer(self.employer_id, self.person_id, months, self.region_code),
            record.insurance == self.insurance,
            record.levy_run_id == self.levy_run_id,
        )


def post_records(
    session: Session,
    scope: RecordScope | None,
    paid_on: date,
    interest_from: str | None,
    *,
    which: ColumnElement[bool] | None = None,
    as_before: bool = False,
) -> int:
    """Mark the scope's records as paid and credit their accounts; return what was credited, in fen.

    `interest_from` is the month of a late payment: its interest starts there instead of with the
    contribution month. What takes something back ends the interest from where that began; so does,
    `as_before`, what nobody paid by itself: it begins where the month's own interest did.
    `which` leaves out those of the records that wait.
    """
    if scope is None:
        return 0
    record = ContributionRecord
    is_new = and_(scope.holds(), record.paid_on.is_(None), true() if which is None else which)
    # Asked before the rows are marked: the condition is that they are not.
    credited = _credited(session, is_new)
    if credited is not None:
        _insert_credits(session, is_new, paid_on, interest_from, as_before=as_before)
    session.execute(
        update(record)
        .where(is_new)
        .values(paid_on=paid_on)
        .execution_options(synchronize_session=False)
    )
    return credited or 0


def unpost_records(
    session: Session,
    scope: RecordScope | None,
    on: date,
    *,
    which: ColumnElement[bool] | None = None,
) -> int:
    """Take back what was posted for the scope's records; return it as a negative amount, in fen.

    The entries count for the same year and month as the credits they take back. `which` takes back
    some of the records alone.
    """
    if scope is None:
        return 0
    record = ContributionRecord
    was_paid = and_(scope.holds(), record.paid_on.is_not(None), true() if which is None else which)
    credited = _credited(session, was_paid)
    if credited is not None:
        _insert_reversals(session, was_paid, on)
    session.execute(
        update(record)
        .where(was_paid)
        .values(paid_on=None)
        .execution_options(synchronize_session=False)
    )
    return -(credited or 0)


def _credited(session: Session, which: ColumnElement[bool]) -> int | None:
    total = session.scalar(
        select(func.sum(ContributionRecord.account_fen)).where(
            which, ContributionRecord.account_fen != 0
        )
    )
    return None if total is None else int(total)


_COLUMNS = (
    AccountEntry.entry_number,
    AccountEntry.person_id,
    AccountEntry.year,
    AccountEntry.kind,
    AccountEntry.contribution_month,
    AccountEntry.interest_month,
    AccountEntry.amount_fen,
    AccountEntry.region_code,
    AccountEntry.record_insurance,
    AccountEntry.record_employer_id,
    AccountEntry.record_sequence,
    AccountEntry.posted_on,
)


def _insert_credits(
    session: Session,
    which: ColumnElement[bool],
    on: date,
    interest_from: str | None,
    *,
    as_before: bool,
) -> None:
    record = ContributionRecord
    year: Any = (
        year_of(record.contribution_month)
        if interest_from is None
        else literal(int(interest_from[:4]))
    )
    month: Any = (
        null()
        if interest_from is None
        else literal(interest_from, AccountEntry.interest_month.type)
    )
    is_like_earlier = true() if as_before else record.account_fen < 0
    takes_back = and_(is_like_earlier, _reversed_credit(AccountEntry.year).is_not(None))
    rows = select(
        _number(record.person_id, record.contribution_month, record.sequence),
        record.person_id,
        case((takes_back, _reversed_credit(AccountEntry.year)), else_=year),
        # Also of what takes something back: an amount below zero, of the same kind, so that all
        # credits of a record add up to its account share.
        literal(EntryKind.CREDIT, AccountEntry.kind.type),
        record.contribution_month,
        case((takes_back, _reversed_credit(AccountEntry.interest_month)), else_=month),
        record.account_fen,
        record.region_code,
        record.insurance,
        record.insuring_employer_id,
        record.sequence,
        literal(on, AccountEntry.posted_on.type),
    ).where(which, record.account_fen != 0)
    # In the order in which the entries are numbered: the last one must be the highest.
    in_order = rows.order_by(record.person_id, record.contribution_month, record.sequence)
    session.execute(insert(AccountEntry).from_select(_COLUMNS, in_order))


def _insert_reversals(session: Session, which: ColumnElement[bool], on: date) -> None:
    """Take back the last credit of each record, in the year and month it was credited for."""
    record, entry = ContributionRecord, AccountEntry
    last = (
        select(entry.person_id, func.max(entry.entry_number).label("number"))
        .join(record, is_about(entry, record))
        .where(which, entry.kind == EntryKind.CREDIT)
        .group_by(entry.person_id, *record.__table__.primary_key)
        .subquery("last")
    )
    rows = (
        select(
            _number(entry.person_id, entry.entry_number),
            entry.person_id,
            entry.year,
            literal(EntryKind.REVERSAL, entry.kind.type),
            entry.contribution_month,
            entry.interest_month,
            -entry.amount_fen,
            entry.region_code,
            entry.record_insurance,
            entry.record_employer_id,
            entry.record_sequence,
            literal(on, entry.posted_on.type),
        )
        .join(last, and_(last.c.person_id == entry.person_id, last.c.number == entry.entry_number))
        .order_by(entry.person_id, entry.entry_number)
    )
    session.execute(insert(entry).from_select(_COLUMNS, rows))


def _number(person_id: Any, *order_by: Any) -> ColumnElement[int]:
    return next_number(AccountEntry.entry_number, {AccountEntry.person_id: person_id}, order_by)


def _reversed_credit(column: Any) -> ScalarSelect[Any]:
    """Return a column of the credit that a record takes back: the largest, of these the last."""
    return (
        select(column)
        .select_from(AccountEntry)
        .join(_EARLIER, is_about(AccountEntry, _EARLIER))
        # What takes back is a credit below nothing: it is not taken back by another one.
        .where(_IS_EARLIER, AccountEntry.kind == EntryKind.CREDIT, AccountEntry.amount_fen > 0)
        .order_by(AccountEntry.amount_fen.desc(), AccountEntry.entry_number.desc())
        .limit(1)
        .correlate(_RECORD)
        .scalar_subquery()
    )
