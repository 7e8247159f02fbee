"""No day or month of a file lies before somebody's birth, or after their death."""

from datetime import date

import pytest

from tests import factories
from tests.bring_in.bring_ins import as_csv

SEEN = ("id_number", "seen_on", "source")
ENROLLED = ("id_number", "insurance", "scheme", "from_month", "to_month")


@pytest.fixture
def number(session, clerk):
    """Somebody who was born on 10 May 1950 and died on 20 March 2026."""
    life = {"born_on": date(1950, 5, 10), "died_on": date(2026, 3, 20)}
    return factories.make_person(session, region_code="310000", **life).id_number


def places(told):
    return [line.partition(":")[0] for line in told]


def test_a_sign_of_life_lies_within_the_life(clerk, number):
    days = ("1950-05-09", "1950-05-10", "2026-03-20", "2026-03-21")

    told = clerk.problems("life_signs", as_csv(SEEN, *((number, day, "就医") for day in days)))

    assert places(told) == ["Row 2, seen_on", "Row 5, seen_on"]
    assert "birth on 1950-05-10" in told[0]
    assert "death on 2026-03-20" in told[1]


@pytest.mark.parametrize(
    ("months", "wrong"),
    [
        (("1950-04", ""), ["Row 2, from_month"]),
        (("1950-05", "2026-03"), []),
        (("1950-05", "2026-04"), ["Row 2, to_month"]),
        (("2026-04", ""), ["Row 2, from_month"]),
    ],
)
def test_the_months_of_birth_and_death_are_within(clerk, number, months, wrong):
    listed = as_csv(ENROLLED, (number, "medical", "resident", *months))

    assert places(clerk.problems("enrolments", listed)) == wrong


def test_money_may_follow_a_death_and_not_precede_a_birth(clerk, number):
    headings = ("id_number", "year", "kind", "amount", "posted_on")

    def posted(year, day):
        return clerk.problems(
            "accounts", as_csv(headings, (number, year, "opening", "100.00", day))
        )

    assert posted("2026", "2026-06-30") == []
    # A birth date that was corrected is not that of the number: the register's counts.
    assert places(posted("1999", "1950-05-09")) == ["Row 2, posted_on"]
