"""Two registrations are joined at the desk, and every page of the person shows both."""

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.registry.codes import AgencyKind
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.tables.task import Task
from siweb.web.language.formats import masked_id
from tests import factories
from tests.conftest import NOW
from tests.desk.tasks.test_once import Office
from tests.levies import BEIJING, MONTH
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

ELSEWHERE = "530000"


@pytest.fixture
def office(session, tmp_path):
    with time_machine.travel(NOW, tick=False):
        yield Office(session, tmp_path)


@pytest.fixture
def page(office):
    given = office.join()
    office.session.commit()
    return given


@pytest.fixture
def browser(app, session):
    def signed_in(person=None, functions=(), agency_id=None):
        person = person or factories.make_person(session, name="经办员")
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        appoint(session, person, *functions, agency_id=agency_id)
        sign_in(client, session, person)
        return client

    return signed_in


def people(session, page):
    former = session.scalar(select(Person).where(Person.id_number == page[2]["id_number"]))
    return former, session.get_one(Person, int(page[0].rpartition("/")[2]))


def test_everything_is_shown_checked_and_found_by_both(session, page, browser):
    address, action, typed = page
    former, person = people(session, page)
    firm = session.scalars(select(Employer)).one()
    factories.make_employment(session, former, firm)
    other = factories.make_employer(session, name="后公司", region_code=BEIJING)
    factories.make_record(session, person, MONTH, employer=other)
    factories.make_account(session, former)
    session.commit()
    clerk, checker = (browser(functions=EVERY_FUNCTION) for _each in range(2))

    shown = clerk.post(f"{address}/preview", data=typed)
    told = ("Balance of the individual account", "recorded twice", "后公司", "Pension")
    assert [text for text in told if text not in shown.text] == []
    assert session.scalars(select(PersonAlias)).all() == []
    assert clerk.post(action, data=typed).status_code == 303
    task = session.scalars(select(Task)).one()
    waiting = checker.get(f"/desk/tasks/{task.reference}").text
    assert "recorded twice" in waiting
    both = [masked_id(each.id_number) for each in (former, person)]
    assert [number in text for text in (shown.text, waiting) for number in both] == [True] * 4
    done = checker.post(f"/desk/tasks/{task.reference}/approve", follow_redirects=True)
    assert "Checked and done." in done.text
    assert all(number in checker.get(f"/desk/tasks/{task.reference}").text for number in both)

    session.expire_all()
    alias = session.scalars(select(PersonAlias)).one()
    assert (alias.former_id, alias.person_id, alias.task_id) == (former.id, person.id, task.id)
    assert "Months recorded twice" in clerk.get(address).text
    for number in (former.id_number, person.id_number):
        found = clerk.post("/desk/people", data={"id_number": number})
        assert found.location.endswith(f"/desk/people/{person.id}")
    own = browser(person)
    assert session.scalar(select(Account.id).where(Account.person_id == person.id)) is not None
    pages = {
        "/record": "2026",
        f"/record/months/{MONTH}": "后公司",
        "/record/2026": "",
        "/record/account": "",
        "/record/months": "",
        "/bills": "",
        "/documents": "",
        "/reviews": "",
        "/messages": "Two registrations of yours were joined",
        "/corrections": "Two registrations were joined",
        f"/corrections/joined/{task.reference}": "材料 9，2026年11月1日",
    }
    answers = {each: own.get(each) for each in pages}
    assert {each: one.status_code for each, one in answers.items() if one.status_code != 200} == {}
    assert [each for each, text in pages.items() if text not in answers[each].text] == []
    for room, sent in (("people", "death"), ("counter", "contact"), ("merging", "join")):
        led = clerk.get(f"/desk/{room}/{former.id}")
        assert led.location.endswith(f"/desk/{room}/{person.id}")
        refused = clerk.post(f"/desk/{room}/{former.id}/{sent}", data={"contact-mobile": "1"})
        assert refused.location.endswith(f"/desk/{room}/{person.id}")
        assert "Nothing was saved" in clerk.get(refused.location).text
    for room in ("corrections", "identity"):
        led = clerk.get(f"/desk/{room}/{former.id}?objection=7")
        assert led.location.endswith(f"/desk/{room}/{person.id}?objection=7")
    for way in ("preview", "record"):
        refused = clerk.post(f"/desk/corrections/{former.id}/{way}", data={})
        assert refused.location.endswith(f"/desk/corrections/{person.id}")
    for other in ("/desk/people/{}/helpers", "/desk/benefits/people/{}"):
        assert clerk.get(other.format(former.id)).location.endswith(other.format(person.id))
    owner = factories.make_person(session, name="单位经办")
    factories.make_mandate(session, factories.make_account(session, owner), firm)
    session.commit()
    roster = browser(owner).get(f"/employer/{firm.uscc}/people").text
    assert [number[-4:] in roster for number in (former.id_number, person.id_number)] == [True] * 2
    assert browser().get(f"/corrections/joined/{task.reference}").status_code == 404


def test_what_became_twice_meanwhile_is_not_joined_unseen(session, page, browser):
    _address, action, typed = page
    _former, person = people(session, page)
    browser(functions=EVERY_FUNCTION).post(action, data=typed)
    factories.make_record(session, person, MONTH)
    session.commit()
    task = session.scalars(select(Task)).one()

    checker = browser(functions=EVERY_FUNCTION)
    done = checker.post(f"/desk/tasks/{task.reference}/approve", follow_redirects=True)

    assert "The two changed since this was sent" in done.text
    assert session.scalars(select(PersonAlias)).all() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"id_number": "11010119900307001X"}, "does not match the others"),
        ({"id_number": factories.make_id_number(serial=9777)}, "has nobody with this ID number"),
        ({"id_number": "own"}, "leads to this registration already"),
        ({"id_number": "named"}, "Name, sex or birth date differ"),
        ({"id_number": "open"}, "Both take part now in: Medical"),
        ({"paper-issued_on": ""}, "Enter the date of the paper."),
    ],
)
def test_what_stands_against_it_is_said_beside_its_field(session, page, browser, typed, sentence):
    address, _action, given = page
    former, person = people(session, page)
    numbers = {"own": person.id_number}
    if typed.get("id_number") == "named":
        numbers["named"] = factories.make_person(
            session, name="李雷", region_code=BEIJING
        ).id_number
    if typed.get("id_number") == "open":
        numbers["open"] = former.id_number
        for each in (former, person):
            factories.make_enrolment(session, each, "medical", region_code=BEIJING)
    session.commit()
    typed = {name: numbers.get(value, value) for name, value in typed.items()}

    answer = browser(functions=EVERY_FUNCTION).post(f"{address}/preview", data=given | typed)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_not_ones_own_nor_anothers_region_nor_without_the_function(session, page, browser):
    _address, action, typed = page
    former, _person = people(session, page)
    agency = Agency(
        region_code=BEIJING, kind=AgencyKind.HRSS, name_zh="本处", name_en="Here",
        address_zh="", address_en="", phone="12333",
    )  # fmt: skip
    session.add(agency)
    far = factories.make_person(session, region_code=factories.make_region(session, ELSEWHERE).code)
    session.commit()
    others = [function for function in Function if function is not Function.REGISTRATION]

    assert browser(former, EVERY_FUNCTION).post(action, data=typed).status_code == 403
    assert browser(functions=others).post(action, data=typed).status_code == 404
    local = browser(functions=EVERY_FUNCTION, agency_id=agency.id)
    answer = local.post(action, data=typed | {"id_number": far.id_number})
    assert "of a region in which you do not act" in answer.text
