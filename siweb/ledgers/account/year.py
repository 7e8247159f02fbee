"""A year of a person's individual account (个人账户): what was in it, came in and is in it now."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.person_keys import is_of


class InterestState(StrEnum):
    """The year's rate is published in the middle of the next year (人社部发〔2017〕31号)."""

    NONE = "none"
    PROVISIONAL = "provisional"
    SETTLED = "settled"


class AccountLine(NamedTuple):
    """One entry of the year in fen."""

    posted_on: date
    kind: EntryKind
    contribution_month: str | None
    amount_fen: int
    rate_ppm: int | None


@dataclass(frozen=True, slots=True)
class AccountYear:
    """The account over one calendar year, in fen; `rate_ppm` is the rate of its interest."""

    person_id: int
    year: int
    opening_fen: int
    credits_fen: int
    interest_fen: int
    transfers_fen: int
    interest: InterestState
    rate_ppm: int | None
    lines: tuple[AccountLine, ...]

    @property
    def closing_fen(self) -> int:
        """Return the balance at the end of the year, or today's while the year runs."""
        return self.opening_fen + self.credits_fen + self.interest_fen + self.transfers_fen


_BEFORE = select(func.coalesce(func.sum(AccountEntry.amount_fen), 0)).where(
    is_of(AccountEntry.person_id, bindparam("person_id")),
    or_(
        AccountEntry.year < bindparam("year"),
        # What an older system handed over counts as there when its year began.
        (AccountEntry.year == bindparam("year")) & (AccountEntry.kind == EntryKind.OPENING),
    ),
)
_LINES = (
    select(
        AccountEntry.posted_on,
        AccountEntry.kind,
        AccountEntry.contribution_month,
        AccountEntry.amount_fen,
        AccountEntry.rate_ppm,
    )
    .where(
        is_of(AccountEntry.person_id, bindparam("person_id")),
        AccountEntry.year == bindparam("year"),
        AccountEntry.kind != EntryKind.OPENING,
    )
    .order_by(AccountEntry.posted_on, AccountEntry.person_id, AccountEntry.entry_number)
)
INTEREST = (EntryKind.INTEREST, EntryKind.PROVISIONAL_INTEREST)
CREDITS = (EntryKind.CREDIT, EntryKind.REVERSAL)


def load_account(session: Session, person_id: int, year: int) -> AccountYear:
    """Return the account of a calendar year; two statements.

    The opening balance is the sum of everything posted for earlier years: an entry is never
    repeated, so the sum of all entries is the balance (see `siweb check`).
    """
    key = {"person_id": person_id, "year": year}
    opening = int(session.execute(_BEFORE, key).scalar_one())
    lines = tuple(AccountLine(*row) for row in session.execute(_LINES, key))
    kinds = {line.kind for line in lines}
    rates = [line.rate_ppm for line in lines if line.kind in INTEREST and line.rate_ppm]
    return AccountYear(
        person_id,
        year,
        opening,
        sum(line.amount_fen for line in lines if line.kind in CREDITS),
        sum(line.amount_fen for line in lines if line.kind in INTEREST),
        sum(line.amount_fen for line in lines if line.kind not in INTEREST + CREDITS),
        interest_state(kinds),
        # The last one settled the year: a provisional rate before it is history.
        rates[-1] if rates else None,
        lines,
    )


def interest_state(kinds: set[EntryKind]) -> InterestState:
    """Return how far a year's interest is, from the kinds of its entries."""
    if EntryKind.INTEREST in kinds:
        return InterestState.SETTLED
    if EntryKind.PROVISIONAL_INTEREST in kinds:
        return InterestState.PROVISIONAL
    return InterestState.NONE
