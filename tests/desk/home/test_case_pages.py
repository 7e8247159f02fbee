"""Every case has the same frame; which page a line of the list leads to is known from its queue."""

import re

import pytest
import time_machine

from siweb.desk.home.queues import QUEUES
from siweb.desk.people.actions import DEATH
from siweb.desk.tasks.labels import STATES
from siweb.tasks.tables.task import TaskState
from tests import factories
from tests.desk.assessments.test_assessments import NOON
from tests.desk.home.test_work_list import complain, make_task
from tests.sign_in import EVERY_FUNCTION, sign_in
from tests.web.test_look import PAGES, TEMPLATES

FRAMED = {
    "reviews/review", "reviews/tasks/task", "complaints/complaint", "pensions/application",
    "transfers/transfer", "signs/sign", "hire_reports/report", "assessments/case", "service/notice",
    "tasks/task",
}  # fmt: skip
# Money is matched beside its bills, and a bill in arrears beside its fees: pages of their own kind.
OF_MONEY = {"payment_desk", "payout_desk", "entry_desk", "arrears_desk", "benefit_desk"}


@pytest.mark.parametrize("name", sorted(FRAMED))
def test_a_case_of_whatever_kind_stands_in_the_frame(name):
    page = PAGES[TEMPLATES / "desk" / f"{name}.html"]

    assert page.startswith('{% extends "desk/_case.html" %}')
    blocks = set(re.findall(r"{% block (\w+) %}", page))
    assert {"asked", "decision"} <= blocks <= {"asked", "evidence", "decision", "history"}


def test_whatever_waits_leads_to_a_case_in_the_frame_or_to_money():
    rooms = {queue.kind.endpoint.partition(".")[0] for queue in QUEUES if queue.kind.values}

    assert len(rooms - OF_MONEY) == len(FRAMED)


@pytest.fixture
def desk(client, session):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOON, tick=False):
        sign_in(client, session, factories.make_person(session, name="沈经办"), EVERY_FUNCTION)
        yield client


def test_what_is_asked_comes_before_the_decision_and_that_before_what_happened(desk, session):
    person = complain(session, "周若琳", 2)

    page = desk.get("/desk/complaints/TS-周若琳").text.partition("<main")[2]

    parts = ["周若琳 · My employer declared too little", "TS-周若琳", "1 working day left", "工资单",
             "Answer the complaint", "History"]  # fmt: skip
    assert [page.index(words) for words in parts] == sorted(page.index(words) for words in parts)
    assert f'href="/desk/people/{person.id}"' in page


def test_what_one_made_has_no_deed_but_to_withdraw_it(desk, session):
    maker, person = (factories.make_person(session, name=name) for name in ("郑经办", "王芳"))
    make_task(
        session,
        maker,
        kind=DEATH.kind,
        function=DEATH.function,
        subject=f"person:{person.id}",
        person_id=person.id,
        change={"person_id": person.id, "died_on": "2026-08-01"},
    )

    others = desk.get("/desk/tasks/DB1").text
    sign_in(desk, session, maker, EVERY_FUNCTION)
    own = desk.get("/desk/tasks/DB1").text

    assert (others.count("Checked: do it"), own.count("Checked: do it")) == (1, 0)
    assert ("Withdraw it" in others, "Withdraw it" in own) == (False, True)
    assert str(STATES[TaskState.OPEN]) in own
