"""Days and months as people and programs write them; what may mean several is asked."""

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from siweb.documents.spreadsheets.reading.cell import HALF_A_SECOND, Cell, CellKind, spelled_out
from siweb.filings.sheets.texts import Unreadable, plain
from siweb.rules.calendar.months import month_at, month_index, month_of

# Days of a sheet count from here; 1900 was no leap year, but the first sheet program thought so.
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
# Days counted from 1900 that lie outside are other numbers: 8,000 is a wage, and a day of 1921.
_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2200, 1, 1)
_CENTURY = 2000
# What may stand behind a day: a time, or the day of the week.
_TIME = re.compile(
    r"(?<=\d)T\d.*|(?<=[\d日号])\s+\d{1,2}:\d{2}.*|\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?"
)
# Whatever else stands between is no month: 2026Q4 begins in October, 2026年4季度 in October too.
_BETWEEN = r"[-/.,、\\年\s]{1,3}"
_DAY = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}})[-/.,、\\月\s]{{1,3}}(\d{{1,2}})(?:日|号)?")
# Programs that keep moments of the whole world write midnight here as 16:00 of the day before.
_OTHER_ZONE = re.compile(r".*\dT\d[\d:.]*(?:Z|[-+](?!08)\d\d:?(?:\d\d)?)", re.IGNORECASE)
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
# 26年11月3日: two digits are a year where the words say so.
_SHORT_YEAR = re.compile(r"(\d{2})年(\d{1,2})月(?:份|(\d{1,2})[日号])?")
# 3/11/2026 is March in one country and November in another; 26/11/2026 is November in both.
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
# Read in one country as year, month, day, in another the other way round; or without a year.
_UNCLEAR_DAY = re.compile(
    r"\d{1,2}\s*[-/.]\s*\d{1,2}(?:\s*[-/.]\s*(?:\d{1,2}|\d{4}))?|\d{1,2}月\d{1,2}[日号]?"
)
_UNCLEAR_MONTH = re.compile(r"\d{2}\s*[-/.]\s*\d{1,2}|\d{1,2}月份?")
_MONTH = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}})(?:月份?|[-/.])?")
_PLAIN_MONTH = re.compile(r"(\d{4})(\d{2})(?:\.0+)?")
_MONTH_OF_YEAR = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
# October loses its zero where 2026.10 is taken for a number, in a cell or by what wrote the CSV.
_CUT_MONTH = re.compile(r"\d{4}\.1")
_SERIAL = re.compile(r"\d{1,6}(?:\.\d+)?")
# 20261 is January 2026 without its zero rather than a day of 1955.
_SHORT_MONTH = re.compile(r"(?:19|20)\d\d[1-9](?:\.0+)?")
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_NAME = r"([a-z]{3})[a-z]{0,6}\.?"
# Nov-26 is how spreadsheets show November 2026; 26-Nov a day of November, of whatever year.
_NAMED_MONTH = re.compile(
    rf"{_NAME}[-/,\s']*(\d{{4}}|\d{{2}})|(\d{{4}})[-/\s]*{_NAME}", re.IGNORECASE
)
_NAMED_DAY = re.compile(
    rf"(\d{{1,2}})[-/\s]*{_NAME}[-/,\s]*(\d{{4}}|\d{{2}})|{_NAME}\s*(\d{{1,2}}),?\s+(\d{{4}})",
    re.IGNORECASE,
)
_DAY_WITHOUT_YEAR = re.compile(rf"\d{{1,2}}[-/\s]*{_NAME}", re.IGNORECASE)


def day(cell: Cell, *, begins_1904: bool = False) -> str:
    """Return a day as YYYY-MM-DD.

    :raises Unreadable: "cell_day", or "cell_day_unclear" for what may be more than one.
    """
    return _day(cell, begins_1904).isoformat()


def month(cell: Cell, *, begins_1904: bool = False) -> str:
    """Return a month as YYYY-MM; of a day its month.

    :raises Unreadable: "cell_month", or "cell_month_unclear" for what may be more than one.
    """
    return _month(cell, begins_1904)


@lru_cache(maxsize=4096)
def _day(cell: Cell, begins_1904: bool) -> date:
    text = spelled_out(plain(cell.text))
    is_short = cell.kind is not CellKind.DAY and _SHORT_MONTH.fullmatch(text)
    if is_short or _OTHER_ZONE.fullmatch(text):
        raise Unreadable("cell_day_unclear")
    written = _TIME.sub("", text)
    try:
        found = _written_day(written) or _counted_day(text, begins_1904)
    except (ValueError, OverflowError):
        raise Unreadable("cell_day") from None
    if found is not None:
        return found
    is_unclear = (
        _UNCLEAR_DAY.fullmatch(written)
        or _DAY_WITHOUT_YEAR.fullmatch(written)
        or _NAMED_MONTH.fullmatch(written)
    )
    # What may be two days is asked: guessed wrong, it would be four years or nine months off.
    raise Unreadable("cell_day_unclear" if is_unclear else "cell_day")


def _written_day(text: str) -> date | None:
    if match := _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if (match := _SHORT_YEAR.fullmatch(text)) and match[3]:
        return date(_CENTURY + int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED_DAY.fullmatch(text):
        number, name, year = (
            (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        )
        return date(_year(year), _named(name), int(number))
    if match := _YEAR_LAST.fullmatch(text):
        return _only_order(int(match[1]), int(match[2]), int(match[3]))
    return None


def _only_order(first: int, second: int, year: int) -> date | None:
    """Return the day of two numbers and a year where only one of them can be the month."""
    if first == second or second > _LAST_MONTH:
        return date(year, first, second)
    return date(year, second, first) if first > _LAST_MONTH else None


_LAST_MONTH = 12


def _counted_day(text: str, begins_1904: bool) -> date | None:
    serial = _SERIAL.fullmatch(text)
    if serial is None:
        return None
    since = _FROM_1904 if begins_1904 else _FROM_1900
    counted = since + timedelta(days=int(Decimal(serial[0]) + HALF_A_SECOND))
    return counted if _FIRST_DAY <= counted < _LAST_DAY else None


@lru_cache(maxsize=4096)
def _month(cell: Cell, begins_1904: bool) -> str:
    text = spelled_out(plain(cell.text))
    if cell.kind is not CellKind.DAY:
        if _CUT_MONTH.fullmatch(text):
            raise Unreadable("cell_month")
        try:
            written = _written_month(text)
        except ValueError:
            raise Unreadable("cell_month") from None
        if written is not None:
            return written
        if _UNCLEAR_MONTH.fullmatch(text) or _DAY_WITHOUT_YEAR.fullmatch(text):
            raise Unreadable("cell_month_unclear")
    try:
        return month_of(_day(cell, begins_1904))
    except Unreadable as unreadable:
        raise Unreadable(unreadable.code.replace("cell_day", "cell_month")) from None


def _written_month(text: str) -> str | None:
    """Return the month that a text writes with its year.

    :raises ValueError: for a thirteenth month.
    """
    if match := _PLAIN_MONTH.fullmatch(text) or _MONTH.fullmatch(text):
        return _month_of(int(match[1]), int(match[2]))
    if (match := _SHORT_YEAR.fullmatch(text)) and not match[3]:
        return _month_of(_CENTURY + int(match[1]), int(match[2]))
    if match := _MONTH_OF_YEAR.fullmatch(text):
        return _month_of(int(match[2]), int(match[1]))
    if match := _NAMED_MONTH.fullmatch(text):
        name, year = (match[1], match[2]) if match[1] else (match[4], match[3])
        return _month_of(_year(year), _named(name))
    return None


def _month_of(year: int, number: int) -> str:
    return month_at(month_index(f"{year}-{number:02d}"))


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else _CENTURY + int(text)  # noqa: PLR2004


def _named(name: str) -> int:
    """Return the number of a month by the first three letters of its English name."""
    return _NAMES.split().index(name.casefold()) + 1
