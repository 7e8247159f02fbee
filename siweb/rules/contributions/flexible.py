"""Flexible workers (灵活就业人员), who may pay alone and owe nothing (SIL 10, 23, 60).

An unpaid month is an unpaid month: no arrears, no late fee, and no paying back afterwards
(人社部发〔2016〕132号), unless a notice opens a month again until a day of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from siweb.rules.calendar.months import months_through
from siweb.rules.numbers.arithmetic import share_of

YOUNGEST = 16
"""Years of age from which somebody works for themselves (劳动法 15: nobody is hired before)."""


@dataclass(frozen=True, slots=True)
class PaidYear:
    """The months of a year that count, and those that stay unpaid."""

    counted: tuple[str, ...]
    unpaid: tuple[str, ...]


def months_of_year(year: int, paid_months: Collection[str]) -> PaidYear:
    """Return which months of a year were paid and which were not, a pause included."""
    asked = tuple(months_through(f"{year:04}-01", f"{year:04}-12"))
    return PaidYear(
        tuple(month for month in asked if month in paid_months),
        tuple(month for month in asked if month not in paid_months),
    )


def is_old_enough(born_on: date, on: date) -> bool:
    """Tell whether somebody may insure themselves on a day: from the sixteenth birthday on."""
    return full_years(born_on, on) >= YOUNGEST


def full_years(born_on: date, on: date) -> int:
    """Return how old somebody is on a day (周岁)."""
    # Born on 29 February: of age on 1 March of a common year, since the tuple compares days.
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def may_be_paid_back(paid_on: date, open_until: date | None) -> bool:
    """Tell whether an unpaid month may still be paid on a day: only through a notice's last day."""
    # As for the months of 2022, which could be paid until 2023-12-31 (人社厅发〔2022〕16号).
    return open_until is not None and paid_on <= open_until


def bases_of_steps(average_wage: int, steps: Iterable[int]) -> tuple[int, ...]:
    """Return the bases in fen of the steps in ppm that a region offers, half up to the fen."""
    return tuple(share_of(average_wage, step) for step in steps)
