"""Money and actions of two people want a code of the last minutes, whatever form they come by."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.desk.checking.once import MONEY_FORMS
from siweb.desk.tasks.two_people import BY_TWO, ROUTINE
from siweb.tasks.tables.task import Task
from tests import factories
from tests.auth.second_factor import code_at, give_factor
from tests.conftest import NOW
from tests.papers import paper
from tests.sign_in import EVERY_FUNCTION, sign_in

PROVE = "/account/second-factor/prove"


@pytest.fixture
def clerk(app, session):
    """The browser of somebody who proved their factor at this moment."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False) as client.clock:
        person = factories.make_person(session)
        account = factories.make_account(session, person)
        key, yesterday = app.config["SECRET_KEY"], NOW - timedelta(days=1)
        give_factor(session, account, key=key, at=yesterday)
        sign_in(client, session, person, EVERY_FUNCTION)
        yield client


def forms(app):
    """Every form of the desk: its endpoint and an address of it."""
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", "")
        if "POST" in rule.methods and access.startswith("duty:"):
            yield rule.endpoint, re.sub(r"<(?:[^:<>]+:)?\w+>", "999999", rule.rule)


def test_what_moves_money_or_takes_two_is_not_routine(app):
    endpoints = {endpoint for endpoint, _address in forms(app)}
    money = {
        endpoint
        for endpoint in endpoints
        for name in MONEY_FORMS
        if name.endswith(f".{endpoint.rpartition('.')[2]}")
    }
    assert len(money) >= len(MONEY_FORMS)
    assert endpoints > ROUTINE
    assert not ROUTINE & (money | set(BY_TWO))
    assert not {"task_desk.approve_task", "task_desk.refuse_task", "levy_desk.begin"} & ROUTINE


def test_every_form_but_the_routine_ones_wants_a_fresh_proof(app, clerk, session):
    def asked():
        return {
            endpoint
            for endpoint, address in forms(app)
            if (clerk.post(address).location or "").startswith(PROVE)
        }

    everything = {endpoint for endpoint, _address in forms(app)}
    clerk.clock.shift(timedelta(minutes=9, seconds=59))
    assert asked() == set()
    clerk.clock.shift(timedelta(seconds=1))
    assert asked() == everything - ROUTINE
    # Reading wants the proof of the sign-in, however old.
    assert clerk.get("/desk").status_code == 200


def test_what_was_typed_is_kept_until_the_code_is_entered(clerk, session):
    clerk.clock.shift(timedelta(minutes=11))
    person = factories.make_person(session)
    session.commit()
    typed = {
        "id_number": person.id_number,
        "function": "review",
        "agency": "0",
        **paper("because", "任命"),
    }
    assert clerk.post("/desk/staff", data=typed).location == PROVE
    assert session.scalar(select(func.count(Task.id))) == 0

    kept = clerk.post(PROVE, data={"code": code_at(NOW + timedelta(minutes=11))})
    page = clerk.get(kept.location)

    assert 'action="/desk/staff"' in page.text
    fields = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page.text))
    assert clerk.post("/desk/staff", data=fields).status_code == 303
    assert session.scalar(select(Task.because)) == "材料 任命，2026年8月3日"


def test_a_page_that_sends_by_itself_is_led_there_as_well(clerk):
    clerk.clock.shift(timedelta(minutes=11))
    answer = clerk.post("/desk/staff", data={}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, PROVE)


def test_nobody_without_the_function_is_asked(app, clerk, session):
    stranger = app.test_client()
    sign_in(stranger, session, factories.make_person(session), (Function.REVIEW,))
    clerk.clock.shift(timedelta(minutes=11))
    assert stranger.post("/desk/staff").status_code == 404
