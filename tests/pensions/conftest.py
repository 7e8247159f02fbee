"""Somebody who may apply for a pension, and two who decide it."""

from datetime import date

import pytest
import time_machine

from siweb.auth.tables.appointment import Function
from siweb.ledgers.tables.account_entry import EntryKind
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

REGION = "310000"


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(now, session):
    """A man of 63 with 180 months that count as paid, twelve paid here and 120,000 yuan."""
    found = factories.make_person(
        session, name="王建国", region_code=REGION, born_on=date(1963, 6, 5), deemed_months=180
    )
    for month in range(1, 13):
        factories.make_record(session, found, f"2025-{month:02}")
    factories.make_account_entry(session, found, 2025, EntryKind.OPENING, 12_000_000)
    session.commit()
    return found


@pytest.fixture
def browser(now, app, session):
    def signed_in(who, *functions):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, who, functions)
        session.commit()
        return client

    return signed_in


@pytest.fixture
def me(browser, person):
    return browser(person)


@pytest.fixture
def clerks(browser, session):
    return [
        browser(factories.make_person(session, name=name), Function.REVIEW) for name in ("甲", "乙")
    ]
