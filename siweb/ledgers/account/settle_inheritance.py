"""Pay heirs what a settled rate adds to interest that was provisional when they were paid.

The account stays closed: the difference comes in and goes out at once. What heirs received too
much by a provisional rate is not asked back.
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.ledgers.account.close import (
    CLOSING,
    interest_through,
    note_account,
    pay_out_to_heirs,
)
from siweb.ledgers.account.interest_run import InterestRun
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.tables.person import Person
from siweb.rules.parameters.pack_set import PackSet


def settle_inheritances(
    session: Session,
    run: InterestRun,
    *,
    packs: PackSet,
    on: date,
    actor: Actor,
    at: datetime,
) -> int:
    """Settle a year for those whose heirs were paid before its rate was known; return how many."""
    if not run.terms.settled:
        return 0
    people = session.scalars(_paid_provisionally(run)).all()
    return sum(_settle(session, packs, run, person_id, on, actor, at) for person_id in people)


def _paid_provisionally(run: InterestRun) -> Select[int]:
    interest, closing = AccountEntry, aliased(AccountEntry)
    return (
        select(interest.person_id)
        .join(Person, Person.id == interest.person_id)
        .where(
            Person.region_code == run.region_code,
            interest.year == run.year,
            interest.kind == EntryKind.PROVISIONAL_INTEREST,
            exists().where(
                closing.person_id == interest.person_id,
                closing.kind == EntryKind.INHERITANCE,
                closing.entry_number > interest.entry_number,
            ),
        )
        .distinct()
        .order_by(interest.person_id)
    )


def _settle(
    session: Session,
    packs: PackSet,
    run: InterestRun,
    person_id: int,
    on: date,
    actor: Actor,
    at: datetime,
) -> bool:
    # As in closing: the person's row stands for the account.
    session.get_one(Person, person_id, with_for_update={"of": Person})
    entries = session.scalars(
        select(AccountEntry)
        .where(AccountEntry.person_id == person_id)
        .order_by(AccountEntry.entry_number)
    ).all()
    balance = sum(entry.amount_fen for entry in entries)
    found = [(closing, due) for closing, due in _differences(run, list(entries)) if due > 0]
    # A balance below zero is for people to look at: paying out of it would hide it.
    if not found or balance < 0:
        return False
    if balance > 0:
        # What came since would be behind the end of the account that is written here.
        pay_out_to_heirs(session, person_id, packs=packs, on=on, actor=actor, at=at)
    for closing, due in found:
        came = AccountEntry(
            person_id=person_id,
            region_code=run.region_code,
            year=run.year,
            kind=EntryKind.INTEREST,
            interest_month=_mark(closing),
            amount_fen=due,
            rate_ppm=run.terms.rate,
            posted_on=on,
        )
        went = AccountEntry(
            person_id=person_id,
            region_code=run.region_code,
            year=on.year,
            kind=EntryKind.INHERITANCE,
            amount_fen=-due,
            posted_on=on,
        )
        for entry in (came, went):
            session.add(entry)
            session.flush()
        facts = {"settles": str(run.year)}
        note_account(session, person_id, EntryKind.INHERITANCE, facts, due, actor, at)
    return True


def _differences(
    run: InterestRun, entries: list[AccountEntry]
) -> Iterator[tuple[AccountEntry, int]]:
    """Yield each payment to heirs, and by how much the year's interest was too low in it."""
    stretch: list[AccountEntry] = []
    for entry in entries:
        if entry.kind not in CLOSING:
            stretch.append(entry)
            continue
        is_provisional = any(
            earlier.year == run.year and earlier.kind is EntryKind.PROVISIONAL_INTEREST
            for earlier in stretch
        )
        if entry.kind is EntryKind.INHERITANCE and is_provisional:
            since = [later for later in entries if later.entry_number > entry.entry_number]
            settled = [later for later in since if _settles(later, entry)]
            paid = [*stretch, *settled]
            through = entry.posted_on.month if entry.posted_on.year == run.year else 12
            due = interest_through(paid, run.year, run.terms, through)
            yield entry, due - _interest_of(paid, run.year)
        stretch = []


def _interest_of(entries: list[AccountEntry], year: int) -> int:
    kinds = (EntryKind.INTEREST, EntryKind.PROVISIONAL_INTEREST)
    return sum(entry.amount_fen for entry in entries if entry.year == year and entry.kind in kinds)


def _settles(entry: AccountEntry, closing: AccountEntry) -> bool:
    return entry.kind is EntryKind.INTEREST and entry.interest_month == _mark(closing)


def _mark(closing: AccountEntry) -> str:
    """Return the month through which the account had interest: it tells whose settlement it is."""
    return f"{closing.posted_on:%Y-%m}"
