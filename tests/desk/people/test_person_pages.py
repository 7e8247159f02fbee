"""A person on one page: each part opens, shows what it is about, and only to whom it may."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import event

from siweb.auth.tables.appointment import Function
from siweb.desk.people.pages.head import PARTS
from siweb.registry.codes import Insurance, Sex
from tests import factories
from tests.conftest import NOW
from tests.desk.home.test_work_list import complain
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in


@pytest.fixture
def desk(client, session):
    """A page of the desk, as somebody with some functions sees it."""
    clerk = factories.make_person(session, name="沈经办")

    def look(path, functions=EVERY_FUNCTION):
        sign_in(client, session, clerk, functions)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client.get(path)

    with time_machine.travel(NOW, tick=False):
        yield look


@pytest.fixture
def person(session):
    """Somebody who works, with a complaint, a paid month and a mandate."""
    person = complain(session, "周若琳", 4)
    employer = factories.make_employer(session, name="望川云帆公司")
    factories.make_employment(session, person, employer, post="会计")
    for insurance in (Insurance.PENSION, Insurance.MEDICAL):
        factories.make_enrolment(session, person, insurance, employer=employer)
    factories.make_record(session, person, "2026-10", employer=employer, paid_on=date(2026, 11, 2))
    factories.make_mandate(session, factories.make_account(session, person), employer)
    session.commit()
    return person


SHOWN = {
    "overview": ["My employer declared too little", "Counting for the pension", "1 month"],
    "employments": ["望川云帆公司", "会计", "Pension insurance"],
    "record": ["Months paid in each year", "2026"],
    "account": ["Balance of the individual account", "Accept a transfer from another region"],
    "bills": ["There are no bills."],
    "notes": ["No notes yet.", "Keep the note"],
    "cases": ["My employer declared too little", "Waiting for an answer"],
    "benefits": ["Benefits of 周若琳"],
    "papers": ["No papers were issued."],
    "messages": ["Nothing has been sent to this person yet."],
    "contact": ["望川云帆公司", "Owner", "Register a death"],
    "helpers": ["Who may act for the person", "Let somebody act for the person"],
    "copy": ["Copy of all data, for the person", "Save the copy (ZIP)"],
    "access": ["沈经办"],
}


@pytest.mark.parametrize(("sex", "word"), [(Sex.FEMALE, "Female"), (Sex.MALE, "Male")])
def test_the_head_says_the_sex(desk, person, session, sex, word):
    person.sex = sex
    session.flush()

    assert f"<p>{word} · born on" in desk(f"/desk/people/{person.id}").text


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_part_opens_from_the_head_and_shows_what_it_is_about(app, desk, person, part):
    with app.test_request_context():
        address = part.address(person.id)
    desk(f"/desk/people/{person.id}")

    page = desk(address)

    assert page.status_code == 200
    assert all(words in page.text for words in ("周若琳", "**********", *SHOWN[part.name]))
    assert f'<a href="{address}" aria-current="page">' in page.text
    ways = page.text.partition('class="views"')[2].partition("</nav>")[0]
    assert ways.count("<a href=") == len(PARTS)


def test_who_looked_is_for_who_audits_and_an_unknown_part_for_nobody(desk, person):
    decides = (Function.REVIEW,)

    assert f"/{person.id}/access" not in desk(f"/desk/people/{person.id}", decides).text
    for part in ("access", "overview", "benefits", "nothing"):
        assert desk(f"/desk/people/{person.id}/{part}", decides).status_code == 404


def test_an_agency_sees_the_insurances_that_it_runs_alone(client, session, person):
    agency = factories.make_agency(session, person.region_code)
    agency.insurances = frozenset({Insurance.MEDICAL})
    clerk = factories.make_person(session, name="医保经办")
    appoint(session, clerk, Function.REVIEW, Function.CONTRIBUTIONS, agency_id=agency.id)
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, clerk)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        parts = [
            client.get(f"/desk/people/{person.id}/{name}") for name in ("record", "employments")
        ]
        first, account = (
            client.get(f"/desk/people/{person.id}{path}") for path in ("", "/account")
        )

    assert account.status_code == 404
    assert "Counting for the pension" not in first.text
    assert all("Medical insurance" in part.text for part in parts)
    mentions = [part.text.partition("<main")[2].count("pension") for part in parts]
    assert mentions == [0, 0]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_no_part_asks_more_than_eight_times(app, client, desk, person, engine, part):
    with app.test_request_context():
        address = part.address(person.id)
    desk(address)
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    assert client.get(address).status_code == 200

    assert len([one for one in asked if "SAVEPOINT" not in one]) <= 8
