import pytest
import time_machine

from siweb.web.language.locale import office_language
from tests import factories
from tests.bring_in.bring_ins import Clerk
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _english():
    with office_language("en"):
        yield


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clerk(session):
    factories.make_region(session, "310000")
    return Clerk(session)
