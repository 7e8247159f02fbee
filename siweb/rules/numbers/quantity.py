"""A figure with its unit, so that page, command and paper write it alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import fraction_from_ppm, percent_from_ppm, shortest_decimal


class Unit(StrEnum):
    """What a figure counts, and in which whole number it is kept."""

    FEN = "fen"
    PERCENT = "percent"  # kept in ppm
    FACTOR = "factor"  # kept in ppm
    EXACT = "exact"  # yuan before rounding, kept in millionths of a fen
    COUNT = "count"
    DAYS = "days"
    MONTHS = "months"
    DAY = "day"  # kept as a date
    MONTH = "month"  # kept as 'YYYY-MM'
    DECIMAL = "decimal"  # kept as its text, for quotients such as months between two birthdays
    WORD = "word"  # a setting's name, kept as its code


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure in the unit's whole number; as text it is canonical and free of language."""

    value: int | str | date
    unit: Unit

    def __str__(self) -> str:
        if isinstance(self.value, int):
            return _text_of(self.value, self.unit)
        return self.value.isoformat() if isinstance(self.value, date) else self.value


def fen(value: int) -> Quantity:
    """Return an amount of `value` fen; its text is yuan, '7162.00'."""
    return Quantity(value, Unit.FEN)


def percent(ppm: int) -> Quantity:
    """Return a rate of `ppm`; its text is '9.8%'."""
    return Quantity(ppm, Unit.PERCENT)


def factor(ppm: int) -> Quantity:
    """Return a multiplier of `ppm`; its text is '0.8'."""
    return Quantity(ppm, Unit.FACTOR)


def exact(value: int) -> Quantity:
    """Return an amount before rounding: fen times ppm; its text is yuan with all its places."""
    return Quantity(value, Unit.EXACT)


def count(value: int) -> Quantity:
    """Return a plain number."""
    return Quantity(value, Unit.COUNT)


def days(value: int) -> Quantity:
    """Return a number of days."""
    return Quantity(value, Unit.DAYS)


def months(value: int) -> Quantity:
    """Return a number of months."""
    return Quantity(value, Unit.MONTHS)


def day(value: date) -> Quantity:
    """Return a calendar day."""
    return Quantity(value, Unit.DAY)


def month(value: str) -> Quantity:
    """Return a calendar month 'YYYY-MM'."""
    return Quantity(value, Unit.MONTH)


def word(code: str) -> Quantity:
    """Return a setting by its code; the reader's words for it come with the page."""
    return Quantity(code, Unit.WORD)


def _text_of(value: int, unit: Unit) -> str:
    if unit is Unit.FEN:
        return yuan_from_fen(value)
    if unit is Unit.PERCENT:
        return f"{percent_from_ppm(value)}%"
    if unit is Unit.FACTOR:
        return fraction_from_ppm(value)
    if unit is Unit.EXACT:
        return shortest_decimal(value, 8)
    return str(value)
