"""What a cell says: numbers, days, months, amounts and words in the many shapes people use."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind, spelled_out
from siweb.filings.fields.choices import (
    ALL_INSURANCES,
    CHOICES,
    NOT_TICKED,
    TICKED,
)
from siweb.filings.sheets.days import day, month
from siweb.filings.sheets.texts import Unreadable, plain
from siweb.rules.identifiers.contact import ContactRefused, parse_mobile
from siweb.rules.identifiers.identity_number import check_character
from siweb.rules.identifiers.typed_text import NUMBER_LENGTH

__all__ = [
    "Unreadable",
    "choice",
    "day",
    "fen",
    "id_number",
    "insurances",
    "mobile",
    "month",
    "person_name",
    "plain",
    "ticked",
    "whole",
]

_COMMON_NAME = re.compile(r"[\u4e00-\u9fff]{2,20}")
# Between Chinese letters a full stop, wide or not, is what input methods offer for a name's dot.
_CHINESE = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_FULL_STOP = re.compile(rf"(?<={_CHINESE})\.(?={_CHINESE})")
# A comma or a space stands before three digits, or the amount is not what it seems: 9500,5.
_MONEY = re.compile(
    r"(?:[¥￥]|rmb|cny|人民币)?\s*"
    r"(\d{1,12}|\d{1,3}(?:,\d{3}){1,3}|\d{1,3}(?: \d{3}){1,3})(?:\.(\d{1,17}))?"
    r"\s*(?:元整?|圆整?|rmb)?(?:/月)?"
)
# 8.000 is eight thousand in half of the world; a number that a file keeps as one is no such text.
_POINT_OR_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_SEPARATORS = re.compile(r"[, ]")
_PLACES = 17
# Amounts are read as integers of so many parts of a fen: no float is ever near them.
_A_FEN = 10**15
# What a spreadsheet keeps of a long number, and what it writes for the rest.
_KEPT, _LOST = 15, "000"
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?\s*(?:个月|月|个)?")
_EXPONENT = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d+)")
_CODE = re.compile(r"[\w-]{1,6}[.、:：\s]\s*(.+)")


def id_number(cell: Cell, **_options: Any) -> str:
    """Return an ID number as it stands there; 1.1010119900307E+17 is written out again.

    Whether it is one is checked with everything else, and so is what a spreadsheet cut off.

    :raises Unreadable: "id_excel_mangled" where that check would not see it.
    """
    typed = cell.text
    is_text = cell.kind is CellKind.TEXT
    if is_text and typed.isascii() and typed.isdigit():  # as most are
        return typed
    text = plain(typed).replace(" ", "").upper().replace("×", "X")
    exponent = _EXPONENT.fullmatch(text)
    if exponent is None:
        return text if is_text else _uncut(text.removesuffix(".0"))
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


def person_name(cell: Cell, **_options: Any) -> str:
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


def fen(cell: Cell, **_options: Any) -> int:
    """Return an amount in fen, exactly; what lies below a fen must be a spreadsheet's own noise.

    :raises Unreadable: "cell_money", or "cell_number_short".
    """
    text = _digits(cell).casefold()
    match = _MONEY.fullmatch(text)
    if match is None or (cell.kind is CellKind.TEXT and _POINT_OR_THOUSANDS.fullmatch(text)):
        raise Unreadable("cell_money")
    yuan, part = int(_SEPARATORS.sub("", match[1])), match[2] or ""
    # 8000.1 comes as 8000.1000000000004 from a program that reckons in binary: that is noise, and
    # a sixth digit is an amount.
    parts = int(part.ljust(_PLACES, "0"))
    cents = (parts + _A_FEN // 2) // _A_FEN
    if abs(parts - cents * _A_FEN) >= _A_FEN // 10_000:
        raise Unreadable("cell_money")
    return yuan * 100 + cents


def whole(cell: Cell, **_options: Any) -> int:
    """Return a whole number; 「12个月」 is one.

    :raises Unreadable: "cell_number", or "cell_number_short".
    """
    match = _WHOLE.fullmatch(_digits(cell))
    if match is None:
        raise Unreadable("cell_number")
    return int(match[1])


def mobile(cell: Cell, **_options: Any) -> str:
    """Return a mobile number as digits.

    :raises Unreadable: "cell_mobile", or "cell_number_short".
    """
    try:
        return parse_mobile(_digits(cell).removesuffix(".0"))
    except ContactRefused:
        raise Unreadable("cell_mobile") from None


def _digits(cell: Cell) -> str:
    """Return what a cell says as plain digits, where it is a number with an exponent.

    A file that keeps numbers keeps all digits: 8.000E+03. In a text an exponent is what a program
    showed of a number; 8.0E+03 may have been 8012.

    :raises Unreadable: "cell_number_short" for a text with fewer digits than the number has.
    """
    text = plain(cell.text)
    exponent = _EXPONENT.fullmatch(text)
    if exponent is None:
        return text
    shown = len(exponent[1] + (exponent[2] or ""))
    if cell.kind is CellKind.TEXT and shown <= int(exponent[3]):
        raise Unreadable("cell_number_short")
    return spelled_out(text)


def choice(name: str) -> Callable[..., str]:
    """Return the reader of a column whose words stand for codes: 「01.合同期满」 reads too.

    It raises Unreadable "cell_choice".
    """
    codes = _codes(name)

    def read(cell: Cell, **_options: Any) -> str:
        text = plain(cell.text).casefold().removesuffix(".0")
        found = codes.get(text)
        if found is None:
            coded = _CODE.fullmatch(text)
            found = codes.get(coded[1].strip()) if coded else None
        if found is None:
            raise Unreadable("cell_choice")
        return found

    return read


def insurances(cell: Cell, **_options: Any) -> list[str]:
    """Return the insurances that one cell lists.

    :raises Unreadable: "cell_choice".
    """
    text = plain(cell.text).casefold()
    codes = _codes("insurance")
    if text in ALL_INSURANCES:
        return list(CHOICES["insurance"])
    listed = [word for word in re.split(r"[,、;；/+\s]+", text) if word]
    try:
        found = {codes[word] for word in listed}
    except KeyError:
        raise Unreadable("cell_choice") from None
    return [code for code in CHOICES["insurance"] if code in found]


def ticked(cell: Cell, **_options: Any) -> bool:
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
        word.casefold(): code for code, words in CHOICES[name].items() for word in (code, *words)
    }
