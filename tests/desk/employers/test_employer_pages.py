"""An employer on one page: each part opens, shows what it is about, and only to whom it may."""

import pytest
import time_machine
from sqlalchemy import event

from siweb.audit.access_log.read import access_page
from siweb.auth.tables.appointment import Function
from siweb.complaints.tables.complaint import Complaint
from siweb.desk.employers.pages.head import PARTS
from siweb.registry.codes import Insurance
from tests import factories
from tests.conftest import NOW
from tests.desk.home.test_work_list import complain
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in


@pytest.fixture
def desk(client, session):
    clerk = factories.make_person(session, name="沈经办")

    def look(path, functions=EVERY_FUNCTION):
        sign_in(client, session, clerk, functions)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client.get(path)

    with time_machine.travel(NOW, tick=False):
        yield look


@pytest.fixture
def person(session):
    return complain(session, "周若琳", 4)


@pytest.fixture
def employer(session, person):
    """An employer with somebody, who acts for it and complained of it, and with a bill."""
    employer = factories.make_employer(session, name="望川云帆公司")
    factories.make_employment(session, person, employer)
    factories.make_mandate(session, factories.make_account(session, person), employer)
    session.query(Complaint).update({"employer_id": employer.id})
    session.commit()
    return employer


SHOWN = {
    "overview": ["My employer declared too little", "Legal representative", "Rate for work injury"],
    "people": ["周若琳", "works there"],
    "bills": ["There are no bills.", "There are no payments."],
    "filings": ["Nothing was handed in."],
    "rate": ["Decide the rate for work injury"],
    "mandates": ["周若琳", "Owner"],
    "notes": ["No notes yet.", "Keep the note"],
    "cases": ["My employer declared too little", "Waiting for an answer"],
    "messages": ["Nothing was sent to this employer."],
    "changes": ["Nothing was changed."],
}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_part_opens_from_the_head_with_few_statements(
    app, client, desk, employer, engine, part
):
    with app.test_request_context():
        address = part.address(employer.uscc)

    page = desk(address)

    assert page.status_code == 200
    assert all(words in page.text for words in ("望川云帆公司", employer.uscc, *SHOWN[part.name]))
    assert f'<a href="{address}" aria-current="page">' in page.text
    ways = page.text.partition('class="views"')[2].partition("</nav>")[0]
    assert ways.count("<a href=") == len(PARTS)
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert client.get(address).status_code == 200
    assert len([one for one in asked if "SAVEPOINT" not in one]) <= 8


def test_a_rate_that_is_refused_is_shown_again_with_few_statements(client, desk, employer, engine):
    desk(f"/desk/employers/{employer.uscc}/rate")
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    answer = client.post(f"/desk/employers/{employer.uscc}/injury-rate", data={"injury_class": "9"})

    assert answer.status_code == 422
    assert len([one for one in asked if "SAVEPOINT" not in one]) <= 8


@pytest.mark.parametrize("part", ["people", "mandates"])
def test_whom_a_part_names_can_see_that_it_was_shown(app, desk, employer, person, part):
    desk(f"/desk/employers/{employer.uscc}/bills")
    assert access_page(app.extensions["siweb_access_log"], [person.id]).days == []

    desk(f"/desk/employers/{employer.uscc}/{part}")

    (day,) = access_page(app.extensions["siweb_access_log"], [person.id]).days
    assert [entry.reason for entry in day.entries] == ["employment"]


def test_a_part_of_other_work_or_another_insurance_is_not_there(client, desk, employer, session):
    page = desk(f"/desk/employers/{employer.uscc}", (Function.REGISTRATION,))
    assert "/bills" not in page.text
    for part in ("bills", "overview", "nothing"):
        assert desk(f"/desk/employers/{employer.uscc}/{part}", ()).status_code == 404
    agency = factories.make_agency(session, employer.region_code)
    agency.insurances = frozenset({Insurance.MEDICAL})
    clerk = factories.make_person(session)
    appoint(session, clerk, Function.CONTRIBUTIONS, agency_id=agency.id)
    sign_in(client, session, clerk)

    assert client.get(f"/desk/employers/{employer.uscc}/rate").status_code == 404
    assert "Rate for work injury" not in client.get(f"/desk/employers/{employer.uscc}").text
