"""Keep what a statement's entries are, day by day, where some of them have no number of the bank.

Two statements are compared by it: what both have, what their balances and periods say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from siweb.collection.statements.reading.control import Stated
from siweb.collection.statements.reading.entry import Direction, Entry, digest
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.statement_part import StatementDay, StatementPart

_SHORT = 16


def facts_of(entry: Entry) -> str:
    """Return what stands for everything that makes an entry one of its kind."""
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

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield the entries as they come."""
        for entry in entries:
            if entry.direction is not Direction.NO_ENTRY:
                self._parts.setdefault(entry.statement, _Part()).add(entry)
            yield entry

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
