"""What the options accept: exact short forms of amounts, rates, days, months and ages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import click

from siweb.rules.benefits.pension import Ratio
from siweb.rules.benefits.retirement import RetirementCategory
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError
from siweb.rules.numbers.money import fen_from_yuan
from siweb.rules.numbers.rates import PPM, ppm_from_fraction, ppm_from_percent

_AGE = re.compile(r"(\d+)(?:\.(\d+)|[y岁-](\d+)?(?:m|个月)?)?", re.ASCII)
_DECIMAL = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_SIDES = re.compile(r"[/,:;\s]+")
# A month of a year or months from one to another; a day, 2025-03-05, is neither.
_DEPOSIT = re.compile(r"(?:\d{4}-(\d{1,2})|(\d{1,2})(?:-(\d{1,2}))?)[:=](.+)", re.ASCII)
# A comma also groups thousands, so that it parts deposits only before the next month.
_BETWEEN_DEPOSITS = re.compile(r"[;\s]+|,(?=\d{1,2}[:=])", re.ASCII)


class Input(click.ParamType[Any]):
    """A value that `read` makes from text; `wanted` completes "... is not" for the person."""

    def __init__(self, name: str, wanted: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self.wanted = wanted
        self.read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return what was meant, or refuse it in one sentence."""
        if not isinstance(value, str):
            return value
        try:
            return self.read(value.strip())
        except (RuleError, ValueError, KeyError, TypeError, AttributeError):
            self.fail(f"{value!r} is not {self.wanted}.", param, ctx)


def read_day(text: str) -> date:
    """Return a day from 2025-07-15, 2025/7/15, 2025.7.15 or 20250715."""
    match = re.fullmatch(
        r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})", text, re.ASCII
    )
    if match is None:
        raise ValueError(text)
    parts = (match[1], match[3], match[4]) if match[1] else (match[5], match[6], match[7])
    return date(*map(int, parts))


def read_month(text: str) -> str:
    """Return a month from 2025-07, 2025-7, 202507, or the month of a whole day."""
    match = re.fullmatch(r"(\d{4})[-/.]?(\d{2})|(\d{4})[-/.](\d)", text, re.ASCII)
    if match:
        return parse_month(f"{match[1] or match[3]}-{int(match[2] or match[4]):02}")
    return f"{read_day(text):%Y-%m}"


def read_rate(text: str) -> int:
    """Return ppm from a fraction or, with its sign, a percent; more than 1 is surely a slip."""
    ppm = ppm_from_percent(text) if text.endswith("%") else ppm_from_fraction(text)
    if ppm > PPM and not text.endswith("%"):
        raise ValueError(text)
    return ppm


def read_sides(text: str) -> tuple[int, int]:
    """Return ppm of employer and employee from 16/8, percent."""
    employer, employee = _SIDES.split(text.strip('[]()"').replace('"', ""))
    return ppm_from_percent(employer), ppm_from_percent(employee)


def read_one_or_two_sides(text: str) -> tuple[int, int]:
    """Return ppm of both sides, or of the employer alone from a single percentage."""
    if _SIDES.search(text.strip('[]()" ')):
        return read_sides(text)
    return ppm_from_percent(text), 0


def read_injury_class(text: str) -> int:
    """Return an injury class from 1 to 8 (人社部发〔2015〕71号)."""
    if text not in tuple("12345678"):
        raise ValueError(text)
    return int(text)


def read_age(text: str) -> int:
    """Return months from 60, 60.25, 60y3m, 60-3 or 60岁3个月."""
    match = _AGE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    if match[2]:
        return whole_months(read_ratio(text))
    beyond = int(match[3] or 0)
    if beyond >= 12:  # noqa: PLR2004 - months of a year
        raise ValueError(text)
    return int(match[1]) * 12 + beyond


def whole_months(years: Ratio) -> int:
    """Return the months in a number of years.

    :raises ValueError: when it is no whole number of them.
    """
    months, rest = divmod(years.numerator * 12, years.denominator)
    if rest:
        raise ValueError(str(years))
    return months


def read_ratio(text: str) -> Ratio:
    """Return the exact quotient that a decimal string is: 20.5 is 205/10."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    fraction = match[2] or ""
    return Ratio(int(match[1] + fraction), 10 ** len(fraction))


def read_deposits(text: str) -> tuple[tuple[int, int], ...]:
    """Return months of the year and fen from 1:800.00, 1=800, 2025-01:800, 1-12:800 or several."""
    if text.startswith("["):
        return tuple(
            (read_whole(month), fen_from_yuan(yuan)) for month, yuan in _numbers_as_text(text)
        )
    return tuple(deposit for part in _BETWEEN_DEPOSITS.split(text) for deposit in _deposits(part))


def _deposits(text: str) -> Iterator[tuple[int, int]]:
    match = _DEPOSIT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    fen = fen_from_yuan(match[4])
    first = int(match[1] or match[2])
    last = int(match[3] or first)
    if last < first:
        raise ValueError(text)
    for month in range(first, last + 1):
        yield month, fen


def _numbers_as_text(text: str) -> list[Any]:
    """Return a JSON list whose numbers stay text, since a binary fraction is not exact."""
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError as error:
        raise ValueError(text) from error
    return found if isinstance(found, list) else [found]


def read_category(text: str) -> str:
    """Return a retirement category by its code."""
    return RetirementCategory(text).value


def read_whole(text: str) -> int:
    """Return a whole number from zero up."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def read_month_number(text: str) -> int:
    """Return a month of the year, 1 to 12."""
    return int(parse_month(f"2000-{read_whole(text):02}")[-2:])


def read_list(text: str, read: Callable[[str], Any]) -> tuple[Any, ...]:
    """Return what `read` makes of each part between commas or spaces, brackets aside."""
    return tuple(read(part.strip('"')) for part in re.split(r"[,;\s]+", text.strip("[] ")))


def read_year(text: str) -> int:
    """Return a year of four digits."""
    return int(parse_month(f"{text}-01")[:4])


YUAN = Input("yuan", "an amount in yuan from 0 up, such as 7162.00", fen_from_yuan)
RATE = Input("rate", "a rate such as 0.0262 or 2.62%", read_rate)
FACTOR = Input("factor", "a number from 0 up with at most six decimals", ppm_from_fraction)
SIDES = Input("employer/employee", "a pair of percentages such as 16/8", read_sides)
RATE_OF_SIDES = Input(
    "employer/employee", "a percentage or a pair such as 16/8", read_one_or_two_sides
)
PERCENTS = Input(
    "percent", "a percentage such as 9.8", lambda text: read_list(text, ppm_from_percent)
)
PERCENT = Input("percent", "a percentage such as 9.8", ppm_from_percent)
INJURY_CLASS = Input("class", "an injury class from 1 to 8", read_injury_class)
DAY = Input("date", "a date such as 2025-07-15", read_day)
MONTH = Input("month", "a month such as 2025-07", read_month)
MONTH_NUMBER = Input("number", "a month from 1 to 12", read_month_number)
YEAR = Input("year", "a year such as 2025", read_year)
AGE = Input("age", "an age such as 60, 60y3m or 60.25", read_age)
YEARS = Input("years", "a number of years such as 20 or 20.5", read_ratio)
WHOLES = Input("number", "a whole number from 0 up", lambda text: read_list(text, read_whole))
DAYS = Input("date", "a date such as 2025-07-15", lambda text: read_list(text, read_day))
WHOLE = Input("number", "a whole number from 0 up", read_whole)
DEPOSIT = Input("month:yuan", "a month and an amount such as 1:800.00", read_deposits)
CATEGORY = Input("category", "a category: male, female55 or female50", read_category)
