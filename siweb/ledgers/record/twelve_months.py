"""The five insurances of twelve months, as home, the desk and the review show them."""

from collections.abc import Iterable
from typing import NamedTuple

from siweb.ledgers.labels import SHORT_INSURANCES
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.overview import Overview
from siweb.ledgers.record.pictures import picture_mark
from siweb.registry.codes import Insurance
from siweb.web.charts.marks import Grid, MarkRow
from siweb.web.language.formats import month as month_text

_ICONS = {
    Insurance.PENSION: "umbrella",
    Insurance.MEDICAL: "stethoscope",
    Insurance.UNEMPLOYMENT: "briefcase",
    Insurance.WORK_INJURY: "helmet",
    Insurance.MATERNITY: "baby-carriage",
}


class MissingMonth(NamedTuple):
    """A month that should be there, and the insurances that have nothing of it."""

    month: str
    insurances: tuple[str, ...]


class TwelveMonths(NamedTuple):
    """The grid, what is missing in it, and how many months stand open."""

    grid: Grid
    first: str
    last: str
    missing: tuple[MissingMonth, ...]
    unpaid: int


def twelve_months(overview: Overview) -> TwelveMonths | None:
    """Return the grid of those insurances that somebody takes part in; None without any."""
    own = {
        insurance: states
        for insurance, states in overview.marks.items()
        if set(states) != {MarkState.NOT_ENROLLED}
    }
    if not own:
        return None
    return TwelveMonths(
        grid_of(overview.months, own.items()),
        overview.months[0],
        overview.months[-1],
        tuple(_missing(overview)),
        _unpaid(overview),
    )


def grid_of(months: Iterable[str], lines: Iterable[tuple[Insurance, Iterable[MarkState]]]) -> Grid:
    """Return the picture of months in insurances, each with its states in the months' order."""
    rows = tuple(
        MarkRow(
            _ICONS[insurance],
            SHORT_INSURANCES[insurance],
            tuple([picture_mark(state) for state in states]),
        )
        for insurance, states in lines
    )
    return Grid(tuple([(str(int(month[5:])), month_text(month)) for month in months]), rows)


def _missing(overview: Overview) -> list[MissingMonth]:
    found = []
    for place, month in enumerate(overview.months):
        without = tuple(
            insurance.value
            for insurance, states in overview.marks.items()
            if states[place] is MarkState.MISSING
        )
        if without:
            found.append(MissingMonth(month, without))
    return found[::-1]


def _unpaid(overview: Overview) -> int:
    """Return in how many months any insurance was billed and is not paid."""
    columns = zip(*overview.marks.values(), strict=True)
    return sum(MarkState.UNPAID in column for column in columns)
