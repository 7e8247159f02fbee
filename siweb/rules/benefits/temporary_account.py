"""Whose pension contributions stay in a temporary account (临时基本养老保险缴费账户).

国办发〔2009〕66号 Article 5: whoever is 50 (a man) or 40 (a woman) or older and begins to be
insured in another province than that of the household gets one there. The relation stays where it
was, or with the household; nothing is transferred in, and all of it goes back in the end.
"""

from __future__ import annotations

from datetime import date

from siweb.rules.contributions.flexible import full_years


def is_temporary(
    born_on: date, joined_on: date, *, from_age: int, household: str, place: str
) -> bool:
    """Return whether an account that begins on a day at a place is a temporary one.

    `household` and `place` are provinces, since accounts move between provinces (Article 2).
    `from_age` is that of the person's sex; who has the birthday on the day is of that age (年满).
    """
    return household != place and full_years(born_on, joined_on) >= from_age
