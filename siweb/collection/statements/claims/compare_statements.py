"""Tell whether two statements of an account have the same entry, or each one of its own.

Asked of entries without a number of the bank. Balances and periods prove statements apart; where
the one's entries of the day contain the other's they overlap; otherwise a person is asked.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.statements.claims.identify import in_short
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.statement_part import StatementDay, StatementPart

Place = tuple[int, int]
"""A statement and which of its file's parts."""
_Listed = Counter[str]


class Relation(StrEnum):
    APART = "apart"
    OVERLAP = "overlap"
    UNKNOWN = "unknown"


class _Day(NamedTuple):
    entries: _Listed
    is_imported: bool


class Comparison:
    """Compares one part with those that have entries of the same account; one for a piece."""

    def __init__(self, session: Session, account: str, place: Place) -> None:
        self._session, self._account, self._place = session, account, place
        self._days: dict[str, dict[Place, _Day]] = {}
        self._whole: dict[Place, _Listed] = {}

    def relation(self, other: Place, on: str, fen: int) -> Relation:
        """Return how another part stands to this one, by an entry of a day and of signed fen."""
        days = self._of_day(on)
        if self._place not in days or other not in days:
            # Imported before the days were kept: an equal entry counted once.
            return Relation.OVERLAP
        if self._are_apart(other, fen):
            return Relation.APART
        mine, theirs = days[self._place].entries, days[other].entries
        is_contained = mine <= theirs or theirs <= mine
        return Relation.OVERLAP if is_contained else Relation.UNKNOWN

    def is_within_another(self, on: str, facts: str, fen: int) -> bool:
        """Tell whether an imported statement has all of the day's entries, and is not apart."""
        days, short = self._of_day(on), in_short(facts)
        mine = days.get(self._place)
        return mine is not None and any(
            day.is_imported
            and any(listed.startswith(short) for listed in day.entries)
            and mine.entries <= day.entries
            and not self._are_apart(other, fen)
            for other, day in days.items()
            if other[0] != self._place[0]
        )

    def _of_day(self, on: str) -> dict[Place, _Day]:
        if on not in self._days:
            rows = self._session.execute(
                select(
                    StatementDay.statement_id,
                    StatementDay.part,
                    StatementDay.entries,
                    BankStatement.finished_at,
                )
                .join(BankStatement, BankStatement.id == StatementDay.statement_id)
                .where(
                    StatementDay.account == self._account,
                    StatementDay.entry_on == on,
                    BankStatement.withdrawn_at.is_(None),
                )
            )
            self._days[on] = {
                (statement_id, part): _Day(Counter(entries.split(" ")), finished_at is not None)
                for statement_id, part, entries, finished_at in rows
            }
        return self._days[on]

    def _are_apart(self, other: Place, fen: int) -> bool:
        mine, theirs = (self._part(place) for place in (self._place, other))
        if mine is None or theirs is None:
            return False
        return _periods_are_apart(mine, theirs) or self._balances_are_apart(mine, theirs, fen)

    def _part(self, place: Place) -> StatementPart | None:
        return self._session.get(StatementPart, place)

    def _balances_are_apart(self, mine: StatementPart, theirs: StatementPart, fen: int) -> bool:
        """Tell whether no way to share an entry of `fen` leaves both statements' balances right.

        Two stretches of one account share nothing, or the end of the one is the beginning of the
        other, or the one is within the other.
        """
        pair = (mine, theirs)
        if any(part.opening_fen is None or part.closing_fen is None for part in pair):
            return False
        # Beginning or ending alike they may well be of one time: balances prove nothing then.
        if mine.opening_fen == theirs.opening_fen or mine.closing_fen == theirs.closing_fen:
            return False
        here, there = (self._listed((part.statement_id, part.part)) for part in pair)
        shared = here & there
        least, most = _sums(shared)
        # The entry itself is among those they would share: what they share comes to at least it.
        least, most = (least + fen, most) if fen > 0 else (least, most + fen)
        return not any(
            (
                least <= _gap(mine.closing_fen, theirs.opening_fen) <= most,
                least <= _gap(theirs.closing_fen, mine.opening_fen) <= most,
                here <= there and _is_between(mine, theirs, there - here),
                there <= here and _is_between(theirs, mine, here - there),
            )
        )

    def _listed(self, place: Place) -> _Listed:
        """Return all entries of a part, of all its days."""
        if place not in self._whole:
            rows = self._session.scalars(
                select(StatementDay.entries).where(
                    StatementDay.statement_id == place[0],
                    StatementDay.part == place[1],
                    StatementDay.account == self._account,
                )
            )
            self._whole[place] = Counter(entry for row in rows for entry in row.split(" "))
        return self._whole[place]


def _periods_are_apart(mine: StatementPart, theirs: StatementPart) -> bool:
    return any(
        first.period_until is not None
        and second.period_from is not None
        # Equal is apart: a period ends just before its second moment.
        and first.period_until <= second.period_from
        for first, second in ((mine, theirs), (theirs, mine))
    )


def _is_between(inner: StatementPart, outer: StatementPart, around: _Listed) -> bool:
    """Tell whether one statement can stand within another, by the balances before both."""
    least, most = _sums(around)
    return least <= _gap(inner.opening_fen, outer.opening_fen) <= most


def _gap(later: int | None, earlier: int | None) -> int:
    return (later or 0) - (earlier or 0)


def _sums(entries: _Listed) -> tuple[int, int]:
    """Return what any of these entries add up to at least and at most, in fen."""
    fens = list(_fens(entries))
    return sum(fen for fen in fens if fen < 0), sum(fen for fen in fens if fen > 0)


def _fens(entries: _Listed) -> Iterator[int]:
    for entry, times in entries.items():
        yield int(entry.rpartition(":")[2]) * times
