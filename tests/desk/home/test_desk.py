"""The desk's first page counts what waits, and only staff find it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event

from siweb.audit.chain.seal import seal_lines
from siweb.collection.assessments.hear import hear
from tests import factories
from tests.audit.activity_log import KEYS, write_lines
from tests.collection.make_cases import AT, DECIDER, ON, find, make_staff, propose, report
from tests.desk.assessments.test_assessments import NOON, text_of
from tests.sign_in import EVERY_FUNCTION, sign_in


@pytest.fixture
def browser(client, session):
    with time_machine.travel(NOON, tick=False):
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


def test_it_counts_what_waits(browser, session):
    report(session)
    hear(session, propose(session), "", actor=DECIDER, on=ON, at=AT)
    propose(session)
    make_staff(session)
    find(session)
    sign_in(browser, session, factories.make_person(session), EVERY_FUNCTION)

    page = text_of(browser.get("/desk"))

    assert page.count("Assessments to decide") == 2
    assert page.count(" (1)</option>") == 3


def test_it_says_when_the_activity_log_waits_for_its_seal(browser, session):
    said = "The activity log has not been sealed since 20 August 2026 12:00."
    sign_in(browser, session, factories.make_person(session), EVERY_FUNCTION)
    write_lines(session, 1)
    assert said not in text_of(browser.get("/desk"))

    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        late = text_of(browser.get("/desk"))
        seal_lines(session, KEYS, at=AT)
        sealed = text_of(browser.get("/desk"))

    assert (said in late, said in sealed) == (True, False)


def test_staff_are_led_there_from_home(browser, session):
    sign_in(browser, session, factories.make_person(session), EVERY_FUNCTION)

    assert 'href="/desk"' in text_of(browser.get("/"))


def test_for_others_it_does_not_exist(browser, session):
    sign_in(browser, session, factories.make_person(session))

    assert browser.get("/desk").status_code == 404
    assert 'href="/desk"' not in text_of(browser.get("/"))


def test_it_costs_few_statements(browser, session, engine):
    sign_in(browser, session, factories.make_person(session), EVERY_FUNCTION)
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    assert browser.get("/desk").status_code == 200
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 8
