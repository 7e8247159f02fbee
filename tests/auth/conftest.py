import pytest
import time_machine

from siweb.auth.credentials.account import create_account
from tests import factories
from tests.conftest import NOW

PASSWORD = "correct horse battery"


@pytest.fixture
def clock():
    """The time, which a test can move."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(session):
    return factories.make_person(session, name="王芳")


@pytest.fixture
def account(clock, session, person):
    account = create_account(session, person.id, PASSWORD, at=NOW)
    session.commit()
    return account


@pytest.fixture
def browser(clock, client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def enter(browser):
    """Send the sign-in form; with the right password unless told otherwise."""

    def send(person, password=PASSWORD, by=browser, **options):
        form = {"id_number": person.id_number, "password": password}
        return by.post("/sign-in", data=form, **options)

    return send
