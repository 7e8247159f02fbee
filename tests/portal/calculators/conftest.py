import re

import pytest
import time_machine

from tests import factories
from tests.conftest import NOW

BEIJING, SHANGHAI, SHENZHEN, ELSEWHERE = "110000", "310000", "440300", "320100"


@pytest.fixture
def visitor(client, session):
    """A browser that reads English, on a fixed day, in an office with three cities' figures."""
    for code in (BEIJING, SHANGHAI, SHENZHEN):
        factories.make_region(session, code)
    session.commit()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        yield client


@pytest.fixture
def asked(visitor):
    """Open a calculator with answers; return the page and its words without markup."""

    def ask(kind, code=BEIJING, status=200, headers=None, **answers):
        address = f"/cities/{code}/calculators/{kind}"
        response = visitor.get(address, query_string=answers, headers=headers)
        assert response.status_code == status
        return response.get_data(as_text=True)

    return ask


def words(page):
    """Return what is read on a page, without markup and runs of spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).strip()
