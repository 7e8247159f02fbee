"""What a pack's rows must hold among each other."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator

from siweb.rules.months import add_months
from siweb.rules.parameters.row import Problem, Row, Series

INJURY_CLASSES = 8


def check_rows(file: str, rows: Iterable[Row]) -> list[Problem]:
    """Return every contradiction among the rows of one pack."""
    series: dict[tuple[str, Series], list[Row]] = defaultdict(list)
    problems: list[Problem] = []
    for row in rows:
        series[row.table, row.series].append(row)
        problems += (Problem(file, *_place(row), what) for what in _row_problems(row))
    for same in series.values():
        problems += (Problem(file, *_place(same[0]), what) for what in _period_problems(same))
    return problems


def _place(row: Row) -> tuple[str, str]:
    return row.table, " ".join((*row.series, row.effective_from))


def _row_problems(row: Row) -> Iterator[str]:
    if row.effective_to is not None and row.effective_to < row.effective_from:
        yield f"effective_to {row.effective_to} lies before effective_from {row.effective_from}"
    values = row.values
    if row.table == "limits" and values["base_floor"] > values["base_ceiling"]:
        yield "base_floor is above base_ceiling"
    if row.table in {"rates", "additions"} and "work_injury" in row.series and values["employee"]:
        yield "an employee never pays for work injury (SIL 33)"
    if row.table == "rates" and values.get("account", 0) > values["employer"] + values["employee"]:
        yield "account is more than both sides pay"
    if row.table == "injury_rates" and len(values["rates"]) != INJURY_CLASSES:
        yield f"rates must name {INJURY_CLASSES} classes"
    if row.table == "payment_year":
        yield from _payment_year_problems(values)


def _payment_year_problems(values: object) -> Iterator[str]:
    assert isinstance(values, dict)
    for key in ("first_month", "declare_from_month", "declare_to_month"):
        if not 1 <= values[key] <= 12:  # noqa: PLR2004 - months of a year
            yield f"{key} must be a month from 1 to 12"
    if not 1 <= values["due_day"] <= 28:  # noqa: PLR2004 - every month has it
        yield "due_day must be from 1 to 28, so that every month has it"


def _period_problems(rows: list[Row]) -> Iterator[str]:
    """Yield overlaps and gaps of one series.

    An open row is ended by the next one. A row with its own end must meet the next one exactly,
    unless that was published later and so corrects it.
    """
    ordered = sorted(rows, key=lambda row: (row.effective_from, row.published_on))
    for earlier, later in itertools.pairwise(ordered):
        same_start = earlier.effective_from == later.effective_from
        if same_start and earlier.published_on == later.published_on:
            yield f"two rows from {later.effective_from}, published on the same day, overlap"
        elif earlier.effective_to is not None and not same_start:
            follows = add_months(earlier.effective_to, 1)
            if follows < later.effective_from:
                yield f"a gap from {follows} to {add_months(later.effective_from, -1)}"
            elif follows > later.effective_from and later.published_on <= earlier.published_on:
                yield (
                    f"the row from {earlier.effective_from} to {earlier.effective_to} overlaps "
                    f"the one from {later.effective_from}"
                )
