"""How money, months, days and ID numbers are written, by locale."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import gettext

from siweb.clock import OFFICE_ZONE
from siweb.web.charts.qr_picture import qr_picture
from siweb.web.language.labelled_cells import labelled_cells
from siweb.web.language.locale import preferences
from siweb.web.language.whole_dates import whole_dates, whole_value


def yuan(fen: int) -> str:
    """Return an amount as '1,234.56 元' or 'CNY 1,234.56'."""
    return yuan_in(preferences().locale, fen)


def yuan_in(locale: str, fen: int) -> str:
    """Return an amount in a language: a page of many asks once for its reader's."""
    number = yuan_number(fen)
    return f"{number} 元" if locale == "zh_Hans" else f"CNY {number}"


def yuan_number(fen: int) -> str:
    """Return an amount as '1,234.56', for a column whose heading names the unit."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def percent(ppm: int) -> str:
    """Return a rate in parts per million as '9.8 %'."""
    text = format(Decimal(ppm).scaleb(-4).normalize(), "f")
    return f"{text}%" if preferences().locale == "zh_Hans" else f"{text} %"


def month(value: str) -> str:
    """Return a month 'YYYY-MM' as '2026年3月' or 'March 2026'."""
    first = date(int(value[:4]), int(value[5:]), 1)
    locale = preferences().locale
    return _written(first, "y年M月" if locale == "zh_Hans" else "MMMM y", locale)


def month_range(first: str, last: str) -> str:
    """Return the months from one to another; one alone is named once."""
    if first == last:
        return month(first)
    return str(gettext("%(first)s to %(last)s", first=month(first), last=month(last)))


def day(value: date) -> str:
    """Return a day as '2026年3月5日' or '5 March 2026'."""
    locale = preferences().locale
    return _written(value, "y年M月d日" if locale == "zh_Hans" else "d MMMM y", locale)


@lru_cache(maxsize=1024)
def _written(value: date, shape: str, locale: str) -> str:
    """Return a day in words: pages name the same few days, and Babel reads the shape each time."""
    return format_date(value, shape, locale=locale)


def instant(value: datetime) -> str:
    """Return an instant at the office's clock, to the minute."""
    locale = preferences().locale
    shape = "y年M月d日 HH:mm" if locale == "zh_Hans" else "d MMMM y HH:mm"
    return format_datetime(value.astimezone(OFFICE_ZONE), shape, locale=locale)


def clock_time(value: datetime) -> str:
    """Return the time of day of an instant at the office's clock: '14:05'."""
    local = value.astimezone(OFFICE_ZONE)
    return f"{local.hour:02}:{local.minute:02}"


def count(value: int) -> str:
    """Return a whole number with its thousands marked."""
    return format_decimal(value, locale=preferences().locale)


def in_brackets(text: object) -> str:
    """Return a remark to what stands before it: '（上限）', and ' (the ceiling)' with its space."""
    return f"（{text}）" if preferences().locale == "zh_Hans" else f" ({text})"


def masked_id(id_number: str) -> str:
    """Return an ID number with only its first and its last four characters."""
    return f"{id_number[:4]}{'*' * (len(id_number) - 8)}{id_number[-4:]}"


def masked_name(name: str) -> str:
    """Return a name of which only the first character is shown."""
    # One star at least and three at most, so that their number does not tell a rare name.
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)


def install(app: Flask) -> None:
    """Make the formats filters of the templates."""
    for filter_ in (
        yuan,
        yuan_number,
        percent,
        month,
        month_range,
        day,
        instant,
        clock_time,
        count,
        in_brackets,
        masked_id,
        masked_name,
        qr_picture,
        labelled_cells,
        whole_dates,
        whole_value,
    ):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.globals["preferences"] = preferences
