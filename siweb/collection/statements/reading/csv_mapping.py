"""How a bank writes its statements as a table: the headings of its columns, named once."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from siweb.rules.identifiers.typed_text import unicode_form

ENCODINGS = ("utf-8-sig", "gb18030")
# Headings that say the same at every bank: read also where the mapping does not name them.
_DEBIT = ("支出金额", "支出", "借方金额", "借方发生额", "借方", "付款金额", "转出金额", "Debit")
_BALANCE = ("余额", "账户余额", "本次余额", "当前余额", "交易后余额", "Balance")
_CURRENCY = ("币种", "货币", "币别", "Currency")
_ACCOUNT = ("本方账号", "我方账号", "本方帐号", "查询账号")


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """How a bank writes: the headings of its columns and the shapes of its days and amounts.

    Money that came in stands in `credit`, or in `amount` where a `direction` column holds one of
    `credit_words`, or where it simply has no minus. `debit` and `balance` serve the control;
    `entry_id` is the bank's own number, if any. `extra` are further words of the remittance, read
    where a file has columns for them.
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
    debit: str = ""
    balance: str = ""
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

    def needed(self) -> list[str]:
        """Return the headings that a file must have."""
        named = (
            self.day,
            self.credit or self.amount,
            self.direction,
            self.payer_name,
            self.payer_account,
            *self.remittance,
            self.entry_id,
            self.debit,
            self.balance,
        )
        return [name for name in named if name]


def plain_heading(text: str) -> str:
    """Return a heading without spaces, width and the unit in brackets behind it."""
    folded = re.sub(r"\s", "", unicode_form("NFKC", text)).removeprefix("\ufeff")
    return re.sub(r"\([^()]*\)\Z", "", folded) or folded


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a line each value stands, from 0; None where a file has no such column."""

    day: int
    amount: int
    direction: int | None
    debit: int | None
    debit_heading: str
    balance: int | None
    currency: int | None
    own_account: int | None
    payer_name: int | None
    payer_account: int | None
    entry_id: int | None
    remittance: tuple[int, ...]


def missing_headings(mapping: CsvMapping, cells: list[str]) -> list[str]:
    """Return the headings that a line does not have."""
    there = {plain_heading(cell) for cell in cells}
    return [name for name in mapping.needed() if plain_heading(name) not in there]


def columns_of(mapping: CsvMapping, cells: list[str]) -> Columns:
    """Return where the columns stand in a line of headings that has all that are needed."""
    places: dict[str, int] = {}
    for number, cell in enumerate(cells):
        # Of two columns with one heading the first.
        places.setdefault(plain_heading(cell), number)

    def place(*names: str) -> int | None:
        named = (plain_heading(name) for name in names if name)
        return next((places[name] for name in named if name in places), None)

    amount = place(mapping.credit or mapping.amount)
    day = place(mapping.day)
    assert amount is not None
    assert day is not None
    # One column of amounts has what went out as well.
    debit = place(mapping.debit, *_DEBIT) if mapping.credit else None
    texts = (place(name) for name in (*mapping.remittance, *mapping.extra))
    return Columns(
        day=day,
        amount=amount,
        direction=place(mapping.direction),
        debit=debit,
        debit_heading="" if debit is None else cells[debit],
        balance=place(mapping.balance, *_BALANCE),
        currency=place(*_CURRENCY),
        own_account=place(*_ACCOUNT),
        payer_name=place(mapping.payer_name),
        payer_account=place(mapping.payer_account),
        entry_id=place(mapping.entry_id),
        remittance=tuple(found for found in texts if found is not None),
    )
