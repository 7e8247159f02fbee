"""Control totals: what a statement states of itself, held against the entries that stand in it.

A statement that lost a line, or carries one twice, shows it here and nowhere else. Where the
balances fit, every entry of it is proved to be there, also one that looks like a second copy.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from siweb.collection.statements.reading.entry import Direction, Entry

_MOST_NAMED = 10


@dataclass(slots=True)
class Stated:
    """What one statement of a file states; amounts in fen, None where it is silent."""

    account: str = ""
    opening_fen: int | None = None
    closing_fen: int | None = None
    count: int | None = None
    sum_fen: int | None = None
    credit_count: int | None = None
    credit_fen: int | None = None
    debit_count: int | None = None
    debit_fen: int | None = None
    net_fen: int | None = None
    # Balances after each line, where a table has them: first, its amount, last, its amount.
    running: list[int] = field(default_factory=list)
    # From a moment on, until just before another; see reading.period.
    period: tuple[datetime, datetime] | None = None
    # What stands in the place of a balance or a total and is none.
    unread: list[str] = field(default_factory=list)

    def balances(self, net: int) -> tuple[int, int] | None:
        """Return the balances before and after its entries of a net sum, in fen, where they fit."""
        if self.opening_fen is not None and self.closing_fen is not None:
            around = self.opening_fen, self.closing_fen
            return around if self.opening_fen + net == self.closing_fen else None
        if not self.running:
            return None
        first, first_amount, last, last_amount = self.running
        # The oldest line first, or the newest.
        for begins, ends in ((first - first_amount, last), (last - last_amount, first)):
            if begins + net == ends:
                return begins, ends
        return None

    @property
    def has_control(self) -> bool:
        """Return whether anything is stated that entries can be held against."""
        of_debits = (self.debit_count, self.debit_fen)
        is_stated = any(number is not None for number in of_debits)
        return self.proves_credits or is_stated or bool(self.unread)

    @property
    def proves_credits(self) -> bool:
        """Return whether a credit too many or too few would show; totals of debits say nothing."""
        numbers = (self.count, self.sum_fen, self.credit_count, self.credit_fen, self.net_fen)
        has_balances = None not in (self.opening_fen, self.closing_fen) or bool(self.running)
        return has_balances or any(number is not None for number in numbers)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not fit; `stated` and `found` are fen, or counts of entries.

    What cannot be read is in `text`, as it stands there.
    """

    what: str
    stated: int
    found: int
    account: str = ""
    text: str = ""

    @property
    def is_count(self) -> bool:
        """Return whether it is about how many entries there are."""
        return self.what.endswith("count")


@dataclass(slots=True)
class Control:
    """What was found on the first way through a file, kept with the statement."""

    entries: int = 0
    accounts: list[str] = field(default_factory=list)
    has_control: bool = False
    proves_credits: bool = False
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_proved(self) -> bool:
        """Return whether control totals of the credits are there and fit."""
        return self.proves_credits and not self.differences

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return what is kept."""
        differences = [Difference(**difference) for difference in kept["differences"]]
        return cls(**{**kept, "differences": differences})

    def to_json(self) -> dict[str, Any]:
        """Return what is kept."""
        return asdict(self)


@dataclass(slots=True)
class _Sums:
    """Counts and sums of one statement; with and without what the bank has not booked yet."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        fen, suffix = (
            entry.signed_fen or 0,
            "_pending" if entry.direction is Direction.PENDING else "",
        )
        side = "debit" if fen < 0 or entry.direction is Direction.DEBIT else "credit"
        for name, number in (
            ("count", 1), ("sum_fen", abs(fen)), ("net_fen", fen), (f"{side}_count", 1),
            (f"{side}_fen", abs(fen)),
        ):  # fmt: skip
            self.counts[name + suffix] += number

    def values(self, name: str) -> tuple[int, int]:
        """Return a number without and with pending entries: banks count either way."""
        booked = self.counts[name]
        return booked, booked + self.counts[f"{name}_pending"]


class Found:
    """Sees every entry of a file on the first way through it."""

    def __init__(self) -> None:
        self._entries = 0
        self._accounts: dict[str, None] = {}
        self._sums: dict[int, _Sums] = {}

    def add(self, entry: Entry) -> None:
        """See the next entry."""
        self._entries += 1
        if entry.account:
            self._accounts.setdefault(entry.account)
        if entry.direction is not Direction.NO_ENTRY:
            self._sums.setdefault(entry.statement, _Sums()).add(entry)

    def control(self, stated: list[Stated]) -> Control:
        """Return the control of the file, held against what it states of itself."""
        named = [statement.account for statement in stated if statement.account]
        is_unnamed = not self._accounts or len(named) < len(stated)
        accounts = [*(self._accounts | dict.fromkeys(named)), *([""] if is_unnamed else [])]
        differences: list[Difference] = []
        for place, statement in enumerate(stated):
            differences += _differences(statement, self._sums.get(place, _Sums()))
        return Control(
            self._entries,
            accounts,
            # One statement without totals leaves a file of several unproved.
            bool(stated) and all(statement.has_control for statement in stated),
            bool(stated) and all(statement.proves_credits for statement in stated),
            differences,
        )


def _differences(stated: Stated, found: _Sums) -> list[Difference]:
    differences = [
        Difference("unread", 0, 0, stated.account, text[:80])
        for text in stated.unread[:_MOST_NAMED]
    ]
    net = found.values("net_fen")[0]
    if stated.opening_fen is not None and stated.closing_fen is not None:
        expected = stated.opening_fen + net
        if expected != stated.closing_fen:
            differences.append(
                Difference("closing_balance", stated.closing_fen, expected, stated.account)
            )
    if stated.running and not _running_fits(stated.running, net):
        first, first_amount, last, _last_amount = stated.running
        # A line has the balance behind it: before the first it was without its amount.
        expected = first - first_amount + net
        differences.append(Difference("running_balance", last, expected, stated.account))
    for name in (
        "count", "sum_fen", "credit_count", "credit_fen", "debit_count", "debit_fen", "net_fen",
    ):  # fmt: skip
        value, there = getattr(stated, name), found.values(name)
        if value is not None and value not in there:
            differences.append(Difference(name, value, there[0], stated.account))
    return differences


def _running_fits(running: list[int], net: int) -> bool:
    """Tell whether the balances of a table fit its lines, the oldest first or the newest first."""
    first, first_amount, last, last_amount = running
    return last - (first - first_amount) == net or first - (last - last_amount) == net
