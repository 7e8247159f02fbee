"""Money is whole fen; people read and write yuan as decimal strings.

No float comes near it: text to integer and integer to text, exactly.
"""

from __future__ import annotations

import re

from siweb.rules.errors import RuleError

# One fen below ten trillion yuan: above any fund's total, and safe in a database's 64 bits.
LARGEST_FEN = 10**15 - 1
FEN_PLACES = 2

_YUAN = re.compile(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
# In the capital characters of receipts (会计基础工作规范 Art. 52), which cannot be altered.
_PLACES = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))


class AmountRefused(RuleError):
    """When a text is not an amount in yuan.

    Codes: amount (not a number), amount_fraction (finer than a fen), amount_range (too large),
    amount_negative.
    """


def fen_from_yuan(text: str, *, negative: bool = False) -> int:
    """Return the fen of a decimal string in yuan: '7162', '7162.5', '7,162.00'.

    :raises AmountRefused: for anything else, and below zero unless `negative` allows it.
    """
    match = _YUAN.fullmatch(text.strip())
    if match is None:
        raise AmountRefused("amount", text=text)
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > FEN_PLACES:
        raise AmountRefused("amount_fraction", text=text)
    digits = match[2].replace(",", "").lstrip("0") + fraction.ljust(FEN_PLACES, "0")
    # By their number first: Python makes no integer of thousands of digits.
    if len(digits) > len(str(LARGEST_FEN)):
        raise AmountRefused("amount_range", text=text)
    fen = int(digits)
    # "-0.00" is nothing, as spreadsheets write it, and no debt.
    if match[1] and fen and not negative:
        raise AmountRefused("amount_negative", text=text)
    return -fen if match[1] else fen


def yuan_from_fen(fen: int) -> str:
    """Return the decimal string in yuan, always with two places: 716200 is '7162.00'."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02}"


def capital_numerals(fen: int) -> str:
    """Return the amount in capital Chinese numerals (大写), as bills and cheques carry it.

    支付结算办法, annex 1: 整 after a whole yuan or jiao, one 零 for zeros between digits; 负 before
    a negative amount.

    :raises AmountRefused: beyond `LARGEST_FEN`.
    """
    if abs(fen) > LARGEST_FEN:
        raise AmountRefused("amount_range", text=yuan_from_fen(fen))
    yuan, rest = divmod(abs(fen), 100)
    jiao, odd_fen = divmod(rest, 10)
    words = f"{_capital_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif odd_fen and yuan:
        words += "零"
    words += f"{_DIGITS[odd_fen]}分" if odd_fen else "整"
    sign = "负" if fen < 0 else ""
    return sign + (words if fen else "零元整")


def _capital_whole(number: int) -> str:
    for size, word in _PLACES:
        if number >= size:
            high, low = divmod(number, size)
            # One 零 stands for any run of zeros in front of the rest.
            gap = "零" if 0 < low < size // 10 else ""
            return _capital_whole(high) + word + gap + (_capital_whole(low) if low else "")
    return _DIGITS[number]
