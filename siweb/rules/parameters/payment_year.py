"""The payment year a month lies in, and until when its bases can be declared."""

from datetime import date

from siweb.rules.calendar.months import add_months, last_day
from siweb.rules.parameters.parameter_set import ParameterSet


def payment_year_of(parameters: ParameterSet, month: str) -> str:
    """Return the first month of the payment year that a month lies in."""
    start = f"{month[:4]}-{parameters.payment_year().first_month:02d}"
    return start if start <= month else add_months(start, -12)


def last_to_declare(parameters: ParameterSet, start: str) -> str:
    """Return the month at whose end the time to declare for a payment year is over."""
    # In the year of the start itself: the windows known lie before a July or after a January,
    # none across a new year.
    return f"{start[:4]}-{parameters.payment_year().declare_to_month:02d}"


def is_declaration_over(parameters: ParameterSet, start: str, on: date) -> bool:
    """Return whether the time to declare for the payment year that starts then is over."""
    return on > last_day(last_to_declare(parameters, start))
