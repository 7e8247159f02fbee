"""Claim entries that have no number of the bank: which of equal ones are new, and which were here.

How many of an entry's kind are claimed already is known; which statements have them, and whether
those are apart from this one, says how many of this statement's are the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from siweb.collection.statements.claims.compare_statements import Comparison, Place, Relation
from siweb.collection.statements.claims.identify import Identified
from siweb.collection.statements.reading.entry import digest
from siweb.collection.tables.bank_account import EntryClaim

_Kind = tuple[str, str]
# More than any statement has of a kind.
_ALL = 1 << 62


class _Claim(NamedTuple):
    identity: str
    place: Place


@dataclass(slots=True)
class Unnumbered:
    """What is claimed by which identity; about what a person is asked; who had the rest."""

    claimed: dict[int, str] = field(default_factory=dict)
    # The other statement that may have the same entry, by the number of the entry.
    asked: dict[int, int] = field(default_factory=dict)
    earlier: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Standing:
    """How many of a kind other statements have for sure, may have, and this one has already."""

    shared: int = 0
    possible: int = 0
    own: int = 0
    earlier: set[int] = field(default_factory=set)


class Decision:
    """Decides about the unnumbered entries of one piece, in the order of the file."""

    def __init__(self, session: Session, statement_id: int, *, is_again: bool) -> None:
        self._session, self._statement_id, self._is_again = session, statement_id, is_again
        self._claimed: dict[_Kind, list[_Claim]] = defaultdict(list)
        self._standings: dict[tuple[str, str, int], _Standing] = {}
        self._comparisons: dict[tuple[str, int], Comparison] = {}

    def decide(self, entries: Sequence[Identified]) -> Unnumbered:
        """Return what becomes of the entries; the account is locked until the commit."""
        self._find(entries)
        result = Unnumbered()
        for item in entries:
            standing = self._standing(item)
            among = item.copy - standing.shared
            if among <= standing.own:
                result.earlier |= standing.earlier
            elif among > standing.possible:
                result.claimed[item.entry.number] = self._take(item)
            # Read again, it was asked about the first time: it is not asked twice.
            elif not self._is_again:
                result.claimed[item.entry.number] = self._take(item)
                result.asked[item.entry.number] = max(standing.earlier)
                result.earlier |= standing.earlier
        return result

    def _find(self, entries: Sequence[Identified]) -> None:
        kinds = {item.identity: item.facts for item in entries}
        rows = self._session.execute(
            select(
                EntryClaim.account,
                EntryClaim.reference,
                EntryClaim.identity,
                EntryClaim.statement_id,
                EntryClaim.part,
            ).where(
                EntryClaim.account.in_(sorted({item.account for item in entries})),
                or_(
                    EntryClaim.reference.in_(sorted(set(kinds.values()))),
                    EntryClaim.identity.in_(sorted(kinds)),
                ),
            )
        )
        for account, facts, identity, statement_id, part in rows:
            kind = account, facts or kinds[identity]
            self._claimed[kind].append(_Claim(identity, (statement_id, part)))

    def _standing(self, item: Identified) -> _Standing:
        key = item.account, item.facts, item.entry.statement
        if key not in self._standings:
            self._standings[key] = self._found_standing(item)
        return self._standings[key]

    def _found_standing(self, item: Identified) -> _Standing:
        here, standing = (self._statement_id, item.entry.statement), _Standing()
        claimed = self._claimed[item.account, item.facts]
        others = [claim for claim in claimed if claim.place != here]
        standing.own = len(claimed) - len(others)
        if not others:
            return standing
        where = item.account, item.entry.statement
        if where not in self._comparisons:
            self._comparisons[where] = Comparison(self._session, item.account, here)
        comparison = self._comparisons[where]
        for claim in others:
            relation = comparison.relation(claim.place, item.day, item.signed_fen)
            standing.shared += relation is Relation.OVERLAP
            standing.possible += relation is Relation.UNKNOWN
            if relation is not Relation.APART:
                standing.earlier.add(claim.place[0])
        if comparison.is_within_another(item.day, item.facts, item.signed_fen):
            standing.shared = _ALL
            standing.earlier |= {claim.place[0] for claim in others}
        # Another part of this very file is no other statement.
        standing.earlier.discard(self._statement_id)
        return standing

    def _take(self, item: Identified) -> str:
        claimed = self._claimed[item.account, item.facts]
        existing, number = {claim.identity for claim in claimed}, 1
        while (identity := digest(item.facts, number)) in existing:
            number += 1
        claimed.append(_Claim(identity, (self._statement_id, item.entry.statement)))
        return identity
