"""End an account: it moves to another region, or its balance goes to the heirs (SIL 14, 19).

There is no other way out: an account is not drawn on early.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.ledgers.account.interest_run import interest_terms
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.rules.benefits.account_interest import (
    InterestMethod,
    InterestTerms,
    compute_account_year,
)
from siweb.rules.errors import Refusal
from siweb.rules.numbers.arithmetic import rounded_quotient
from siweb.rules.numbers.rates import PPM
from siweb.rules.parameters.pack_set import PackSet

_YEAR = 12
CLOSING = (EntryKind.TRANSFER_OUT, EntryKind.INHERITANCE)
INTEREST = (EntryKind.INTEREST, EntryKind.PROVISIONAL_INTEREST)


class AccountRefused(Refusal):
    """When an account cannot be ended or taken over; `code` says why."""


def account_balance(session: Session, person_id: int) -> int:
    """Return what is in an individual account, in fen."""
    total = session.scalar(
        select(func.sum(AccountEntry.amount_fen)).where(is_of(AccountEntry.person_id, person_id))
    )
    return int(total or 0)


def transfer_out(
    session: Session,
    person_id: int,
    to_region: str,
    *,
    packs: PackSet,
    on: date,
    actor: Actor,
    at: datetime,
) -> int:
    """Send the balance with its interest to another region; return it in fen.

    :raises AccountRefused: "empty" when there is nothing in it.
    """
    return _close(
        session, packs, person_id, EntryKind.TRANSFER_OUT, {"to": to_region}, on, actor, at
    )


def pay_out_to_heirs(
    session: Session, person_id: int, *, packs: PackSet, on: date, actor: Actor, at: datetime
) -> int:
    """Pay the balance of somebody who died to the heirs; return it in fen.

    :raises AccountRefused: "alive", or "empty" when there is nothing in it.
    """
    if session.get_one(Person, person_id).died_on is None:
        raise AccountRefused("alive")
    return _close(session, packs, person_id, EntryKind.INHERITANCE, {}, on, actor, at)


def transfer_in(
    session: Session,
    person_id: int,
    amount_fen: int,
    from_region: str,
    *,
    on: date,
    actor: Actor,
    at: datetime,
) -> AccountEntry:
    """Take over what another region had in the account; interest starts with this month.

    :raises AccountRefused: "empty".
    """
    if amount_fen <= 0:
        raise AccountRefused("empty")
    entry = AccountEntry(
        person_id=person_id,
        region_code=session.get_one(Person, person_id).region_code,
        year=on.year,
        kind=EntryKind.TRANSFER_IN,
        interest_month=f"{on:%Y-%m}",
        amount_fen=amount_fen,
        posted_on=on,
    )
    session.add(entry)
    note_account(session, person_id, entry.kind, {"from": from_region}, amount_fen, actor, at)
    return entry


def _close(
    session: Session,
    packs: PackSet,
    person_id: int,
    kind: EntryKind,
    facts: dict[str, str],
    on: date,
    actor: Actor,
    at: datetime,
) -> int:
    # The person stands for the account: whoever pays out of it holds this row, in every path.
    keys = session.scalars(
        select(Person)
        .where(is_of(Person.id, person_id))
        # In one order: two who close the keys of one person wait for each other, and never for
        # ever.
        .order_by(Person.id)
        .with_for_update(of=Person)
    ).all()
    closed = [_close_key(session, packs, person, kind, facts, on, actor, at) for person in keys]
    if not any(closed):
        raise AccountRefused("empty")
    return sum(closed)


def _close_key(
    session: Session,
    packs: PackSet,
    person: Person,
    kind: EntryKind,
    facts: dict[str, str],
    on: date,
    actor: Actor,
    at: datetime,
) -> int:
    """End what stands under one key of a person: its entries go on adding up to nothing."""
    entries = _live(session, person.id)
    balance = sum(entry.amount_fen for entry in entries)
    # Nobody is paid less than nothing, and what is owed to the account stays in it.
    if balance <= 0:
        return 0
    # Until the middle of a year the rate of the one before is not published.
    for year in (on.year - 1, on.year):
        balance += _add_interest(session, packs, person, entries, year, on)
    session.add(
        AccountEntry(
            person_id=person.id,
            region_code=person.region_code,
            year=on.year,
            kind=kind,
            amount_fen=-balance,
            posted_on=on,
        )
    )
    note_account(session, person.id, kind, facts, balance, actor, at)
    return balance


def _live(session: Session, person_id: int) -> list[AccountEntry]:
    closed = select(func.coalesce(func.max(AccountEntry.entry_number), 0)).where(
        AccountEntry.person_id == person_id, AccountEntry.kind.in_(CLOSING)
    )
    mine = select(AccountEntry).where(
        AccountEntry.person_id == person_id, AccountEntry.entry_number > closed.scalar_subquery()
    )
    return list(session.scalars(mine.order_by(AccountEntry.entry_number)))


def _add_interest(
    session: Session,
    packs: PackSet,
    person: Person,
    entries: list[AccountEntry],
    year: int,
    on: date,
) -> int:
    """Post the year's interest through the month of `on`, by the last rate known then."""
    # An account that began this year earned nothing in the last one: no rate is asked for.
    if not any(entry.year <= year for entry in entries):
        return 0
    terms = interest_terms(packs, person.region_code, year, on)
    interest = interest_through(entries, year, terms, on.month if year == on.year else _YEAR)
    posted = sum(e.amount_fen for e in entries if e.year == year and e.kind in INTEREST)
    # The yearly run may have been here already: only what it left is posted.
    if interest == posted:
        return 0
    entry = AccountEntry(
        person_id=person.id,
        region_code=person.region_code,
        year=year,
        kind=EntryKind.INTEREST if terms.settled else EntryKind.PROVISIONAL_INTEREST,
        amount_fen=interest - posted,
        rate_ppm=terms.rate,
        posted_on=on,
    )
    session.add(entry)
    session.flush()
    entries.append(entry)
    return entry.amount_fen


def interest_through(
    entries: Sequence[AccountEntry], year: int, terms: InterestTerms, through: int
) -> int:
    """Return a year's interest of an account that ends with a month of it, in fen."""
    opening = sum(
        entry.amount_fen
        for entry in entries
        if entry.year < year or (entry.year == year and entry.kind is EntryKind.OPENING)
    )
    deposits = [
        (min(through, _month(entry)), entry.amount_fen)
        for entry in entries
        if entry.year == year and entry.kind not in (*INTEREST, EntryKind.OPENING)
    ]
    # The yearly method is for whole years only (compute_account_year): an account that ends within
    # one is credited by the months that its money lay there.
    by_months = replace(terms, method=InterestMethod.MONTH_PRODUCT)
    whole = compute_account_year(max(0, opening), (), by_months, through).opening_interest
    # As in the yearly run: what was taken back in a year earns no interest below nothing. By one
    # deposit of the sum, for no single one of several may be below nothing.
    if terms.method is InterestMethod.YEARLY and through == _YEAR:
        total = max(0, sum(amount for _, amount in deposits))
        return whole + compute_account_year(0, [(_YEAR, total)], terms).deposit_interest
    product = max(0, sum(amount * (through - month + 1) for month, amount in deposits))
    return whole + int(rounded_quotient(product * terms.rate, _YEAR * PPM, terms.rounding))


def _month(entry: AccountEntry) -> int:
    # Of what has neither, December: it earns one month, as money of an unknown day is taken in
    # the yearly run.
    month = entry.interest_month or entry.contribution_month
    return int(month[5:]) if month else 12


def note_account(
    session: Session,
    person_id: int,
    kind: EntryKind,
    facts: dict[str, str],
    amount_fen: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Note in the activity log that money came into an account or left it."""
    record_activity(
        session,
        f"account.{kind.value}",
        actor=actor,
        at=at,
        subject=("account", person_id),
        person_id=person_id,
        facts={**facts, "amount_fen": amount_fen},
    )
