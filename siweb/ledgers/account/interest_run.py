"""The yearly interest of all accounts (劳办发〔1997〕116号), set-based, by stretches of people.

What is posted is the difference between the interest that the entries make and the interest that
is there: running it again changes nothing, a run that was killed is simply run again, and a rate
that is published later settles what was provisional.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from siweb.db.arithmetic import SQL, whole
from siweb.db.next_number import next_number
from siweb.db.types import number_of_month
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.tables.person import Person
from siweb.rules.benefits.account_interest import InterestMethod, InterestTerms
from siweb.rules.numbers.arithmetic import rounded_quotient
from siweb.rules.numbers.rates import PPM
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing

NATIONAL = "CN"
_YEAR = 12
# Two runs at once would credit a year twice; the second one stops at this lock.
_LOCK = 7345
_INTEREST = (EntryKind.INTEREST, EntryKind.PROVISIONAL_INTEREST)
_CLOSING = (EntryKind.TRANSFER_OUT, EntryKind.INHERITANCE)


@dataclass(frozen=True, slots=True)
class InterestRun:
    """Which accounts, which year, by which terms."""

    region_code: str
    year: int
    terms: InterestTerms


def interest_terms(packs: PackSet, region_code: str, year: int, on: date) -> InterestTerms:
    """Return the year's rate as published by a day; the last known one, unsettled, before that.

    :raises ParameterMissing: when neither year has one.
    """
    # The rate is the nation's (人社部发〔2017〕31号): a region without figures has it as well.
    region = region_code if region_code in packs.packs else NATIONAL
    try:
        return packs.parameters(region, f"{year}-12", as_of=on).interest_terms(year)
    except ParameterMissing:
        before = packs.parameters(region, f"{year - 1}-12", as_of=on).interest_terms(year - 1)
        return replace(before, settled=False)


def regions_with_people(session: Session) -> list[str]:
    """Return the regions whose people may have accounts."""
    return list(session.scalars(select(Person.region_code).distinct().order_by("region_code")))


def post_interest(session: Session, run: InterestRun, people: tuple[int, int], on: date) -> int:
    """Post what is missing of a year's interest for person ids in [first, last]; return how many.

    Commit after it: the next stretch does not depend on this one.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two runs at once would both post the same difference.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    rows = interest_rows(run, people).subquery("due")
    settled = run.terms.settled
    missing = rows.c.expected_fen - rows.c.posted_fen
    is_due = missing != 0
    if settled:
        # A settled year says so even where the provisional figure was right.
        has_money = or_(rows.c.expected_fen != 0, rows.c.posted_fen != 0)
        is_due = or_(is_due, and_(rows.c.settled_entries == 0, has_money))
    kind = EntryKind.INTEREST if settled else EntryKind.PROVISIONAL_INTEREST
    entry = AccountEntry
    posted = select(func.count()).where(
        entry.person_id.between(*people), entry.year == run.year, entry.kind == kind
    )
    before = session.scalar(posted) or 0
    session.execute(
        insert(entry).from_select(
            [
                entry.person_id,
                entry.entry_number,
                entry.region_code,
                entry.year,
                entry.kind,
                entry.amount_fen,
                entry.rate_ppm,
                entry.posted_on,
            ],
            select(
                rows.c.person_id,
                next_number(entry.entry_number, {entry.person_id: rows.c.person_id}),
                literal(run.region_code, entry.region_code.type),
                literal(run.year),
                literal(kind, entry.kind.type),
                missing,
                literal(run.terms.rate),
                literal(on, entry.posted_on.type),
            )
            .where(is_due)
            .order_by(rows.c.person_id),
        )
    )
    # The driver does not tell how many rows an INSERT … SELECT added.
    return (session.scalar(posted) or 0) - before


def interest_rows(run: InterestRun, people: tuple[int, int]) -> Select[Any]:
    """Return each account's interest for a year: what it should be and what is posted, in fen.

    `last_money` and `last_interest` tell whether something came after the interest.
    """
    live = _live_entries(run, people)
    entry, year = live.c, run.year
    is_interest = and_(entry.year == year, entry.kind.in_(_INTEREST))
    # All of earlier years counts as there on 1 January, interest too: that is the compound
    # interest of the yearly rule (opening × (1 + rate)).
    is_opening = or_(entry.year < year, and_(entry.year == year, entry.kind == EntryKind.OPENING))
    is_deposit = and_(entry.year == year, entry.kind.not_in((*_INTEREST, EntryKind.OPENING)))
    opening = _total(case((is_opening, entry.amount_fen), else_=0))
    deposits = _total(case((is_deposit, entry.amount_fen), else_=0))
    month = number_of_month(entry.value_month)
    # January counts for twelve months, December for one: the month of value earns as well.
    product = _total(case((is_deposit, entry.amount_fen * (_YEAR + 1 - month)), else_=0))
    return select(
        entry.person_id,
        _expected(run.terms, opening, product, deposits).label("expected_fen"),
        _total(case((is_interest, entry.amount_fen), else_=0)).label("posted_fen"),
        func.sum(case((and_(is_interest, entry.kind == EntryKind.INTEREST), 1), else_=0)).label(
            "settled_entries"
        ),
        func.max(case((is_interest, entry.entry_number))).label("last_interest"),
        func.max(case((~is_interest, entry.entry_number))).label("last_money"),
    ).group_by(entry.person_id)


def _live_entries(run: InterestRun, people: tuple[int, int]) -> Subquery:
    """Return the entries up to the year, without those before an account was closed."""
    entry = AccountEntry
    closed = (
        select(entry.person_id, func.max(entry.entry_number).label("number"))
        .where(entry.kind.in_(_CLOSING), entry.person_id.between(*people))
        .group_by(entry.person_id)
        .subquery("closed")
    )
    return (
        select(
            entry.entry_number,
            entry.person_id,
            entry.year,
            entry.kind,
            entry.amount_fen,
            func.coalesce(
                entry.interest_month,
                entry.contribution_month,
                literal(f"{run.year}-12", entry.interest_month.type),
            ).label("value_month"),
        )
        .join(Person, Person.id == entry.person_id)
        .outerjoin(closed, closed.c.person_id == entry.person_id)
        .where(
            entry.person_id.between(*people),
            Person.region_code == run.region_code,
            entry.year <= run.year,
            # What lies before the account was closed has gone: it must not earn in the person's
            # next account.
            or_(closed.c.number.is_(None), entry.entry_number > closed.c.number),
        )
        .subquery("live")
    )


def _expected(
    terms: InterestTerms,
    opening: ColumnElement[int],
    product: ColumnElement[int],
    deposits: ColumnElement[int],
) -> ColumnElement[int]:
    nothing = literal(0, BigInteger)
    # Below zero nothing is earned, and nothing is charged.
    on_opening = rounded_quotient(SQL.greatest(opening, nothing) * terms.rate, PPM, terms.rounding)
    if terms.method is InterestMethod.YEARLY:
        factor = terms.rate * terms.yearly_factor
        on_deposits = rounded_quotient(
            SQL.greatest(deposits, nothing) * factor, 2 * PPM * PPM, terms.rounding
        )
    else:
        on_deposits = rounded_quotient(
            SQL.greatest(product, nothing) * terms.rate, _YEAR * PPM, terms.rounding
        )
    expected: ColumnElement[int] = on_opening + on_deposits
    return expected


def _total(column: ColumnElement[Any]) -> ColumnElement[int]:
    return whole(func.sum(column))
