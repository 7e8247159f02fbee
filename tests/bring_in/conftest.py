import pytest

from siweb.web.language.locale import office_language
from tests.bring_in.bring_ins import Clerk


@pytest.fixture(autouse=True)
def _english():
    with office_language("en"):
        yield


@pytest.fixture
def clerk(session):
    from tests import factories

    factories.make_region(session, "310000")
    return Clerk(session)
