"""What the values of one row must hold among each other, table by table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import PPM
from siweb.rules.parameters.row import Row

# Eight since 人社部发〔2015〕71号.
INJURY_CLASSES = 8
_MONTHS = range(1, 13)
# Every month has these days.
_DUE_DAYS = range(1, 29)
_SATURDAY = 5


def row_problems(row: Row) -> Iterator[str]:
    """Yield what is wrong within one row, each as the end of a sentence about it."""
    if row.effective_to is not None and row.effective_to < row.effective_from:
        yield f"effective_to {row.effective_to} lies before effective_from {row.effective_from}"
    if row.values.get("first_month", _MONTHS[0]) not in _MONTHS:
        yield "first_month must be a month from 1 to 12"
    if check := _CHECKS.get(row.table):
        yield from check(row, row.values)


def _limits(_row: Row, values: Any) -> Iterator[str]:
    floor, ceiling = values["base_floor"], values["base_ceiling"]
    if floor > ceiling:
        yield f"base_floor {yuan_from_fen(floor)} is above base_ceiling {yuan_from_fen(ceiling)}"


def _rates(row: Row, values: Any) -> Iterator[str]:
    yield from _work_injury(row, values)
    both = values["employer"] + values["employee"]
    if both > PPM:
        yield "employer and employee together pay more than 100 %"
    if values.get("account", 0) > both:
        yield "account is more than both sides pay"


def _work_injury(row: Row, values: Any) -> Iterator[str]:
    if row.series == ("employee", "work_injury") and values["employee"]:
        yield "an employee never pays for work injury (SIL 33)"


def _injury_rates(_row: Row, values: Any) -> Iterator[str]:
    if len(values["rates"]) != INJURY_CLASSES:
        yield f"rates must name {INJURY_CLASSES} classes, not {len(values['rates'])}"


def _injury_tiers(row: Row, _values: Any) -> Iterator[str]:
    if not 1 <= int(row.series[0]) <= INJURY_CLASSES:
        yield f"injury_class must be from 1 to {INJURY_CLASSES}"


def _payment_year(_row: Row, values: Any) -> Iterator[str]:
    for key in ("declare_from_month", "declare_to_month"):
        if values[key] not in _MONTHS:
            yield f"{key} must be a month from 1 to 12"
    if values["due_day"] not in _DUE_DAYS:
        yield "due_day must be from 1 to 28, so that every month has it"


def _certification(_row: Row, values: Any) -> Iterator[str]:
    if values["period_months"] < 1:
        yield "period_months must be at least 1"


def _retirement(_row: Row, values: Any) -> Iterator[str]:
    if values["birth_months_per_step"] < 1:
        yield "birth_months_per_step must be at least 1"


def _pension_months(_row: Row, values: Any) -> Iterator[str]:
    for age, months in values["months"]:
        if months < 1:
            yield f"the months at age {age} must be at least 1"


def _fines(_row: Row, values: Any) -> Iterator[str]:
    if values["least"] > values["most"]:
        yield f"least {values['least']} is above most {values['most']}"


def _calendar(row: Row, values: Any) -> Iterator[str]:
    holidays, working = values["holidays"], values["working_weekends"]
    for day in sorted(holidays | working):
        if str(day.year) != row.series[0]:
            yield f"{day} is not in {row.series[0]}"
        if day in holidays and day in working:
            yield f"{day} is a holiday and a working weekend at once"
        if day in working and day.weekday() < _SATURDAY:
            yield f"{day} is a working weekend but no Saturday or Sunday"


_CHECKS: dict[str, Callable[[Row, Any], Iterator[str]]] = {
    "limits": _limits,
    "rates": _rates,
    "additions": _work_injury,
    "injury_rates": _injury_rates,
    "injury_tiers": _injury_tiers,
    "payment_year": _payment_year,
    "certification": _certification,
    "retirement": _retirement,
    "pension_months": _pension_months,
    "fines": _fines,
    "calendar": _calendar,
}
