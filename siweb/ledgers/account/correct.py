"""Set right what an earlier system brought into an account: an entry with the difference.

The wrong entry stays. The new one is of the same kind, year and month, so that interest counts it
as it would have counted the right amount; the yearly run posts what that makes.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.ledgers.account.close import CLOSING, account_balance
from siweb.ledgers.tables.account_correction import AccountCorrection
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal

_BROUGHT = (
    EntryKind.OPENING,
    EntryKind.CREDIT,
    EntryKind.INTEREST,
    EntryKind.PROVISIONAL_INTEREST,
)
ACTION = "account.set_right"


class EntryRefused(Refusal):
    """When an entry cannot be set right so; `code` says why."""


@dataclass(frozen=True, slots=True)
class BroughtEntry:
    """What was brought in of one kind, year and month, with its corrections so far, in fen."""

    person_id: int
    entry_number: int
    kind: EntryKind
    year: int
    month: str | None
    amount_fen: int

    @property
    def key(self) -> str:
        """Return by what a form names it: the registration and the first entry."""
        return f"{self.person_id}-{self.entry_number}"


def brought_entries(session: Session, person_id: int) -> list[BroughtEntry]:
    """Return what was brought into a person's account and is in it still, the oldest first."""
    entry = AccountEntry
    keys = (entry.person_id, entry.kind, entry.year, entry.contribution_month)
    first = func.min(entry.entry_number)
    query = (
        select(*keys, first, func.sum(entry.amount_fen))
        .where(is_of(entry.person_id, person_id), *_is_brought(), _is_in_it_still())
        .group_by(*keys)
        .order_by(entry.year, entry.person_id, first)
    )
    return [
        BroughtEntry(owner, number, kind, year, month, int(fen))
        for owner, kind, year, month, number, fen in session.execute(query)
    ]


def _is_brought() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for what no record, transfer or interest run of here stands behind."""
    entry = AccountEntry
    return (
        entry.kind.in_(_BROUGHT),
        entry.record_sequence.is_(None),
        entry.rate_ppm.is_(None),
    )


def _is_in_it_still() -> ColumnElement[bool]:
    """Return the condition that an entry came after the account was last closed."""
    closing = AccountEntry.__table__.alias("closing")
    last = select(func.coalesce(func.max(closing.c.entry_number), 0)).where(
        closing.c.person_id == AccountEntry.person_id, closing.c.kind.in_(CLOSING)
    )
    return AccountEntry.entry_number > last.correlate(AccountEntry).scalar_subquery()


def require_wrong(
    session: Session, person_id: int, key: str, right_fen: int, shown_fen: int
) -> BroughtEntry:
    """Return what is to be set right; the person is held until commit.

    `shown_fen` is what the second person saw.

    :raises EntryRefused: "entry_gone"; "entry_differs" from what was shown; "entry_same" where
        it is right already; "below_zero" where the account would owe.
    """
    session.get_one(Person, person_id, with_for_update={"of": Person})
    found = {each.key: each for each in brought_entries(session, person_id)}.get(key)
    if found is None:
        raise EntryRefused("entry_gone")
    if found.amount_fen != shown_fen:
        raise EntryRefused("entry_differs")
    difference = right_fen - found.amount_fen
    if difference == 0:
        raise EntryRefused("entry_same")
    if account_balance(session, person_id) + difference < 0:
        raise EntryRefused("below_zero")
    return found


def set_right(
    session: Session,
    found: BroughtEntry,
    right_fen: int,
    *,
    task_id: int,
    on: date,
    actor: Actor,
    at: datetime,
) -> None:
    """Add what makes a brought-in amount the right one; the caller commits."""
    difference = right_fen - found.amount_fen
    _add(session, found, difference, task_id, on, at)
    record_activity(
        session,
        ACTION,
        actor=actor,
        at=at,
        subject=("account", found.person_id),
        person_id=found.person_id,
        facts={"kind": found.kind.value, "year": found.year, "amount_fen": difference},
    )


def _add(
    session: Session, found: BroughtEntry, fen: int, task_id: int, on: date, at: datetime
) -> None:
    wrong = session.scalars(
        select(AccountEntry).where(
            AccountEntry.person_id == found.person_id,
            AccountEntry.entry_number == found.entry_number,
        )
    ).one()
    entry = AccountEntry(
        person_id=found.person_id,
        region_code=wrong.region_code,
        year=wrong.year,
        kind=wrong.kind,
        contribution_month=wrong.contribution_month,
        interest_month=wrong.interest_month,
        amount_fen=fen,
        posted_on=on,
        recorded_on=on,
    )
    session.add(entry)
    session.flush()
    session.add(
        AccountCorrection(
            person_id=entry.person_id,
            entry_number=entry.entry_number,
            region_code=entry.region_code,
            corrected_number=wrong.entry_number,
            corrected_at=at,
            task_id=task_id,
        )
    )
    session.flush()
