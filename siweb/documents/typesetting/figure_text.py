"""Figures of a payload as the paper's language writes them; no request is needed."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from siweb.clock import office_day
from siweb.documents.payload import Value, Words
from siweb.rules.numbers.rates import percent_from_ppm

NameText = Callable[[str], str]
"""How the name of a person is written: in full, or masked."""

_CHINESE = "zh_Hans"


def value_text(value: Value, locale: str, name_text: NameText = str) -> str:
    """Return a value of a payload: a text as it is, words and figures in the paper's language."""
    if isinstance(value, str):
        return value
    if locale in value:
        return str(value[locale])
    if "name" in value:
        return name_text(value["name"])
    return _figure_text(value, locale)


def with_figures(sentence: Words, **figures: Value) -> Words:
    """Return a sentence with figures in the places named after them, as each language writes them.

    A rate lies in a dated row of a pack: a paper says the one that it was made by.
    """
    return {
        locale: words % {name: value_text(value, locale) for name, value in figures.items()}
        for locale, words in sentence.items()
    }


def day_text(value: date, locale: str) -> str:
    """Return a day as '2026年3月5日' or '5 March 2026'."""
    shape = "y年M月d日" if locale == _CHINESE else "d MMMM y"
    return str(format_date(value, shape, locale=locale))


def issue_day_text(at: datetime, locale: str) -> str:
    """Return the office's day of an instant."""
    return day_text(office_day(at), locale)


def amount_text(fen: int) -> str:
    """Return an amount as '1,234.56', for a column whose heading names the unit."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def _figure_text(figure: Mapping[str, Any], locale: str) -> str:
    ((unit, value),) = figure.items()
    is_chinese = locale == _CHINESE
    if unit == "fen":
        return f"{amount_text(value)} 元" if is_chinese else f"CNY {amount_text(value)}"
    if unit == "amount":
        return amount_text(value)
    if unit == "ppm":
        return f"{percent_from_ppm(value)}%" if is_chinese else f"{percent_from_ppm(value)} %"
    if unit == "day":
        return day_text(date.fromisoformat(value), locale)
    if unit == "month":
        first = date.fromisoformat(f"{value}-01")
        return str(format_date(first, "y年M月" if is_chinese else "MMMM y", locale=locale))
    if unit == "months":
        return f"{value} 个月" if is_chinese else f"{value} month{'' if value == 1 else 's'}"
    raise ValueError(f"{unit} is not a unit of figures on papers")
