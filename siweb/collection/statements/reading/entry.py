"""One entry of a bank statement as the bank states it; what is said of one that cannot be read."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from siweb.collection.tables.held_entry import HeldReason
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.typed_text import unicode_form

# What banks write where they have no number: no identity of an entry.
_FILLERS = frozenset(
    {
        "NONREF", "NOREF", "NOREFERENCE", "NOTPROVIDED", "NOTAVAILABLE", "NONE", "NULL", "NIL",
        "NA", "UNKNOWN", "无", "空", "暂无", "未知", "没有",
    }
)  # fmt: skip
_SHORTEST_RUN = 4
# Nothing was collected under the Social Insurance Law before it was in force.
EARLIEST = date(2011, 7, 1)


class Direction(StrEnum):
    CREDIT = "credit"
    DEBIT = "debit"
    # Money that the bank took back: a debit with a reversal mark, a negative line of income.
    RETURNED = "returned"
    # Not booked by the bank yet, or no entry at all.
    PENDING = "pending"
    NO_ENTRY = "no_entry"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an entry cannot be booked by itself: the reason, the field, and what stands there."""

    reason: HeldReason
    field: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who paid and what for, as the bank states it."""

    name: str = ""
    account: str = ""
    remittance: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One detail of an entry; the parts of an entry add up to it."""

    amount_fen: int
    payer: Payer
    end_to_end: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `number` is its line in a table, its place among the entries of an XML file.

    `amount_fen` is never negative, the direction says which way the money went; None where it
    cannot be read. `statement` counts the statements of a file.
    """

    number: int
    direction: Direction
    amount_fen: int | None = None
    entry_on: date | None = None
    # Where the day stands, in the file's own words: an element or a column.
    day_field: str = ""
    reference: str = ""
    payer: Payer = Payer()
    end_to_end: str = ""
    account: str = ""
    statement: int = 0
    parts: tuple[Part, ...] = ()
    problem: Problem | None = None
    # For the control totals, also of an entry that is not booked: fen, with a minus when it left.
    signed_fen: int | None = None
    # A number that may stand over several lines, as that of a tax receipt does.
    is_receipt: bool = False

    @property
    def is_claimed(self) -> bool:
        """Return whether the entry counts once, however many statements carry it."""
        return self.direction in {Direction.CREDIT, Direction.RETURNED}


def with_valid_day(entry: Entry, today: date) -> Entry:
    """Return the entry; one with a day that cannot be is named, unless worse was found before."""
    on = entry.entry_on
    if entry.problem is not None or on is None or not entry.is_claimed:
        return entry
    if EARLIEST <= on <= today:
        return entry
    reason = HeldReason.DAY_FUTURE if on > today else HeldReason.DAY_TOO_OLD
    return replace(entry, problem=Problem(reason, entry.day_field, on.isoformat()))


def real_reference(text: str) -> str:
    """Return a bank's reference, or nothing where a filler stands in its place."""
    if not text:
        return ""
    plain = unicode_form("NFKC", text).strip()
    core = re.sub(r"[\W_]+", "", plain).upper()
    is_run = len(core) >= _SHORTEST_RUN and len(set(core)) == 1
    if not core.strip("0") or core in _FILLERS or is_run:
        return ""
    return plain


def plain_account(number: str) -> str:
    """Return an account's number in its one form: without spaces and hyphens, in capitals."""
    folded = unicode_form("NFKC", number)
    return re.sub(r"[\s\-]", "", folded).upper()[:40]


def digest(*facts: object) -> str:
    """Return what stands for facts in a key."""
    joined = "\x1f".join(str(fact) for fact in facts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


class StatementRefused(Refusal):
    """When a statement cannot be read or is not this office's.

    `line` counts from 1, 0 where the whole file is meant; `column` is the heading, `text` what
    stands there.
    """

    def __init__(self, code: str, line: int = 0, column: str = "", text: str = "") -> None:
        super().__init__(code, line=line, column=column, text=text[:80])
        self.line = line
        self.column = column
        self.text = text[:80]

    def __str__(self) -> str:
        """Return code and place, for a log."""
        return f"{self.code} at line {self.line} {self.column}".strip()
