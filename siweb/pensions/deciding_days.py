"""Within how many working days an application for a pension is decided."""

from datetime import date

from siweb.rules.calendar.deadlines import Period
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet

PERIOD = "pension_application"
"""The period of the packs in which an application is decided (OpReg 18)."""


def decision_period(packs: PackSet, region_code: str, on: date) -> Period:
    """Return how long the agency has for an application of a day."""
    return packs.parameters(region_code, month_of(on)).period(PERIOD)
