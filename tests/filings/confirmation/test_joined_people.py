"""Who leaves under the key that stands also leaves where a former key was insured."""

import pytest
from sqlalchemy import select

from siweb.filings.confirmation.joined_people import (
    are_some_joined,
    ending_former,
    goes_on_after,
    without_begun,
)
from siweb.registry.codes import Insurance
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person_alias import PersonAlias
from tests import factories
from tests.conftest import NOW

REGION, OTHER = "310000", "110000"
STOP = "2026-05"


@pytest.fixture
def engine(sqlite_engine):
    """Whose enrolments end is the same on either database."""
    return sqlite_engine


@pytest.fixture
def joined(session):
    """Somebody with a former key; and another such pair."""
    pairs = []
    for _pair in range(2):
        former, stands = (factories.make_person(session, region_code=REGION) for _ in range(2))
        session.add(PersonAlias(former_id=former.id, person_id=stands.id, merged_at=NOW))
        pairs.append((former, stands))
    factories.make_region(session, OTHER)
    session.flush()
    return pairs


def row_of(person):
    """A row that says who left with which month."""
    row = select(factories.Person.id.label("person_id"), _MONTH.label("stop_month")).where(
        factories.Person.id == person.id
    )
    return row.subquery("row").c


_MONTH = select(Enrolment.from_month).where(Enrolment.from_month == STOP).limit(1).scalar_subquery()


@pytest.fixture
def insure(session, employer):
    def insure(person, first, last=None, **values):
        return factories.make_enrolment(
            session, person, employer=values.pop("at", employer), from_month=first, to_month=last,
            **values,
        )  # fmt: skip

    return insure


@pytest.fixture(autouse=True)
def _stop_month(session, insure):
    """The month stands in the table, in its own type."""
    insure(factories.make_person(session, region_code=REGION), STOP, STOP)


def here(employer):
    return (Enrolment.employer_id == employer.id, Enrolment.region_code == REGION)


def test_some_are_joined(session, joined):
    (former, stands), _ = joined
    assert are_some_joined(session, row_of(stands))
    assert not are_some_joined(session, row_of(former))


CASES = [
    # What the former key has, what began under the one that stands, and whether that goes on.
    ({}, {}, True),
    ({"last": STOP}, {}, True),
    ({"last": "2026-04"}, {}, False),
    ({"region_code": OTHER}, {}, False),
    ({"insurance": Insurance.MEDICAL}, {}, False),
    ({"at": "another"}, {}, False),
    ({}, {"first": STOP}, False),
    ({}, {"first": "2026-06"}, True),
    ({}, {"last": "2026-09"}, False),
    ({}, {"at": "another"}, False),
    ({}, {"region_code": OTHER}, False),
]


@pytest.mark.parametrize(("before", "begun", "goes_on"), CASES, ids=str)
def test_what_began_later_and_goes_on_from_a_former_key_never_was(
    session, employer, joined, insure, before, begun, goes_on
):
    (former, stands), (_other, stranger) = joined
    another = factories.make_employer(session, region_code=REGION)

    def made(person, first, last, values):
        values = {**values}
        if "at" in values:
            values["at"] = another
        return insure(
            person, values.pop("first", first), values.pop("last", last),
            insurance=values.pop("insurance", Insurance.PENSION), **values,
        )  # fmt: skip

    made(former, "2024-01", "2026-06", before)
    later = made(stands, "2026-07", None, begun)
    beside = made(stranger, "2026-07", None, {})
    row, key = row_of(stands), (stands.id, later.from_month, later.insurance)

    goes = session.scalar(select(goes_on_after(row, *here(employer))))
    session.execute(
        without_begun(row, goes_on_after(row, *here(employer))).execution_options(
            synchronize_session=False
        )
    )
    session.expunge_all()

    assert bool(goes) is goes_on
    left = session.execute(
        select(Enrolment.person_id, Enrolment.from_month, Enrolment.insurance)
    ).all()
    assert (key in [tuple(each) for each in left]) is not goes_on
    assert beside.person_id in {each.person_id for each in left}


@pytest.mark.parametrize(
    ("first", "last", "whose", "ends"),
    [
        ("2024-01", "2026-06", "former", True),
        (STOP, "2026-06", "former", True),
        ("2026-06", "2026-07", "former", False),
        ("2024-01", STOP, "former", False),
        ("2024-01", None, "former", False),
        ("2024-01", "2026-06", "another's former", False),
        ("2024-01", "2026-06", "stands", False),
        ("2024-01", "2026-06", "elsewhere", False),
    ],
)
def test_a_former_enrolment_ends_where_its_person_left(
    session, employer, joined, insure, first, last, whose, ends
):
    (former, stands), (strange, _) = joined
    person = {"another's former": strange, "stands": stands}.get(whose, former)
    at = factories.make_employer(session) if whose == "elsewhere" else employer
    insure(person, first, last, at=at)
    session.expunge_all()

    session.execute(
        ending_former(row_of(stands), *here(employer)).execution_options(synchronize_session=False)
    )

    found = session.scalar(select(Enrolment.to_month).where(Enrolment.person_id == person.id))
    assert found == (STOP if ends else last)
