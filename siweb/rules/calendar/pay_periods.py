"""How often somebody who insures themselves pays: by the month, the quarter or the year.

Months are billed and posted one by one whatever is chosen; the choice says until which closing day
they may be paid. After that day a month stays unpaid (人社部发〔2016〕132号).
"""

from enum import StrEnum

from siweb.rules.calendar.months import add_months, months_through, parse_month


class Every(StrEnum):
    """So often somebody pays."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def months_paid_together(month: str, every: Every) -> tuple[str, ...]:
    """Return the months of the calendar's month, quarter or year that a month lies in.

    :raises MonthRefused: when it is no month.
    """
    number, length = int(parse_month(month)[5:]), _MONTHS[every]
    first = add_months(month, -((number - 1) % length))
    return tuple(months_through(first, add_months(first, length - 1)))
