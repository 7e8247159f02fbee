"""A death ends what runs with its month, and nothing of somebody else."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.registry.codes import Insurance
from siweb.registry.find_person import find_person
from siweb.registry.register_death import DeathRefused, register_death
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
ACTOR = Actor(7, 8)


@pytest.fixture
def person(session):
    return factories.make_person(session, born_on=date(1980, 5, 1))


def register(session, person, died_on, on=TODAY):
    return register_death(session, person.id, died_on, on=on, actor=ACTOR, at=NOW)


@pytest.mark.parametrize(
    ("from_month", "to_month", "ends"),
    [
        ("2024-01", None, "2026-11"),
        ("2024-01", "2026-12", "2026-11"),
        ("2024-01", "2026-11", "2026-11"),
        ("2024-01", "2026-10", "2026-10"),
        ("2026-11", None, "2026-11"),
        ("2026-12", None, "taken out"),
        ("2027-01", "2027-03", "taken out"),
    ],
)
def test_an_enrolment_lasts_through_the_month_of_the_death(
    session, person, from_month, to_month, ends
):
    other = factories.make_enrolment(session, factories.make_person(session))
    factories.make_enrolment(
        session, person, Insurance.MEDICAL, from_month=from_month, to_month=to_month
    )

    register(session, person, date(2026, 11, 1))
    session.expire_all()

    kept = session.scalar(select(Enrolment.to_month).where(Enrolment.person_id == person.id))
    assert (kept or "taken out") == ends
    assert other.to_month is None
    (noted,) = session.scalars(select(Activity).where(Activity.action == "person.died"))
    assert noted.facts["never_began"] == ([["medical", from_month]] if ends == "taken out" else [])
    assert (noted.facts["died_on"], noted.person_id) == ("2026-11-01", person.id)


@pytest.mark.parametrize("died_on", [TODAY, date(1980, 5, 1)])
def test_the_first_and_the_last_day_that_can_be(session, person, died_on):
    assert register(session, person, died_on).died_on == died_on


@pytest.mark.parametrize(
    ("died_on", "code"), [(date(2026, 11, 25), "to_come"), (date(1980, 4, 30), "before_birth")]
)
def test_a_day_beyond_them_is_refused_and_nothing_ends(session, person, died_on, code):
    enrolment = factories.make_enrolment(session, person)

    with pytest.raises(DeathRefused) as refused:
        register(session, person, died_on)

    assert refused.value.code == code
    assert (person.died_on, enrolment.to_month) == (None, None)


def test_a_death_is_registered_once(session, person):
    register(session, person, date(2026, 11, 1))

    with pytest.raises(DeathRefused) as refused:
        register(session, person, date(2026, 10, 1))

    assert refused.value.code == "known"
    assert person.died_on == date(2026, 11, 1)


def test_a_person_is_found_by_the_whole_number_only(session, person):
    assert find_person(session, person.id_number) == person.id
    assert find_person(session, person.id_number[:-1]) is None
