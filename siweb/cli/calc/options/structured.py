"""Options that take lists and objects as JSON: rows of several questions, months with amounts.

Whatever stands inside is read here, by its own kind, so that a wrong value is refused with the
place where it stands before any rule sees it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import click

from siweb.cli.calc.options.inputs import read_day, read_month
from siweb.rules.errors import RuleError
from siweb.rules.insurances import INSURANCES
from siweb.rules.numbers.money import fen_from_yuan

Row = Mapping[str, Any]
_UNREADABLE = (
    RuleError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    RecursionError,
)


class Kind(Protocol):
    """A kind of value: `wanted` completes "... is not" for the person."""

    wanted: str
    read: Callable[[Any], Any]


class PlaceRefused(ValueError):
    """When a value inside a list or an object cannot be read; the message names its place."""


class Structured(click.ParamType[Any]):
    """A value out of JSON, or out of the plain text that stands for one.

    Numbers reach `read` as the text they were, so that no amount passes through a binary fraction.
    """

    def __init__(
        self, name: str, wanted: str, read: Callable[[Any], Any], *, knows_null: bool = False
    ) -> None:
        self.name = name
        self.wanted = wanted
        self.read = read
        self.knows_null = knows_null

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return what was meant, or refuse it in one sentence."""
        if not isinstance(value, str):
            return value
        try:
            return self.read(_parsed(value.strip()))
        except PlaceRefused as error:
            self.fail(str(error), param, ctx)
        except _UNREADABLE:
            self.fail(f"{value!r} is not {self.wanted}.", param, ctx)


def _parsed(text: str) -> Any:
    if text.startswith(("[", "{")) or text == "null":
        return parse_json(text)
    return text


def parse_json(text: str) -> Any:
    """Return JSON whose numbers stay the text they are, Infinity and NaN among them."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def read_at(place: str, kind: Kind, value: Any) -> Any:
    """Return a value that stands inside a list or an object.

    :raises PlaceRefused: naming the place, when it is not of its kind.
    """
    if not isinstance(kind, Structured) and not isinstance(value, str):
        raise PlaceRefused(f"{place}: {_shown(value)} is not {kind.wanted}.")
    try:
        return kind.read(value)
    except PlaceRefused as error:
        raise PlaceRefused(f"{place}, {error}") from error
    except _UNREADABLE as error:
        raise PlaceRefused(f"{place}: {_shown(value)} is not {kind.wanted}.") from error


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=True)


def rows_of(kinds: Mapping[str, Kind], needed: Sequence[str] = ()) -> Structured:
    """Return the kind of a list of objects whose values are of the named kinds.

    A key without a kind is somebody else's word and stays out; null is a value that is not given.
    The `needed` ones must be given.
    """
    return Structured(
        "rows",
        "a JSON list of objects, at least one",
        lambda value: tuple(
            _row(f"row {number}", row, kinds, needed) for number, row in enumerate(_list(value), 1)
        ),
    )


def _row(place: str, row: Any, kinds: Mapping[str, Kind], needed: Sequence[str]) -> Row:
    if not isinstance(row, dict):
        raise PlaceRefused(f"{place}: {_shown(row)} is not an object.")
    for name in needed:
        if row.get(name) is None:
            raise PlaceRefused(f"{place}: {name} is missing.")
    return {
        name: None if row[name] is None else read_at(f"{place}, {name}", kind, row[name])
        for name, kind in kinds.items()
        if name in row
    }


def tuples_of(*kinds: Kind, least: int | None = None) -> Structured:
    """Return the kind of a list of lists whose parts are of these kinds in turn."""
    fewest = len(kinds) if least is None else least
    return Structured(
        "rows",
        "a JSON list of lists, at least one",
        lambda value: tuple(
            _tuple(f"row {number}", row, kinds, fewest)
            for number, row in enumerate(_list(value), 1)
        ),
    )


def _tuple(place: str, row: Any, kinds: Sequence[Kind], least: int) -> tuple[Any, ...]:
    if not isinstance(row, list) or not least <= len(row) <= len(kinds):
        raise PlaceRefused(f"{place}: {_shown(row)} is not a list of {len(kinds)}.")
    return tuple(
        read_at(f"{place}, value {number}", kind, value)
        for number, (kind, value) in enumerate(zip(kinds, row, strict=False), 1)
    )


def table_of(kind: Kind, wanted: str) -> Structured:
    """Return the kind of an object all of whose values are of one kind."""
    return Structured(
        "table",
        wanted,
        lambda value: {name: read_at(name, kind, item) for name, item in value.items()},
    )


def _list(value: Any) -> list[Any]:
    if isinstance(value, list) and value:
        return value
    raise ValueError(value)


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and the parts between commas of a text."""
    if isinstance(value, list):
        return value
    return [part.strip() for part in value.split(",") if part]


def _insurances(value: Any) -> tuple[str, ...]:
    found = tuple(as_list(value))
    for name in found:
        if name not in INSURANCES:
            raise PlaceRefused(f"{_shown(name)} is not one of {', '.join(INSURANCES)}.")
    return found


def signed_yuan(text: Any) -> int:
    """Return fen of an amount that may be below zero, such as a return."""
    return fen_from_yuan(_text(text), negative=True)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(value)


def _amounts(value: Any) -> tuple[int, ...]:
    """Return fen of one amount, or of several as a list or between semicolons."""
    parts = value.split(";") if isinstance(value, str) else _list(value)
    return tuple(fen_from_yuan(_text(yuan)) for yuan in parts)


def _signed(value: Any) -> tuple[int, ...]:
    return tuple(signed_yuan(yuan) for yuan in _list(as_list(value)))


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(value)


def _dated_amounts(value: Any) -> tuple[tuple[Any, int], ...]:
    """Return (day, fen) of [day, yuan] or [day, reference, yuan]."""
    if not all(isinstance(row, list) and 2 <= len(row) <= 3 for row in _list(value)):  # noqa: PLR2004
        raise TypeError(value)
    return tuple((read_day(row[0]), signed_yuan(row[-1])) for row in value)


def _months_due(value: Any) -> tuple[tuple[str, int, Any], ...]:
    return tuple(
        (read_month(month), fen_from_yuan(_text(principal)), read_day(due_on))
        for month, principal, due_on in _list(value)
    )


def _periods(value: Any) -> tuple[tuple[Any, Any], ...]:
    """Return pairs of days from one pair or a list of them."""
    pairs = value if isinstance(_list(value)[0], list) else [value]
    return tuple((read_day(first), read_day(last)) for first, last in pairs)


def _months(value: Any) -> tuple[str, ...]:
    return tuple(read_month(_text(month)) for month in as_list(value))


def _recorded(value: Any) -> tuple[str, ...]:
    """Return the months of a list of months, or of [month, who recorded it], each once.

    A month that stands there twice, the first bill and a difference since, is one month still.
    """
    months = (
        read_month(each[0] if isinstance(each, list) else each) for each in _list(as_list(value))
    )
    return tuple(dict.fromkeys(months))


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
INSURANCE_LIST = Structured(
    "insurances", f"a list of insurances out of {', '.join(INSURANCES)}", _insurances
)
AMOUNTS = Structured("yuan", "an amount in yuan from 0 up, such as 7162.00", _amounts)
SIGNED_AMOUNT = Structured("yuan", "an amount in yuan such as 7162.00 or -100.00", signed_yuan)
SIGNED_AMOUNTS = Structured("yuan", "a list of amounts in yuan", _signed)
FLAG = Structured("flag", "true or false", _flag)
TEXT = Structured("text", "a text", _text)
MONTH_LIST = Structured("months", "a list of months such as 2025-07", _months)
DATED_AMOUNTS = Structured("payments", 'a list such as [["2026-02-04", "4000.00"]]', _dated_amounts)
MONTHS_DUE = Structured(
    "months", 'a list such as [["2026-06", "1744.80", "2026-07-15"]]', _months_due
)
PERIODS = Structured("periods", 'a pair of days such as ["2026-07-16", "2026-12-31"]', _periods)
RECORDED = Structured("recorded", 'a list such as ["2026-07", "2026-08"]', _recorded)
