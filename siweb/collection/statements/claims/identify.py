"""What makes an entry one of its kind, so that it counts once however many statements carry it.

The bank's reference with day and amount; where the bank gives none, everything that it states, and
which of the equal entries of the statement it is. An equal entry under a real reference is the
second of its statement, and a question unless balances prove it.

Of statements with entries without a number all entries are kept, day by day: two statements are
compared by what both have, and what their balances and periods say.
"""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from siweb.collection.statements.reading.control import Stated
from siweb.collection.statements.reading.entry import Direction, Entry, digest
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.statement_part import StatementDay, StatementPart

# 64 bits of the hash: enough to tell the entries of a day apart, and a year of them stays small.
_SHORT = 16


def facts_of(entry: Entry) -> str:
    """Return what stands for everything that makes an entry one of its kind."""
    # The number alone is no identity: banks begin again with 1 in each branch, or each day.
    side, fen, on = entry.direction.value, entry.amount_fen, entry.entry_on
    wrong = unread_text(entry)
    if entry.is_receipt and entry.reference:
        # One receipt is over several insurances: its number, and what it is for.
        return digest("receipt", entry.reference, entry.payer.remittance)
    if entry.reference:
        return digest(digest("reference", entry.reference), side, on, fen, wrong)
    parts = tuple((part.amount_fen, part.payer, part.end_to_end) for part in entry.parts)
    return digest("content", side, on, fen, entry.payer, entry.end_to_end, parts, wrong)


def unread_text(entry: Entry) -> str:
    """Return what stands where an amount or a day cannot be read; a day to come is a day."""
    is_unread = entry.amount_fen is None or entry.entry_on is None
    return entry.problem.text if entry.problem is not None and is_unread else ""


def day_of(entry: Entry) -> str:
    """Return the day under which an entry is kept; nothing where it has none."""
    return "" if entry.entry_on is None else entry.entry_on.isoformat()


def in_short(facts: str) -> str:
    """Return what stands for an entry in the list of its day."""
    return facts[:_SHORT]


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


@dataclass(slots=True)
class _Part:
    net_fen: int = 0
    has_unnumbered: bool = False
    days: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        if entry.direction is Direction.PENDING:
            return
        fen = entry.signed_fen or 0
        self.net_fen += fen
        self.has_unnumbered |= entry.is_claimed and not entry.reference
        of_day = self.days.setdefault((entry.account, day_of(entry)), [])
        of_day.append(f"{in_short(facts_of(entry))}:{fen}")


class StatementDays:
    """Sees every entry of a file on the first way through it."""

    def __init__(self) -> None:
        self._parts: dict[int, _Part] = {}

    def add(self, entry: Entry) -> None:
        """See the next entry."""
        if entry.direction is not Direction.NO_ENTRY:
            self._parts.setdefault(entry.statement, _Part()).add(entry)

    def keep(
        self, session: Session, statement: BankStatement, account: str, stated: list[Stated]
    ) -> None:
        """Keep the parts that have entries without a number, in the place of what was kept."""
        for table in (StatementDay, StatementPart):
            session.execute(delete(table).where(table.statement_id == statement.id))
        parts = {number: part for number, part in self._parts.items() if part.has_unnumbered}
        days = []
        for number, part in parts.items():
            of_file = stated[number] if number < len(stated) else Stated()
            around = of_file.balances(part.net_fen) or (None, None)
            since, until = of_file.period or (None, None)
            session.add(
                StatementPart(
                    statement_id=statement.id,
                    part=number,
                    period_from=since,
                    period_until=until,
                    opening_fen=around[0],
                    closing_fen=around[1],
                )
            )
            days += [
                {
                    "statement_id": statement.id,
                    "part": number,
                    "account": named or account,
                    "entry_on": on,
                    "entries": " ".join(entries),
                }
                for (named, on), entries in part.days.items()
            ]
        session.flush()
        if days:
            session.execute(insert(StatementDay), days)
