"""How far somebody is to the months that a pension needs, by the year in which they retire."""

from datetime import date
from typing import NamedTuple

from siweb.ledgers.record.overview import Overview
from siweb.portal.parameters import figures_of
from siweb.rules.benefits.retirement import compute_retirement, minimum_months
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.web.charts.progress import Progress


class Minimum(NamedTuple):
    """Months counted and needed, and the month in which the person is expected to retire."""

    progress: Progress
    retirement_month: str


def towards_minimum(overview: Overview, packs: PackSet, on: date) -> Minimum:
    """Return how far somebody is; an estimate, for the month of retirement is one.

    :raises RuleError: where the packs have no figures.
    """
    in_force = figures_of(packs, overview.region_code, month_of(on))
    schedule = in_force.retirement_schedule(overview.category.value)
    retirement = compute_retirement(month_of(overview.born_on), schedule)
    # Whoever works on beyond it retires this year at the earliest.
    month = max(retirement.retirement_month, month_of(on))
    needed = minimum_months(int(month[:4]), in_force.minimum_months())
    return Minimum(Progress(overview.counted_months, needed), month)
