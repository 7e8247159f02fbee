"""What makes an entry one of its kind, so that it counts once however many statements carry it.

The bank's reference with day and amount; where the bank gives none, everything that it states, and
which of the equal entries of the statement it is. An equal entry under a real reference is the
second of its statement, and a question unless balances prove it.
"""

from collections import Counter
from dataclasses import dataclass

from siweb.collection.statements.claims.statement_days import day_of, facts_of, unread_text
from siweb.collection.statements.reading.entry import Direction, Entry, digest


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry with what it is claimed by; `copy` is 1 for the first of equal ones."""

    entry: Entry
    account: str
    identity: str
    reference: str
    facts: str
    copy: int = 1

    @property
    def is_repeated(self) -> bool:
        """Return whether the same real reference stood in the statement with the same facts."""
        return bool(self.reference) and self.copy > 1

    @property
    def day(self) -> str:
        """Return the day of the entry; nothing where it has none."""
        return day_of(self.entry)

    @property
    def signed_fen(self) -> int:
        """Return what the entry brings, below zero where the bank took it back."""
        fen = self.entry.amount_fen or 0
        return -fen if self.entry.direction is Direction.RETURNED else fen


class Identifier:
    """Gives entries their identity; one for a file, read from its beginning."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._seen: Counter[str] = Counter()

    def identify(self, entry: Entry) -> Identified:
        """Return an entry with its identity in its account."""
        account, facts = entry.account or self._account, facts_of(entry)
        if entry.is_receipt and entry.reference:
            # One receipt is over several insurances: its number, what it is for, and which line.
            reference = digest(facts, self._next(facts))
            side, fen, on = entry.direction.value, entry.amount_fen, entry.entry_on
            identity = digest(reference, side, on, fen, unread_text(entry))
            return Identified(entry, account, identity, reference, facts)
        # Counted by statement: two statements of one file may overlap.
        if entry.reference:
            copy = self._next(entry.statement, facts)
            reference = digest("reference", entry.reference)
            return Identified(entry, account, digest(facts, copy), reference, facts, copy)
        copy = self._next(account, entry.statement, facts)
        return Identified(entry, account, digest(facts, copy), "", facts, copy)

    def _next(self, *where: object) -> int:
        key = digest(*where)
        self._seen[key] += 1
        return self._seen[key]
