"""What each row of a pack must hold by itself, table by table, and the rows among each other."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from siweb.rules.calendar.months import add_months
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.numbers.rates import PPM
from siweb.rules.parameters.row import Problem, Row, Sentence, Series


def check_rows(file: str, rows: Iterable[Row]) -> list[Problem]:
    """Return every contradiction within the rows of one pack and among them."""
    series: dict[tuple[str, Series], list[Row]] = defaultdict(list)
    problems: list[Problem] = []
    for row in rows:
        series[row.table, row.series].append(row)
        problems += (Problem(file, *_place(row), what) for what in _row_problems(row))
    for same in series.values():
        problems += (Problem(file, *_place(row), what) for row, what in _period_problems(same))
    return problems


def check_completeness(file: str, rows: Iterable[Row]) -> list[Problem]:
    """Return the rates that have no limits, so that no premium could be computed from them."""
    by_table: dict[str, set[Series]] = defaultdict(set)
    for row in rows:
        by_table[row.table].add(row.series)
    without = sorted(by_table["rates"] - by_table["limits"])
    return [
        Problem(file, "rates", " ".join(series), Sentence("has rates but no limits"))
        for series in without
    ]


def _place(row: Row) -> tuple[str, str]:
    return row.table, " ".join((*row.series, row.effective_from))


def _period_problems(rows: list[Row]) -> Iterator[tuple[Row, Sentence]]:
    """Yield overlaps and gaps of one series, at the row where each begins.

    An open row is ended by the next one. A row with its own end must meet the next one exactly,
    unless that was published later and so corrects it.
    """
    ordered = sorted(rows, key=lambda row: (row.effective_from, row.published_on))
    for earlier, later in itertools.pairwise(ordered):
        if earlier.effective_from == later.effective_from:
            # Published on another day it is a correction of the same period: the later one holds.
            if earlier.published_on == later.published_on:
                yield (
                    later,
                    Sentence(
                        "two rows from %(first)s, published on the same day, overlap",
                        first=later.effective_from,
                    ),
                )
        elif earlier.effective_to is not None:
            follows = add_months(earlier.effective_to, 1)
            if follows < later.effective_from:
                last = add_months(later.effective_from, -1)
                yield later, Sentence("a gap from %(first)s to %(last)s", first=follows, last=last)
            elif follows > later.effective_from and later.published_on <= earlier.published_on:
                yield (
                    later,
                    Sentence(
                        "overlaps the row from %(first)s to %(last)s",
                        first=earlier.effective_from,
                        last=earlier.effective_to,
                    ),
                )


# Eight since 人社部发〔2015〕71号.
INJURY_CLASSES = 8
_MONTHS = range(1, 13)
# Every month has these days.
_DUE_DAYS = range(1, 29)
_SATURDAY = 5


def _row_problems(row: Row) -> Iterator[Sentence]:
    """Yield what is wrong within one row, each as the end of a sentence about it."""
    if row.effective_to is not None and row.effective_to < row.effective_from:
        yield Sentence(
            "effective_to %(last)s lies before effective_from %(first)s",
            last=row.effective_to,
            first=row.effective_from,
        )
    if row.values.get("first_month", _MONTHS[0]) not in _MONTHS:
        yield _month("first_month")
    if check := _CHECKS.get(row.table):
        yield from check(row, row.values)


def _month(key: str) -> Sentence:
    return Sentence("%(key)s must be a month from 1 to 12", key=key)


def _at_least_one(key: str) -> Sentence:
    return Sentence("%(key)s must be at least 1", key=key)


def _limits(_row: Row, values: Any) -> Iterator[Sentence]:
    floor, ceiling = values["base_floor"], values["base_ceiling"]
    if floor > ceiling:
        yield Sentence(
            "base_floor %(floor)s is above base_ceiling %(ceiling)s",
            floor=yuan_from_fen(floor),
            ceiling=yuan_from_fen(ceiling),
        )


def _rates(row: Row, values: Any) -> Iterator[Sentence]:
    yield from _work_injury(row, values)
    both = values["employer"] + values["employee"]
    if both > PPM:
        yield Sentence("employer and employee together pay more than 100 %%")
    if values.get("account", 0) > both:
        yield Sentence("account is more than both sides pay")


def _work_injury(row: Row, values: Any) -> Iterator[Sentence]:
    # Also of fixed additions: a sum a month on the employee's side is a share of theirs as well.
    if row.series == ("employee", "work_injury") and values["employee"]:
        yield Sentence("an employee never pays for work injury (SIL 33)")


def _injury_rates(_row: Row, values: Any) -> Iterator[Sentence]:
    if len(values["rates"]) != INJURY_CLASSES:
        yield Sentence(
            "rates must name %(classes)s classes, not %(found)s",
            classes=INJURY_CLASSES,
            found=len(values["rates"]),
        )


def _injury_tiers(row: Row, _values: Any) -> Iterator[Sentence]:
    if not 1 <= int(row.series[0]) <= INJURY_CLASSES:
        yield Sentence("injury_class must be from 1 to %(most)s", most=INJURY_CLASSES)


def _payment_year(_row: Row, values: Any) -> Iterator[Sentence]:
    for key in ("declare_from_month", "declare_to_month"):
        if values[key] not in _MONTHS:
            yield _month(key)
    if values["due_day"] not in _DUE_DAYS:
        yield Sentence("due_day must be from 1 to 28, so that every month has it")


def _certification(_row: Row, values: Any) -> Iterator[Sentence]:
    if values["period_months"] < 1:
        yield _at_least_one("period_months")


def _retirement(_row: Row, values: Any) -> Iterator[Sentence]:
    if values["birth_months_per_step"] < 1:
        yield _at_least_one("birth_months_per_step")


def _pension_months(_row: Row, values: Any) -> Iterator[Sentence]:
    for age, months in values["months"]:
        if months < 1:
            yield Sentence("the months at age %(age)s must be at least 1", age=age)


def _fines(_row: Row, values: Any) -> Iterator[Sentence]:
    if values["least"] > values["most"]:
        yield Sentence(
            "least %(least)s is above most %(most)s", least=values["least"], most=values["most"]
        )


def _calendar(row: Row, values: Any) -> Iterator[Sentence]:
    holidays, working = values["holidays"], values["working_weekends"]
    for day in sorted(holidays | working):
        if str(day.year) != row.series[0]:
            yield Sentence("%(day)s is not in %(year)s", day=day, year=row.series[0])
        if day in holidays and day in working:
            yield Sentence("%(day)s is a holiday and a working weekend at once", day=day)
        if day in working and day.weekday() < _SATURDAY:
            yield Sentence("%(day)s is a working weekend but no Saturday or Sunday", day=day)


_CHECKS: dict[str, Callable[[Row, Any], Iterator[Sentence]]] = {
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
