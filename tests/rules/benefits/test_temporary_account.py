"""Whose account is a temporary one, on every day around the birthday that decides it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.benefits.temporary_account import is_temporary

BIRTHS = st.dates(date(1940, 1, 1), date(1985, 12, 31))
AGES = st.sampled_from([50, 40])


def birthday(born_on, age):
    """The day on which somebody is of an age; who was born on 29 February is so on 1 March."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


@given(born_on=BIRTHS, from_age=AGES, days=st.integers(-15_000, 15_000))
def test_it_is_temporary_from_the_birthday_on_and_never_at_home(born_on, from_age, days):
    joined_on = birthday(born_on, from_age) + timedelta(days=days)
    by = {"from_age": from_age, "place": "31"}

    assert is_temporary(born_on, joined_on, household="51", **by) is (days >= 0)
    assert not is_temporary(born_on, joined_on, household="31", **by)


@pytest.mark.parametrize("from_age", [50, 40])
@pytest.mark.parametrize("born_on", [date(1966, 11, 2), date(1976, 2, 29), date(1960, 1, 1)])
def test_the_day_before_the_birthday_is_not_yet_of_that_age(born_on, from_age):
    day = birthday(born_on, from_age)
    by = {"from_age": from_age, "household": "51", "place": "31"}

    assert not is_temporary(born_on, day - timedelta(days=1), **by)
    assert is_temporary(born_on, day, **by)
