import pytest
import time_machine

from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.registry.codes import Insurance
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    return factories.make_person(session)


@pytest.fixture
def employer(session):
    return factories.make_employer(session, name="甲公司")


@pytest.fixture
def owner(_now, client, session, person):
    """A browser in which the person is signed in and reads English."""
    sign_in(client, session, person)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def full_year(session, person, employer):
    """Five insurances of twelve months in 2025, with a correction in each."""
    for insurance in Insurance:
        factories.make_enrolment(session, person, insurance, employer=employer)
        for number in range(1, 13):
            month = f"2025-{number:02}"
            factories.make_record(session, person, month, insurance, employer=employer)
        factories.make_record(
            session,
            person,
            "2025-12",
            insurance,
            employer=employer,
            kind=RecordKind.ADJUSTMENT,
            base_fen=0,
            declared_base_fen=0,
        )
    session.commit()
