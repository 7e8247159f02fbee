"""An action of two people is done by two, each with the function where it lies."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import event, select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.desk.people.actions import HEIRS
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.registry.codes import AgencyKind
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person
from siweb.rules.parameters.parameter_set import ParameterMissing
from siweb.tasks.propose import ProposalRefused, propose
from siweb.tasks.tables.task import Task, TaskState
from siweb.tasks.two_person_action import Doing
from siweb.web.language.formats import masked_id
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.sign_in import appoint, sign_in

HERE, ELSEWHERE = "310100", "320100"
CERTIFIED = {
    "other_region": "南京市", "from_month": "2019-03", "through_month": "2021-12",
    "months": "30", "amount": "12,345.60", **paper("certificate", "转移信息表〔2026〕8号"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(app, session):
    """A browser in which somebody is signed in; functions are held for agencies, 0 for all."""

    def signed_in(person, held):
        for function, agency_id in held:
            appoint(session, person, function, agency_id=agency_id or None)
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, person)
        return client

    return signed_in


@pytest.fixture
def agencies(session):
    made = {}
    for region in (HERE, ELSEWHERE):
        agency = Agency(
            region_code=factories.make_region(session, region).code, kind=AgencyKind.HRSS,
            name_zh=f"机构{region}", name_en=f"Agency of {region}", address_zh="", address_en="",
            phone="12333",
        )  # fmt: skip
        session.add(agency)
        session.flush()
        made[region] = agency.id
    return made


@pytest.fixture
def heirs(session):
    """A task about the account of somebody who died, made by a colleague."""
    dead = factories.make_person(session, died_on=date(2026, 1, 2))
    factories.make_account_entry(session, dead, 2025, EntryKind.OPENING, 80_000)
    maker = factories.make_person(session)
    account = factories.make_account(session, maker)
    doing = Doing(Actor(account.id, maker.id), NOW, packs_in_force(session))
    task = propose(
        session, HEIRS, f"person:{dead.id}", {"person_id": dead.id}, "公证书",
        region_code=HERE, person_id=dead.id, doing=doing,
    )  # fmt: skip
    session.commit()
    return task


def test_of_two_made_at_the_same_moment_one_waits(session, heirs, monkeypatch):
    """The second looked before the first was there; the index decides."""
    looks = iter([False, True])
    monkeypatch.setattr("siweb.tasks.propose._waits", lambda *_asked: next(looks))
    maker = session.get_one(Account, heirs.made_by_account_id)
    doing = Doing(Actor(maker.id, maker.person_id), NOW, packs_in_force(session))

    with pytest.raises(ProposalRefused) as refused:
        propose(
            session, HEIRS, heirs.subject, heirs.change, "公证书", region_code=HERE, doing=doing
        )

    assert refused.value.code == "waits_already"
    assert session.scalars(select(Task.id)).all() == [heirs.id]


def state_of(session, task):
    session.expire_all()
    return session.get_one(Task, task.id).state


def test_a_function_in_another_region_checks_nothing_here(browser, session, agencies, heirs):
    held = [(Function.FINANCE, agencies[ELSEWHERE]), (Function.REGISTRATION, agencies[HERE])]
    clerk = browser(factories.make_person(session), held)

    assert clerk.get(f"/desk/tasks/{heirs.reference}").status_code == 404
    assert clerk.post(f"/desk/tasks/{heirs.reference}/approve").status_code == 404
    assert state_of(session, heirs) is TaskState.OPEN


def test_a_figure_that_is_missing_is_said_to_the_checker(browser, session, heirs, monkeypatch):
    def missing(*_given):
        raise ParameterMissing(HERE, "account_rate", "2026-01")

    monkeypatch.setattr("siweb.ledgers.account.close.interest_terms", missing)
    clerk = browser(factories.make_person(session), [(Function.FINANCE, 0)])

    answer = clerk.post(f"/desk/tasks/{heirs.reference}/approve", follow_redirects=True)

    assert "The region has no figure for this yet" in answer.text
    assert state_of(session, heirs) is TaskState.OPEN


def test_somebody_with_two_keys_is_one_person(browser, session, heirs):
    """Their own matter under the other key, and no second person to themselves."""
    maker = session.get_one(Account, heirs.made_by_account_id).person_id
    other = factories.make_person(session, name="双号")
    add_alias(session, maker, other.id, actor=SYSTEM, at=NOW)
    clerk = browser(other, [(Function.FINANCE, 0)])

    answer = clerk.post(f"/desk/tasks/{heirs.reference}/approve", follow_redirects=True)
    assert "another person checks it" in answer.text
    assert state_of(session, heirs) is TaskState.OPEN
    assert clerk.post(f"/desk/people/{maker}/bring-in", data=CERTIFIED).status_code == 403


def test_what_was_done_is_not_shown_as_still_to_come(browser, session):
    person = factories.make_person(session)
    maker = browser(factories.make_person(session), [(Function.FINANCE, 0)])
    checker = browser(factories.make_person(session), [(Function.FINANCE, 0)])
    maker.post(f"/desk/people/{person.id}/bring-in", data=CERTIFIED)
    reference = session.scalars(select(Task.reference)).one()
    before = checker.get(f"/desk/tasks/{reference}").text
    assert "Balance of the individual account" in before

    checker.post(f"/desk/tasks/{reference}/approve")

    after = checker.get(f"/desk/tasks/{reference}").text
    assert "Balance of the individual account" not in after
    assert "12,345.60" in after


def test_who_administers_a_region_gives_functions_of_its_agencies_alone(browser, session, agencies):
    person = factories.make_person(session)
    first = browser(factories.make_person(session), [(Function.ADMINISTRATION, agencies[HERE])])
    second = browser(
        factories.make_person(session), [(Function.ADMINISTRATION, agencies[ELSEWHERE])]
    )
    form = {"id_number": person.id_number, "function": "review", **paper("because", "任命")}

    for wide in ("0", str(agencies[ELSEWHERE])):
        assert first.post("/desk/staff", data=form | {"agency": wide}).status_code == 422
    assert first.post("/desk/staff", data=form | {"agency": agencies[HERE]}).status_code == 303

    (reference,) = re.findall(r"/desk/tasks/(\w+)", first.get("/desk?kind=task").text)
    assert second.get(f"/desk/tasks/{reference}").status_code == 404


def test_a_task_says_whom_it_is_about(browser, session, heirs):
    dead = session.get_one(Person, heirs.person_id)
    clerk = browser(factories.make_person(session), [(Function.FINANCE, 0)])
    masked = masked_id(dead.id_number)

    page = clerk.get(f"/desk/tasks/{heirs.reference}").text
    assert dead.name in clerk.get("/desk?kind=task").text
    assert dead.name in page
    assert masked in page
    assert dead.id_number not in page
    assert f"/desk/people/{dead.id}" in clerk.get(f"/desk/tasks/{heirs.reference}").text


def test_a_persons_page_says_what_waits_about_them_and_opens_it_for_whose_work_it_is(
    browser, session, heirs
):
    page = f"/desk/people/{heirs.person_id}"
    link = f"/desk/tasks/{heirs.reference}"
    finance = browser(factories.make_person(session), [(Function.FINANCE, 0)])
    register = browser(factories.make_person(session), [(Function.REGISTRATION, 0)])

    assert link in finance.get(page).text
    said = register.get(page).text
    assert "Waits for a second person" in said
    assert "Pay the account to the heirs" in said
    assert link not in said


def test_the_list_of_tasks_costs_as_many_statements_however_long_it_is(browser, session, engine):
    clerk = browser(factories.make_person(session), [(Function.FINANCE, 0)])
    maker = browser(factories.make_person(session), [(Function.FINANCE, 0)])
    counts, statements = [], []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for people in (1, 5):
        for _each in range(people):
            maker.post(f"/desk/people/{factories.make_person(session).id}/bring-in", data=CERTIFIED)
        # The first visit reads what a process keeps.
        clerk.get("/desk?kind=task")
        statements.clear()
        clerk.get("/desk?kind=task")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_each_function_has_its_queue_with_a_title_of_its_own(browser, session, heirs):
    functions = [(function, 0) for function in (Function.FINANCE, Function.REGISTRATION)]
    clerk = browser(factories.make_person(session), functions)

    desk = clerk.get("/desk").text
    assert "To check: accounts and finance" in desk
    assert "To check: registrations" in clerk.get("/desk?kind=check-registration").text
    assert heirs.reference in clerk.get("/desk?kind=check-finance").text
    assert heirs.reference not in clerk.get("/desk?kind=check-registration").text
    assert heirs.reference in clerk.get("/desk?kind=check-never").text
