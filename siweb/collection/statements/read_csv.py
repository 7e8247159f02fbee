"""Read a bank's CSV statement by the mapping that is kept for the bank."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, NamedTuple, Self

from siweb.collection.payments.record import Received, entry_key
from siweb.rules.numbers.money import fen_from_yuan

ENCODINGS = ("utf-8-sig", "gb18030")
_LONGEST_FIELD = 4096


class StatementRefused(ValueError):
    """When a statement cannot be read; `code` and `line` say what is wrong and where."""

    def __init__(self, code: str, line: int = 0, column: str = "") -> None:
        super().__init__(f"{code} at line {line} {column}".strip())
        self.code = code
        self.line = line
        self.column = column


class _Facts(NamedTuple):
    """What a line says, in the order of `Received`."""

    amount: int
    on: date
    payer_name: str
    payer_account: str
    remittance: str


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """How a bank writes: the headings of its columns and the shapes of its days and amounts.

    Money that came in stands in `credit`, or in `amount` where a `direction` column holds one of
    `credit_words`, or where it simply has no minus. `entry_id` is the bank's own number, if any.
    `extra` are further words of the remittance, read where a file has columns for them.
    """

    day: str
    credit: str = ""
    amount: str = ""
    direction: str = ""
    credit_words: tuple[str, ...] = ()
    payer_name: str = ""
    payer_account: str = ""
    remittance: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    entry_id: str = ""
    day_shape: str = "%Y-%m-%d"
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    skipped_lines: int = 0

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the mapping that was kept for a bank."""
        given = dict(kept)
        for name in ("credit_words", "remittance", "extra"):
            given[name] = tuple(given.get(name, ()))
        return cls(**given)

    def to_json(self) -> dict[str, Any]:
        """Return what is kept."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


def read_csv(
    source: BinaryIO, bank: str, mapping: CsvMapping, *, of_receipts: bool = False
) -> Iterator[Received | None]:
    """Yield one entry a line: what came in, or None for what went out and for empty lines.

    A bank without numbers of its own is read by what its lines say; two equal lines of one day are
    two entries, and the same line in a second file is the same entry. With `of_receipts` a number
    may stand over several lines, as that of a receipt does over a bill's insurances.

    :raises StatementRefused: with the line that cannot be read.
    """
    if mapping.encoding not in ENCODINGS:
        raise StatementRefused("encoding")
    text = io.TextIOWrapper(source, mapping.encoding, newline="")
    try:
        yield from _rows(text, bank, mapping, of_receipts)
    except UnicodeDecodeError:
        raise StatementRefused("encoding") from None
    except csv.Error:
        raise StatementRefused("not_csv") from None
    finally:
        text.detach()


def _rows(
    text: io.TextIOWrapper, bank: str, mapping: CsvMapping, of_receipts: bool
) -> Iterator[Received | None]:
    for _ in range(mapping.skipped_lines):
        text.readline()
    reader = csv.reader(text, delimiter=mapping.delimiter)
    headings = [_clean(heading) for heading in next(reader, [])]
    missing = [name for name in _columns(mapping) if name not in headings]
    if missing:
        raise StatementRefused("column_missing", mapping.skipped_lines + 1, missing[0])
    seen: Counter[tuple[str, ...]] = Counter()
    for number, cells in enumerate(reader, mapping.skipped_lines + 2):
        row = dict(zip(headings, (_clean(cell) for cell in cells), strict=False))
        if not any(row.values()):
            yield None
            continue
        facts = _facts(row, mapping, number)
        yield None if facts is None else _entry(facts, row, bank, mapping, seen, of_receipts)


def _facts(row: dict[str, str], mapping: CsvMapping, line: int) -> _Facts | None:
    """Return what a line says, or None when nothing came in."""
    amount = _amount_in(row, mapping, line)
    if amount <= 0:
        return None
    payer_name, payer_account = row.get(mapping.payer_name, ""), row.get(mapping.payer_account, "")
    words = (row.get(name, "") for name in (*mapping.remittance, *mapping.extra))
    on = _day(row.get(mapping.day, ""), mapping, line)
    return _Facts(amount, on, payer_name, payer_account, " ".join(filter(None, words)))


def _entry(
    facts: _Facts,
    row: dict[str, str],
    bank: str,
    mapping: CsvMapping,
    seen: Counter[tuple[str, ...]],
    of_receipts: bool,
) -> Received:
    own = row.get(mapping.entry_id, "") if mapping.entry_id else ""
    if own and not of_receipts:
        return Received(entry_key(bank, own), *facts)
    # Not by the amount under a receipt: the line that comes again with another is the same line.
    sole = (own, facts.remittance) if own else (facts.on.isoformat(), str(facts.amount), *facts[2:])
    seen[sole] += 1
    return Received(entry_key(bank, *sole, seen[sole]), *facts)


def _amount_in(row: dict[str, str], mapping: CsvMapping, line: int) -> int:
    column = mapping.credit or mapping.amount
    text = row.get(column, "").lstrip("￥¥").removeprefix("+").strip()
    if not text and mapping.credit:
        return 0
    try:
        amount = fen_from_yuan(text, negative=True)
    except ValueError:
        raise StatementRefused("amount", line, column) from None
    if mapping.direction and row.get(mapping.direction, "") not in mapping.credit_words:
        return 0
    return amount


def _day(text: str, mapping: CsvMapping, line: int) -> date:
    try:
        return datetime.strptime(text, mapping.day_shape).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise StatementRefused("day", line, mapping.day) from None


def _columns(mapping: CsvMapping) -> list[str]:
    named = (
        mapping.day,
        mapping.credit or mapping.amount,
        mapping.direction,
        mapping.payer_name,
        mapping.payer_account,
        *mapping.remittance,
        mapping.entry_id,
    )
    return [name for name in named if name]


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell[:_LONGEST_FIELD]).strip().removeprefix("'")
