"""What a month of one insurance looks like: the states that every grid of months shows."""

from enum import StrEnum


class MarkState(StrEnum):
    """What a month of one insurance looks like to the person it belongs to."""

    # Sixty to a page: looked up as the plain words that they are.
    __hash__ = str.__hash__

    PAID = "paid"
    BACK_PAID = "back_paid"
    UNPAID = "unpaid"
    # Enrolled and the month is over, but nothing was recorded.
    MISSING = "missing"
    NOT_ENROLLED = "not_enrolled"
    NOT_DUE = "not_due"


PAID_STATES = (MarkState.PAID, MarkState.BACK_PAID)
