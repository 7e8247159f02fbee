"""Read a bank's table, CSV or sheet, by the mapping that is kept for the bank.

What is wrong with one line is named with it: the others are read. Lines around the list
give the control totals.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice

from siweb.collection.statements.reading.aside import (
    is_carried,
    read_account,
    read_around,
    read_total,
)
from siweb.collection.statements.reading.camt_entry import RETURN_WORDS, office_date
from siweb.collection.statements.reading.control import Stated
from siweb.collection.statements.reading.csv_mapping import (
    Columns,
    CsvMapping,
    columns_of,
    missing_headings,
)
from siweb.collection.statements.reading.entry import (
    Direction,
    Entry,
    Payer,
    Problem,
    StatementRefused,
    plain_account,
    real_reference,
)
from siweb.collection.statements.reading.period import period_in
from siweb.collection.tables.held_entry import HeldReason
from siweb.rules.identifiers.typed_text import normalise_text, unicode_form
from siweb.rules.numbers.money import AmountRefused, fen_from_yuan

Line = tuple[int, list[str]]
# Banks print name, account and period above the headings; below this nobody begins a table.
LOOKED_AT = 60
_LONGEST_FIELD = 4096
_YUAN = frozenset({"", "CNY", "RMB", "人民币", "人民币元", "元", "156", "01", "¥"})
_NOTHING = frozenset({"", "-", "--", "—", "/"})
# 2026-11-27, 2026/11/27, 2026年11月27日, 20261127; a time may follow.
_TIME = r"(?:[T ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?|[T ]?\d{6})?"
_DAY = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_TIME}", re.ASCII)
_PLAIN_DAY = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_TIME}", re.ASCII)
# A time that says of which zone it is.
_ZONED = re.compile(r".*\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})", re.ASCII)
_FOREIGN = re.compile(r"[A-Z]{3}\Z|^[A-Z]{3}|[$€£]")


def read_table(
    lines: Iterable[Line], mapping: CsvMapping, stated: list[Stated], *, of_receipts: bool = False
) -> Iterator[Entry]:
    """Yield one entry a line below the headings; `stated` gets what the lines around it state.

    :raises StatementRefused: "column_missing" with the heading and the line.
    """
    source = iter(lines)
    first = list(islice(source, LOOKED_AT))
    place = find_headings(first, mapping)
    of_file = Stated()
    stated.append(of_file)
    for _number, cells in first[:place]:
        plain = [clean(cell) for cell in cells]
        read_around(plain, of_file)
        of_file.account = of_file.account or read_account(plain)
        of_file.period = of_file.period or period_in(" ".join(plain))
    columns = columns_of(mapping, [clean(cell) for cell in first[place][1]])
    reader = _Lines(mapping, columns, of_file, of_receipts=of_receipts)
    for number, cells in chain(first[place + 1 :], source):
        yield reader.read(number, [clean(cell) for cell in cells])
    reader.end()


def find_headings(first: list[Line], mapping: CsvMapping) -> int:
    """Return which of the first lines has the headings.

    :raises StatementRefused: "column_missing": of the line that has most of them, the first that
        is not there; "empty" where nothing stands.
    """
    if not any(cell.strip() for _number, cells in first for cell in cells):
        raise StatementRefused("empty")
    best: tuple[int, int, str] | None = None
    for place, (number, cells) in enumerate(first):
        missing = missing_headings(mapping, cells)
        if not missing:
            return place
        if best is None or len(missing) < best[0]:
            best = len(missing), number, missing[0]
    _count, number, heading = best or (0, 1, mapping.day)
    raise StatementRefused("column_missing", number, heading)


@dataclass(frozen=True, slots=True)
class _Amount:
    direction: Direction
    fen: int | None
    problem: Problem | None = None


class _Lines:
    def __init__(
        self, mapping: CsvMapping, columns: Columns, stated: Stated, *, of_receipts: bool
    ) -> None:
        self.mapping, self.columns, self.stated = mapping, columns, stated
        self.of_receipts = of_receipts
        self._first: tuple[int, int] | None = None
        self._last: tuple[int, int] | None = None
        # Balances prove nothing where the other side of an amount is not in the file.
        self._is_whole = columns.balance is not None

    def read(self, number: int, cells: list[str]) -> Entry:
        if not any(cells):
            return Entry(number, Direction.NO_ENTRY)
        on, day_text = self._day(cells)
        amount = self._amount(cells)
        if on is None and self._is_aside(cells, day_text, amount):
            return Entry(number, Direction.NO_ENTRY)
        if _is_missing(amount) and is_carried(cells):
            self._balance(cells, 0)
            return Entry(number, Direction.NO_ENTRY)
        payer = self._payer(cells)
        direction = amount.direction
        words = f"{payer.name} {payer.remittance}"
        # Money that went back leaves like any other: only its words say that it came before.
        if direction is Direction.DEBIT and RETURN_WORDS.search(words):
            direction = Direction.RETURNED
        problem = amount.problem
        if problem is None and on is None:
            problem = Problem(HeldReason.DAY, self.mapping.day, day_text)
        signed = amount.fen if direction is Direction.CREDIT else -(amount.fen or 0)
        self._balance(cells, signed)
        account = self._text(cells, self.columns.own_account)
        return Entry(
            number=number,
            direction=direction,
            amount_fen=amount.fen,
            entry_on=on,
            day_field=self.mapping.day,
            reference=real_reference(self._text(cells, self.columns.entry_id)),
            payer=payer,
            account=plain_account(account) or self.stated.account,
            problem=problem,
            signed_fen=signed,
            is_receipt=self.of_receipts,
        )

    def end(self) -> None:
        """Keep the balances of the first and the last line, where they can prove anything."""
        if self._is_whole and self._first and self._last:
            self.stated.running = [*self._first, *self._last]

    def _is_aside(self, cells: list[str], day_text: str, amount: _Amount) -> bool:
        if read_total(cells, self.columns.amount, self.columns.debit, self.stated):
            return True
        # Who made the list, when it was printed: neither a day nor an amount.
        has_amount = amount.fen is not None or (
            amount.problem is not None and amount.problem.reason is HeldReason.AMOUNT
        )
        return not has_amount and not day_text[:1].isdigit()

    def _text(self, cells: list[str], place: int | None) -> str:
        return cells[place] if place is not None and place < len(cells) else ""

    def _payer(self, cells: list[str]) -> Payer:
        columns = self.columns
        texts = (self._text(cells, place) for place in columns.remittance)
        return Payer(
            self._text(cells, columns.payer_name),
            self._text(cells, columns.payer_account),
            " ".join(filter(None, texts)),
        )

    def _day(self, cells: list[str]) -> tuple[date | None, str]:
        text = self._text(cells, self.columns.day)
        if _ZONED.fullmatch(text):
            with suppress(ValueError):
                return office_date(text), text
        for stated in (text, text.split(" ")[0]):
            with suppress(ValueError):
                return datetime.strptime(stated, self.mapping.day_shape).date(), text  # noqa: DTZ007 - a day has no zone
        match = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
        with suppress(ValueError):
            return (date(*(int(part) for part in match.groups())) if match else None), text
        return None, text

    def _amount(self, cells: list[str]) -> _Amount:
        mapping, columns = self.mapping, self.columns
        text = _plain_amount(self._text(cells, columns.amount))
        currency = self._text(cells, columns.currency).upper()
        column = mapping.credit or mapping.amount
        if currency not in _YUAN:
            problem = Problem(HeldReason.CURRENCY, column, f"{text} {currency}")
            return _Amount(self._side(cells), None, problem)
        if not mapping.credit:
            return self._amount_of_one_column(cells, text)
        return self._amount_of_two_columns(cells, text)

    def _amount_of_two_columns(self, cells: list[str], text: str) -> _Amount:
        column, columns = self.mapping.credit, self.columns
        other = _plain_amount(self._text(cells, columns.debit))
        came, left = _fen(text), _fen(other)
        # Banks write nothing, a dash or 0.00 in the column that an entry is not of.
        if text in _NOTHING or (came == 0 and left):
            return self._debit(other, left)
        wrong = None
        if came is None:
            wrong = _wrong_amount(column, text)
        elif left is None and other not in _NOTHING:
            wrong = _wrong_amount(columns.debit_heading, other)
        elif came and left:
            wrong = Problem(HeldReason.TWO_AMOUNTS, column, f"{text} / {other}")
        if came is None or wrong is not None:
            return _Amount(Direction.CREDIT, None, wrong)
        return _signed(came, column, text)

    def _side(self, cells: list[str]) -> Direction:
        is_in = bool(self._text(cells, self.columns.amount)) if self.mapping.credit else True
        if self.mapping.direction:
            is_in = self._text(cells, self.columns.direction) in self.mapping.credit_words
        return Direction.CREDIT if is_in else Direction.DEBIT

    def _debit(self, text: str, fen: int | None) -> _Amount:
        if self.columns.debit is None:
            # The file shows only what came in: a line without it may have lost its amount.
            self._is_whole = False
            problem = Problem(HeldReason.AMOUNT_MISSING, self.mapping.credit)
            return _Amount(Direction.CREDIT, None, problem)
        if text in _NOTHING:
            problem = Problem(HeldReason.AMOUNT_MISSING, self.mapping.credit)
            return _Amount(Direction.CREDIT, None, problem)
        if fen is None:
            problem = _wrong_amount(self.columns.debit_heading, text)
            return _Amount(Direction.DEBIT, None, problem)
        # Red ink on the side of what left: money that came back to the office, or a correction.
        return _Amount(Direction.CREDIT if fen < 0 else Direction.DEBIT, abs(fen))

    def _amount_of_one_column(self, cells: list[str], text: str) -> _Amount:
        column, fen = self.mapping.amount, _fen(text)
        side = self._side(cells)
        if fen is None:
            problem = (
                Problem(HeldReason.AMOUNT_MISSING, column)
                if text in _NOTHING
                else _wrong_amount(column, text)
            )
            return _Amount(side, None, problem)
        if not self.mapping.direction:
            # Where a minus is how the bank writes what left, only words mark a return.
            return _Amount(Direction.DEBIT, -fen) if fen < 0 else _signed(fen, column, text)
        if side is Direction.CREDIT:
            return _signed(fen, column, text)
        return _Amount(Direction.DEBIT, abs(fen))

    def _balance(self, cells: list[str], signed: int | None) -> None:
        if self.columns.balance is None:
            return
        balance = _fen(_plain_amount(self._text(cells, self.columns.balance)))
        if balance is None or signed is None:
            self._is_whole = False
            return
        self._last = balance, signed
        self._first = self._first or self._last


def clean(cell: str) -> str:
    """Return a cell in half-width letters, without what spreadsheets and banks put around it."""
    text = normalise_text(unicode_form("NFKC", cell[:_LONGEST_FIELD]))
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.removeprefix("'").strip()


def _plain_amount(text: str) -> str:
    plain = text.replace("¥", "").replace("￥", "").removeprefix("+").removesuffix("元").strip()
    for unit in ("CNY", "RMB", "人民币"):
        plain = plain.removeprefix(unit).removesuffix(unit).strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    return plain


def _fen(text: str) -> int | None:
    try:
        return fen_from_yuan(text, negative=True)
    except AmountRefused:
        return None


def _is_missing(amount: _Amount) -> bool:
    return amount.problem is not None and amount.problem.reason is HeldReason.AMOUNT_MISSING


def _wrong_amount(column: str, text: str) -> Problem:
    is_foreign = _FOREIGN.search(text.upper()) and any(map(str.isdigit, text))
    return Problem(HeldReason.CURRENCY if is_foreign else HeldReason.AMOUNT, column, text)


def _signed(fen: int, column: str, text: str) -> _Amount:
    """Return what a credit says: below zero the bank took money back."""
    if fen < 0:
        return _Amount(Direction.RETURNED, -fen)
    problem = Problem(HeldReason.ZERO, column, text) if fen == 0 else None
    return _Amount(Direction.CREDIT, fen, problem)
