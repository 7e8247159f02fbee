"""Somebody who may insure herself, and her browser."""

import pytest
import time_machine

from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    return factories.make_person(session, name="王芳", region_code="310000")


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    session.commit()
    return client
