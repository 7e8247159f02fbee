"""What the cells of a column say, as the register keeps it; each reader raises `Unreadable`."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from siweb.documents.spreadsheets.reading.cell import Cell
from siweb.filings.sheets import values
from siweb.filings.sheets.values import Unreadable, plain
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.identifiers.typed_text import unicode_form
from siweb.rules.identifiers.uscc import parse_uscc

Read = Callable[..., Any]
# 100 % of a rate in ppm; two places behind the point are as fine as a tier is set.
_PERCENT, _MOST_PERCENT = 10_000, 1_000


def text(length: int) -> Read:
    """Return the reader of words with at most so many characters."""

    def read(cell: Cell, **_options: Any) -> str:
        found = " ".join(unicode_form("NFC", cell.text).split())
        if len(found) > length:
            raise Unreadable("too_long")
        return found

    return read


def digits(length: int) -> Read:
    """Return the reader of a telephone, a postcode or an account number: as it is written."""
    read_text = text(length)

    def read(cell: Cell, **_options: Any) -> str:
        # A spreadsheet that took the number for an amount wrote ".0" behind it.
        return str(read_text(Cell(cell.kind, plain(cell.text).removesuffix(".0"))))

    return read


def name(cell: Cell, **_options: Any) -> str:
    """Return a person's name with one kind of dot."""
    found = values.person_name(cell)
    if len(found) > 100:  # noqa: PLR2004 - the register's column
        raise Unreadable("too_long")
    return found


def id_number(cell: Cell, **_options: Any) -> str:
    """Return a valid citizen ID number."""
    try:
        return parse_identity_number(values.id_number(cell)).number
    except NumberRefused:
        raise Unreadable("id_number") from None


def uscc(cell: Cell, **_options: Any) -> str:
    """Return a valid unified social credit code."""
    try:
        return _uscc(cell.text)
    except NumberRefused:
        raise Unreadable("uscc") from None


@lru_cache(maxsize=4096)
def _uscc(typed: str) -> str:
    return parse_uscc(plain(typed)).number


def day(cell: Cell, *, begins_1904: bool = False) -> date:
    """Return a day."""
    return date.fromisoformat(values.day(cell, begins_1904=begins_1904))


def signed_fen(cell: Cell, **_options: Any) -> int:
    """Return an amount in fen, below zero where a sign or brackets say so."""
    typed = plain(cell.text).strip()
    in_brackets = typed.startswith("(") and typed.endswith(")")
    # The second is the minus of typesetters, which some programs write.
    is_below = in_brackets or typed.startswith(("-", "\u2212"))
    bare = typed[1:-1] if in_brackets else typed.removeprefix("-").removeprefix("\u2212")
    found = values.fen(Cell(cell.kind, bare))
    return -found if is_below else found


def percent(cell: Cell, **_options: Any) -> int:
    """Return a percentage as ppm: 80, 80% and 80.5 are read."""
    hundredths = values.fen(Cell(cell.kind, plain(cell.text).removesuffix("%").strip()))
    if not 0 < hundredths <= _MOST_PERCENT * 100:
        raise Unreadable("cell_number")
    return hundredths * _PERCENT // 100


def choice(codes: Mapping[str, tuple[str, ...]]) -> Read:
    """Return the reader of a column of codes; each has further words that stand for it."""
    found = {word.casefold(): code for code, words in codes.items() for word in (code, *words)}

    def read(cell: Cell, **_options: Any) -> str:
        code = found.get(plain(cell.text).casefold())
        if code is None:
            raise Unreadable("cell_choice")
        return code

    return read
