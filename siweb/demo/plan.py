"""What is made: how many of each kind, where, over which months."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing

REGIONS = ("310000", "330100")
HISTORY_MONTHS = 36
LEVIED_MONTHS = 3


class Kind(StrEnum):
    EMPLOYEE = "employee"
    FLEXIBLE = "flexible"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is made and for which day; the same plan makes the same data."""

    on: date
    people: int = 1_000
    employers: int = 40
    seed: int = 2026

    @property
    def last_month(self) -> str:
        """The last month that is over."""
        return add_months(month_of(self.on), -1)

    @property
    def first_month(self) -> str:
        """The first month of the history."""
        return add_months(self.last_month, 1 - HISTORY_MONTHS)

    @property
    def levied_months(self) -> list[str]:
        """The last months, which the office's own levy bills; those before were only recorded."""
        return [add_months(self.last_month, -ago) for ago in range(LEVIED_MONTHS - 1, -1, -1)]

    @property
    def reviewed_year(self) -> int:
        """The year that the record check looks back on: the last one that is over."""
        return self.on.year - 1


def day_with_figures(packs: PackSet, on: date) -> date:
    """Return `on`, or the last day before it for which both regions' figures are known.

    The packs end some time after they were published; the demonstration then lives in their past.
    """
    day = on
    while not all(_has_figures(packs, region, add_months(month_of(day), 1)) for region in REGIONS):
        day = date(day.year - 1, day.month, min(day.day, 28))
    return day


def _has_figures(packs: PackSet, region: str, month: str) -> bool:
    try:
        packs.parameters(region, month).premium_terms("pension", "flexible")
    except ParameterMissing:
        return False
    return True
