"""Options that take lists and objects as JSON: rows of several questions, months with amounts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

from siweb.cli.calc.options.inputs import read_day, read_month
from siweb.rules.errors import RuleError
from siweb.rules.insurances import INSURANCES
from siweb.rules.numbers.money import fen_from_yuan

Row = Mapping[str, Any]


class Structured(click.ParamType[Any]):
    """A value out of JSON, or out of the plain text that stands for one.

    Numbers reach `read` as the text they were, so that no amount passes through a binary fraction.
    """

    def __init__(self, name: str, wanted: str, read: Callable[[Any], Any]) -> None:
        self.name = name
        self.wanted = wanted
        self.read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return what was meant, or refuse it in one sentence."""
        if not isinstance(value, str):
            return value
        try:
            return self.read(_parsed(value.strip()))
        except (RuleError, ValueError, KeyError, TypeError, IndexError, AttributeError):
            self.fail(f"{value!r} is not {self.wanted}.", param, ctx)


def _parsed(text: str) -> Any:
    if text.startswith(("[", "{")):
        return json.loads(text, parse_float=str, parse_int=str)
    return text


def is_structured(command: click.Command, params: Mapping[str, Any]) -> bool:
    """Tell whether an option that takes rows or objects was given."""
    return any(
        isinstance(option.type, Structured) and params.get(option.name or "") not in (None, ())
        for option in command.params
    )


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and the parts between commas of a text."""
    return list(value) if isinstance(value, list | tuple) else [w for w in value.split(",") if w]


def words(value: Any) -> tuple[str, ...]:
    """Return the words of a list."""
    return tuple(str(word).strip() for word in as_list(value))


def signed_yuan(text: str) -> int:
    """Return fen of an amount that may be below zero, such as a return."""
    return fen_from_yuan(str(text), negative=True)


def _rows(value: Any) -> tuple[Row, ...]:
    return tuple(dict(row.items()) for row in value)


def _pairs(value: Any) -> tuple[tuple[Any, ...], ...]:
    if not all(isinstance(pair, list) for pair in value):
        raise TypeError(value)
    return tuple(map(tuple, value))


def _dated_amounts(value: Any) -> tuple[tuple[Any, int], ...]:
    """Return (day, fen) of [day, yuan] or [day, reference, yuan]."""
    return tuple((read_day(row[0]), signed_yuan(row[-1])) for row in value)


def _months_due(value: Any) -> tuple[tuple[str, int, Any], ...]:
    return tuple(
        (read_month(month), fen_from_yuan(str(principal)), read_day(due_on))
        for month, principal, due_on in value
    )


def _periods(value: Any) -> tuple[tuple[Any, Any], ...]:
    """Return pairs of days from one pair or a list of them."""
    pairs = value if isinstance(value[0], list) else [value]
    return tuple((read_day(first), read_day(last)) for first, last in pairs)


def _months(value: Any) -> tuple[str, ...]:
    return tuple(read_month(str(month)) for month in as_list(value))


def _recorded(value: Any) -> tuple[str, ...]:
    """Return the months of a list of months, or of [month, who recorded it]."""
    return tuple(read_month(each[0] if isinstance(each, list) else each) for each in value)


def _named_amounts(value: Any) -> dict[str, tuple[int, int]]:
    """Return two amounts in fen for each insurance, from medical=0/3 or from an object."""
    if isinstance(value, str):
        name, pair = value.split("=")
        value = {name: pair.split("/")}
    found = {}
    for name, (first, second) in value.items():
        if name not in (*INSURANCES, "injury"):
            raise ValueError(name)
        found[name] = (fen_from_yuan(str(first)), fen_from_yuan(str(second)))
    return found


NAMED_AMOUNTS = Structured(
    "insurance=yuan/yuan", "an insurance and two amounts such as medical=0/3", _named_amounts
)
ROWS = Structured("rows", "a JSON list of objects", _rows)
PAIRS = Structured("pairs", "a JSON list of lists", _pairs)
TABLE = Structured("table", "a JSON object of lists", lambda value: dict(value.items()))
INSURANCE_LIST = Structured("insurances", "a list of insurances", words)
MONTH_LIST = Structured("months", "a list of months such as 2025-07", _months)
DATED_AMOUNTS = Structured("payments", 'a list such as [["2026-02-04", "4000.00"]]', _dated_amounts)
MONTHS_DUE = Structured(
    "months", 'a list such as [["2026-06", "1744.80", "2026-07-15"]]', _months_due
)
PERIODS = Structured("periods", 'a pair of days such as ["2026-07-16", "2026-12-31"]', _periods)
RECORDED = Structured("recorded", 'a list such as ["2026-07", "2026-08"]', _recorded)
