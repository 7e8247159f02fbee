"""The individual account over the years: what each began with, what came in, its interest."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from siweb.ledgers.account.year import CREDITS, INTEREST, InterestState, interest_state
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.person_keys import is_of


class AccountGrown(NamedTuple):
    """A year with an entry, in fen; `others` moved between regions, or was paid to heirs."""

    year: int
    opening_fen: int
    credits_fen: int
    interest_fen: int
    others_fen: int
    interest: InterestState
    rate_ppm: int | None

    @property
    def closing_fen(self) -> int:
        """Return what is in it at the end of the year, or by now."""
        return self.opening_fen + self.credits_fen + self.interest_fen + self.others_fen


class AccountYears(NamedTuple):
    """The years with an entry, the oldest first."""

    lines: tuple[AccountGrown, ...]

    @property
    def years(self) -> list[int]:
        """Return the years that have something."""
        return [line.year for line in self.lines]

    @property
    def balance_fen(self) -> int:
        """Return what is in the account."""
        return self.lines[-1].closing_fen if self.lines else 0

    @property
    def interest_fen(self) -> int:
        """Return the interest of all years."""
        return sum(line.interest_fen for line in self.lines)

    @property
    def principal_fen(self) -> int:
        """Return what is in it besides interest."""
        return self.balance_fen - self.interest_fen

    @property
    def growth(self) -> list[tuple[int, int, int]]:
        """Return each year with what is in it without interest, and the interest so far, in fen."""
        grown, interest = [], 0
        for line in self.lines:
            interest += line.interest_fen
            grown.append((line.year, line.closing_fen - interest, interest))
        return grown


_SUMS = (
    select(
        AccountEntry.year,
        AccountEntry.kind,
        func.sum(AccountEntry.amount_fen),
        func.max(AccountEntry.rate_ppm),
    )
    .where(is_of(AccountEntry.person_id, bindparam("person_id")))
    .group_by(AccountEntry.year, AccountEntry.kind)
    .order_by(AccountEntry.year)
)


def load_account_years(session: Session, person_id: int) -> AccountYears:
    """Return every year with an entry in the individual account; one statement."""
    rows = session.execute(_SUMS, {"person_id": person_id})
    lines: list[AccountGrown] = []
    for year, of_year in groupby(rows, lambda row: int(row[0])):
        found = {kind: (int(amount), rate) for _, kind, amount, rate in of_year}
        amounts = {kind: amount for kind, (amount, _) in found.items()}
        rates = [found[kind][1] for kind in INTEREST if kind in found and found[kind][1]]
        before = lines[-1].closing_fen if lines else 0
        # What an earlier system brought did not come in during the year: the year begins with it.
        opening = before + amounts.pop(EntryKind.OPENING, 0)
        lines.append(
            AccountGrown(
                year,
                opening,
                _sum(amounts, CREDITS),
                _sum(amounts, INTEREST),
                _sum(amounts, set(EntryKind) - {*CREDITS, *INTEREST}),
                interest_state(set(amounts)),
                rates[0] if rates else None,
            )
        )
    return AccountYears(tuple(lines))


def _sum(amounts: Mapping[EntryKind, int], kinds: Iterable[EntryKind]) -> int:
    return sum(amounts.get(kind, 0) for kind in kinds)
