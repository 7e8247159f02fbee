"""What a pack's rows must hold among each other."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator

from siweb.rules.calendar.months import add_months
from siweb.rules.parameters.check_row import row_problems
from siweb.rules.parameters.row import Problem, Row, Sentence, Series


def check_rows(file: str, rows: Iterable[Row]) -> list[Problem]:
    """Return every contradiction within the rows of one pack and among them."""
    series: dict[tuple[str, Series], list[Row]] = defaultdict(list)
    problems: list[Problem] = []
    for row in rows:
        series[row.table, row.series].append(row)
        problems += (Problem(file, *_place(row), what) for what in row_problems(row))
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
