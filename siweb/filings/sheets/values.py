"""What a cell says: numbers, days, months, amounts and words in the many shapes people use."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind
from siweb.filings.fields.choices import (
    ALL_INSURANCES,
    CHOICES,
    NOT_TICKED,
    TICKED,
)
from siweb.rules.calendar.months import month_at, month_index, month_of
from siweb.rules.identifiers.identity_number import check_character
from siweb.rules.identifiers.typed_number import NUMBER_LENGTH

# Days of a sheet count from here; 1900 was no leap year, but the first sheet program thought so.
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2200, 1, 1)
_COMMON_NAME = re.compile(r"[\u4e00-\u9fff]{2,20}")
# Between Chinese letters a full stop, wide or not, is what input methods offer for a name's dot.
_CHINESE = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_FULL_STOP = re.compile(rf"(?<={_CHINESE})\.(?={_CHINESE})")
_DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})(?:日|号)?(?:\s+\d{1,2}:\d{2}.*|T.*)?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{0,2}")
# October loses its zero where 2026.10 is taken for a number, in a cell or by what wrote the CSV.
_CUT_MONTH = re.compile(r"\d{4}\.1")
_PLAIN_MONTH = re.compile(r"(\d{4})(\d{2})")
_MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,17}))?")
_PLACES, _NOISE_BEGINS = 17, 6
_A_FEN = 10**15
_SERIAL = re.compile(r"(\d{1,6})(?:\.\d+)?")
# What a spreadsheet keeps of a long number, and what it writes for the rest.
_KEPT, _LOST = 15, "000"
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?")
_EXPONENT = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d+)")
_CODE = re.compile(r"[\w-]{1,6}[.、:：\s]\s*(.+)")


class Unreadable(ValueError):
    """When a cell does not say what its column asks for; `code` names what that is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """Return text in half-width letters, without apostrophe in front or spaces around."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "")
    return text.strip().removeprefix("'").strip()


def id_number(cell: Cell) -> str:
    """Return an ID number as it stands there; 1.1010119900307E+17 is written out again.

    Whether it is one is checked with everything else, and so is what a spreadsheet cut off.

    :raises Unreadable: "id_excel_mangled" where that check would not see it.
    """
    said = cell.text
    is_text = cell.kind is CellKind.TEXT
    if is_text and len(said) == NUMBER_LENGTH and said.isascii() and said.isdigit():  # as most are
        return said
    text = plain(said).replace(" ", "").upper().replace("×", "X")
    if is_text:
        return text
    exponent = _EXPONENT.fullmatch(text)
    if exponent is None:
        return _uncut(text.removesuffix(".0"))
    if int(exponent[3]) + 1 != NUMBER_LENGTH:
        return text
    there = exponent[1] + (exponent[2] or "")
    return _uncut(there if len(there) == NUMBER_LENGTH else there[:_KEPT].ljust(NUMBER_LENGTH, "0"))


def _uncut(number: str) -> str:
    """Return a number, but one whose lost end happens to fit: it would be somebody else's."""
    is_whole = len(number) == NUMBER_LENGTH and number.isascii() and number.isdigit()
    if is_whole and number.endswith(_LOST) and check_character(number[:-1]) == number[-1]:
        raise Unreadable("id_excel_mangled")
    return number


def person_name(cell: Cell) -> str:
    """Return a name with one kind of dot, and without the spaces of two-letter names."""
    text = cell.text
    if _COMMON_NAME.fullmatch(text):
        return text
    text = plain(text)
    for dot in "•・∙⋅‧":
        text = text.replace(dot, "·")
    words = text.split()
    is_chinese = any(letter >= "\u3400" for letter in text)
    return _FULL_STOP.sub("·", "".join(words)) if is_chinese else " ".join(words)


def day(cell: Cell, *, begins_1904: bool = False) -> str:
    """Return a day as YYYY-MM-DD.

    :raises Unreadable: "cell_day".
    """
    return _day(cell, begins_1904).isoformat()


@lru_cache(maxsize=4096)
def _day(cell: Cell, begins_1904: bool) -> date:
    text = plain(cell.text)
    found = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text.removesuffix(".0"))
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        serial = _SERIAL.fullmatch(text)
        if serial:
            since = _FROM_1904 if begins_1904 else _FROM_1900
            counted = since + timedelta(days=int(serial[1]))
            if _FIRST_DAY <= counted < _LAST_DAY:
                return counted
    except (ValueError, OverflowError):
        pass
    raise Unreadable("cell_day")


def month(cell: Cell, *, begins_1904: bool = False) -> str:
    """Return a month as YYYY-MM; of a day its month.

    :raises Unreadable: "cell_month".
    """
    return _month(cell, begins_1904)


@lru_cache(maxsize=4096)
def _month(cell: Cell, begins_1904: bool) -> str:
    text = plain(cell.text)
    if cell.kind is not CellKind.DAY:
        if _CUT_MONTH.fullmatch(text):
            raise Unreadable("cell_month")
        found = _PLAIN_MONTH.fullmatch(text.removesuffix(".0")) or _MONTH.fullmatch(text)
        if found:
            try:
                return month_at(month_index(f"{found[1]}-{int(found[2]):02d}"))
            except ValueError:
                raise Unreadable("cell_month") from None
    try:
        return month_of(_day(cell, begins_1904))
    except Unreadable:
        raise Unreadable("cell_month") from None


def fen(cell: Cell, **_given: Any) -> int:
    """Return an amount in fen, exactly; what lies below a fen must be a spreadsheet's own noise.

    :raises Unreadable: "cell_money".
    """
    text = plain(cell.text).replace(",", "").replace(" ", "").removesuffix("元")
    match = _MONEY.fullmatch(text.lstrip("¥￥"))
    if match is None:
        raise Unreadable("cell_money")
    yuan, part = int(match[1]), match[2] or ""
    if len(part) <= 2:  # noqa: PLR2004
        return yuan * 100 + int(part.ljust(2, "0"))
    # 8000.1 comes as 8000.1000000000004 from a program that reckons in binary.
    parts = int(part.ljust(_PLACES, "0"))
    cents = (parts + _A_FEN // 2) // _A_FEN
    if len(part) <= _NOISE_BEGINS and part[2:].strip("0"):
        raise Unreadable("cell_money")
    if abs(parts - cents * _A_FEN) > _A_FEN // 10_000:
        raise Unreadable("cell_money")
    return yuan * 100 + cents


def whole(cell: Cell, **_given: Any) -> int:
    """Return a whole number.

    :raises Unreadable: "cell_number".
    """
    match = _WHOLE.fullmatch(plain(cell.text))
    if match is None:
        raise Unreadable("cell_number")
    return int(match[1])


def mobile(cell: Cell, **_given: Any) -> str:
    """Return a mobile number as digits.

    :raises Unreadable: "cell_mobile".
    """
    digits = re.sub(r"[ \-]", "", plain(cell.text)).removesuffix(".0").removeprefix("+")
    digits = digits.removeprefix("86") if len(digits) == 13 else digits  # noqa: PLR2004
    if not re.fullmatch(r"1[3-9]\d{9}", digits):
        raise Unreadable("cell_mobile")
    return digits


def choice(name: str) -> Callable[..., str]:
    """Return the reader of a column whose words stand for codes: 「01.合同期满」 reads too.

    It raises Unreadable "cell_choice".
    """
    codes = _codes(name)

    def read(cell: Cell, **_given: Any) -> str:
        text = plain(cell.text).casefold().removesuffix(".0")
        found = codes.get(text)
        if found is None:
            coded = _CODE.fullmatch(text)
            found = codes.get(coded[1].strip()) if coded else None
        if found is None:
            raise Unreadable("cell_choice")
        return found

    return read


def insurances(cell: Cell, **_given: Any) -> list[str]:
    """Return the insurances that one cell lists.

    :raises Unreadable: "cell_choice".
    """
    text = plain(cell.text).casefold()
    codes = _codes("insurance")
    if text in ALL_INSURANCES:
        return list(CHOICES["insurance"])
    listed = [one.strip() for one in re.split(r"[,、;；/+\s]+", text) if one.strip()]
    try:
        found = {codes[one] for one in listed}
    except KeyError:
        raise Unreadable("cell_choice") from None
    return [code for code in CHOICES["insurance"] if code in found]


def ticked(cell: Cell, **_given: Any) -> bool:
    """Return whether a column of one insurance is ticked.

    :raises Unreadable: "cell_choice".
    """
    text = plain(cell.text).casefold().removesuffix(".0")
    if text in TICKED:
        return True
    if text in NOT_TICKED:
        return False
    raise Unreadable("cell_choice")


@lru_cache(maxsize=16)
def _codes(name: str) -> Mapping[str, str]:
    return {
        plain(said).casefold(): code
        for code, words in CHOICES[name].items()
        for said in (code, *words)
    }
