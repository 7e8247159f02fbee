"""The years that a record can have."""

from datetime import date

# The first individual accounts and monthly records (国发〔1991〕33号 started the pooling).
FIRST_YEAR = 1991


def is_recorded_year(year: int, today: date) -> bool:
    """Return whether a year can have something recorded as of a day."""
    return FIRST_YEAR <= year <= today.year
