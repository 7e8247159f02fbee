"""Until when a row may be trusted: limits are new every payment year, and notices name their end.

Notices came from just before to twelve months after the start of a payment year. Until then the
last figures are lawfully used and adjusted later, so that a stale figure is a warning, never a
refusal. A row with an end of its own gives nothing after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from siweb.rules.calendar.months import add_months, month_index
from siweb.rules.insurances import INSURANCES
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.row import Row
from siweb.rules.parameters.tables import TABLES, Year
from siweb.rules.sources import Source

_JANUARY = 1
_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Staleness:
    """A figure that is only provisional: `since` is the first month whose notice is missing."""

    source: Source
    since: str


def year_start(month: str, first_month: int) -> str:
    """Return the first month of the payment year of `month`, for years that begin in `first_month`.

    :raises MonthRefused: before the first payment year that begins after year 0.
    """
    since_start = (month_index(month) - (first_month - _JANUARY)) % _MONTHS_OF_A_YEAR
    return add_months(month, -since_start)


def stale_since(effective_from: str, first_month: int, month: str) -> str | None:
    """Return the first month for which a row that began in `effective_from` is provisional.

    That is the start of the payment year after its own; None while `month` lies before it.
    """
    next_year = add_months(year_start(effective_from, first_month), _MONTHS_OF_A_YEAR)
    return next_year if month >= next_year else None


def is_rate_published(effective_to: str | None, month: str) -> bool:
    """Tell whether a rate whose notice names its own end still holds; it is never carried on."""
    return effective_to is None or month <= effective_to


def staleness_of(parameters: ParameterSet, table: str, *series: str) -> Staleness | None:
    """Return since when the row in force is provisional for the set's month; None while it holds.

    Only figures that are set anew by the year age; None as well where no row is in force.
    """
    row = parameters.optional_row(table, *series)
    first_month = None if row is None else _first_month(parameters, row)
    if row is None or first_month is None:
        return None
    since = stale_since(row.effective_from, first_month, parameters.month)
    return None if since is None else Staleness(row.source, since)


def stale_limits(
    parameters: ParameterSet, scheme: str, insurances: Iterable[str] | None = None
) -> tuple[Staleness, ...]:
    """Return the limits and yearly fixed sums of a scheme that are provisional for the set's month.

    In the order of the insurances: all that the scheme has in the region, unless some are named.
    """
    asked = parameters.insurances(scheme) if insurances is None else insurances
    found = (
        staleness_of(parameters, table, scheme, insurance)
        for insurance in asked
        for table in ("limits", "additions")
    )
    return tuple(each for each in found if each is not None)


def ended_rates(parameters: ParameterSet, scheme: str) -> tuple[Source, ...]:
    """Return the rates of a scheme whose notice ended before the set's month, without a next one.

    No premium can be computed from them: the levy and the calculators say so instead of leaving
    the insurance out in silence.
    """
    before = (
        parameters.packs.latest(
            parameters.region, "rates", (scheme, insurance), parameters.month, parameters.as_of
        )
        for insurance in INSURANCES
    )
    return tuple(
        row.source
        for row in before
        if row is not None and not is_rate_published(row.effective_to, parameters.month)
    )


def _first_month(parameters: ParameterSet, row: Row) -> int | None:
    """Return where the year of a row's figures begins, its own month before the table's year."""
    own: int | None = row.values.get("first_month")
    year = TABLES[row.table].year
    if own is not None or year is None:
        return own
    return parameters.payment_year().first_month if year is Year.PAYMENT else _JANUARY
