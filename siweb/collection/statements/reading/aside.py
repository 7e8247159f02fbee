"""Lines of a table that are no entries: titles, totals and balances around the list."""

import re

from siweb.collection.statements.reading.control import Stated
from siweb.collection.statements.reading.entry import plain_account
from siweb.rules.numbers.money import AmountRefused, fen_from_yuan

_AMOUNT = r"[^\d\-]{0,8}?(-?[\d,]+(?:\.\d+)?)"
_OPENING = re.compile(
    rf"(?:期初|上期|上日|昨日|承前|起始|开始)(?:账户)?余额{_AMOUNT}|opening balance{_AMOUNT}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    rf"(?:期末|本期|本日|日终|截止|结束)(?:账户)?余额{_AMOUNT}|closing balance{_AMOUNT}",
    re.IGNORECASE,
)
_IN, _OUT = "(?:收入|贷方|入账|转入)", "(?:支出|借方|出账|转出)"
_FEN = {
    "credit_fen": re.compile(rf"{_IN}(?:总|合计)?(?:金额|发生额|额)(?:合计)?{_AMOUNT}"),
    "debit_fen": re.compile(rf"{_OUT}(?:总|合计)?(?:金额|发生额|额)(?:合计)?{_AMOUNT}"),
    "sum_fen": re.compile(rf"(?<![收支入出贷借方])(?:总金额|合计金额|金额合计){_AMOUNT}"),
}
_COUNT = {
    "credit_count": re.compile(rf"{_IN}(?:总|合计)?笔数(?:合计)?\D{{0,4}}(\d+)"),
    "debit_count": re.compile(rf"{_OUT}(?:总|合计)?笔数(?:合计)?\D{{0,4}}(\d+)"),
    "count": re.compile(
        r"(?<![收支入出贷借方])(?:总笔数|合计笔数|笔数合计)\D{0,4}(\d+)|共\s*(\d+)\s*笔"
    ),
}
_TOTAL = re.compile(rf"(?:本期)?({_IN}|{_OUT})?(?:合计|总计)|total", re.IGNORECASE)
_SUBTOTAL = re.compile(
    r"(小计|本页合计|本日合计|本月合计|累计|过次页|承前页|subtotal)", re.IGNORECASE
)
_ENTRIES = re.compile(r"(\d+)\s*笔")
# A line that only carries a balance over, among the entries and with a day like theirs.
_CARRIED = re.compile(
    r"(?:期初|期末|上期|本期|上日|本日|昨日|承前|起始|截止)(?:账户)?余额|承前页|过次页"
    r"|(?:上期|上月|上年|承前)结转|结转下[页月年]|(?:opening|closing) balance",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?<!对方)(?:账号|帐号|账户号|account(?: no\.?| number)?)[\s::]*", re.IGNORECASE
)
# Digits in groups, perhaps behind a country; or an IBAN. What follows is no part of it.
_NUMBER = re.compile(r"[A-Z]{0,4}\d[\d \-]{3,38}\d|[A-Z]{2}\d\d[A-Z0-9 ]{11,30}", re.IGNORECASE)


def read_around(cells: list[str], stated: Stated) -> bool:
    """Keep what a line outside the list states; tell whether it states anything."""
    line, found = " ".join(filter(None, cells)), False
    for name, pattern in (("opening_fen", _OPENING), ("closing_fen", _CLOSING), *_FEN.items()):
        match = pattern.search(line)
        fen = yuan(next(filter(None, match.groups()), "")) if match else None
        if fen is not None:
            setattr(stated, name, fen)
            found = True
    for name, pattern in _COUNT.items():
        if match := pattern.search(line):
            # No list has more digits of entries, and Python refuses to read thousands of them.
            setattr(stated, name, int(next(filter(None, match.groups()))[:12]))
            found = True
    return found


def read_account(cells: list[str]) -> str:
    """Return the account's number that a title line names, or nothing."""
    filled = [cell for cell in cells if cell]
    for cell, following in zip(filled, [*filled[1:], ""], strict=True):
        if label := _ACCOUNT.search(cell):
            number = _NUMBER.match(cell[label.end() :] or following)
            return plain_account(number[0]) if number else ""
    return ""


def is_carried(cells: list[str]) -> bool:
    """Tell whether a line carries a balance over."""
    return any(_CARRIED.fullmatch(cell) for cell in cells)


def read_total(cells: list[str], credit: int, debit: int | None, stated: Stated) -> bool:
    """Keep a line of totals: its sums stand in the columns of the amounts.

    Subtotals of a page or a day are no total of the statement: they are passed over.
    """
    first = next((cell for cell in cells if cell), "")
    if _SUBTOTAL.match(first):
        return True
    total = _TOTAL.match(first)
    if total is None:
        return read_around(cells, stated)
    read_around(cells, stated)
    if total[1]:
        # Of one side: whatever column its sum stands in.
        amounts = (_at(cells, place) for place in range(len(cells)))
        fen = next((amount for amount in amounts if amount is not None), None)
        side = "credit_fen" if re.fullmatch(_IN, total[1]) else "debit_fen"
        setattr(stated, side, fen)
        return True
    if (fen := _at(cells, credit)) is not None:
        stated.credit_fen = fen
    if debit is not None and (fen := _at(cells, debit)) is not None:
        stated.debit_fen = fen
    if stated.count is None and (count := _ENTRIES.search(" ".join(cells))):
        stated.count = int(count[1][:12])
    return True


def yuan(text: str) -> int | None:
    """Return an amount in fen, also one below zero; None where it is none."""
    try:
        return fen_from_yuan(text, negative=True)
    except AmountRefused:
        return None


def _at(cells: list[str], place: int) -> int | None:
    return yuan(cells[place].lstrip("¥￥")) if place < len(cells) else None
