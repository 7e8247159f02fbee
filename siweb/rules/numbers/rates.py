"""Rates are whole parts per million; people write percents, laws and files write fractions."""

from __future__ import annotations

import re

from siweb.rules.errors import RuleError

# Finer than any published figure: Shanghai counts 0.083 % of a pension for a month, 830.
PPM = 1_000_000

# Python makes no integer of thousands of digits, and no rate has as many as these.
_NUMBER = re.compile(r"(-?)(\d{1,18})(?:\.(\d+))?", re.ASCII)


class RateRefused(RuleError):
    """When a text is not a rate.

    Codes: rate (not a number), rate_precision (finer than one part per million), rate_negative.
    """


def ppm_from_percent(text: str) -> int:
    """Return parts per million of a percent string: '9.8' and '9.8%' are 98 000.

    :raises RateRefused: for anything else, below zero, and finer than 0.0001 %.
    """
    return _scaled(text.strip().removesuffix("%"), 4)


def ppm_from_fraction(text: str) -> int:
    """Return parts per million of a fraction or a multiple: '0.0262' is 26 200, '0.8' 800 000.

    :raises RateRefused: for anything else, below zero, and finer than one part per million.
    """
    return _scaled(text.strip(), 6)


def percent_from_ppm(ppm: int) -> str:
    """Return the shortest percent string without its sign: 98 000 is '9.8'."""
    return shortest_decimal(ppm, 4)


def fraction_from_ppm(ppm: int) -> str:
    """Return the shortest decimal string: 26 200 is '0.0262'."""
    return shortest_decimal(ppm, 6)


def shortest_decimal(number: int, places: int) -> str:
    """Return number / 10**places as a decimal string without zeros at its end."""
    whole, rest = divmod(abs(number), 10**places)
    fraction = f"{rest:0{places}}".rstrip("0")
    return f"{'-' if number < 0 else ''}{whole}{'.' if fraction else ''}{fraction}"


def _scaled(text: str, places: int) -> int:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise RateRefused("rate", text=text)
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > places:
        raise RateRefused("rate_precision", text=text)
    ppm = int(match[2] + fraction.ljust(places, "0"))
    if match[1] and ppm:
        raise RateRefused("rate_negative", text=text)
    return ppm
