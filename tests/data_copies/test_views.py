"""A copy of all about a person is taken: by the person, or at the desk for a written request."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.activity import Activity
from siweb.auth.tables.appointment import Function
from siweb.messages.tables.message import Message
from siweb.registry.codes import AgencyKind, Insurance
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.sign_in import appoint, sign_in

OWN = "/account/copy"
ASKED = paper("asked_by", "申请12号", kind="letter")


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def person(session):
    return factories.make_person(session, name="欧阳娜娜", mobile="13800001234")


@pytest.fixture
def clerk(session):
    return factories.make_person(session, name="经办人")


@pytest.fixture(autouse=True)
def english(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


def files_of(answer):
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data-2026-11-24.zip"'
    with ZipFile(BytesIO(answer.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_privacy_page_leads_to_it_and_it_is_there(client, session, person):
    employer = factories.make_employer(session, name="甲公司")
    factories.make_enrolment(session, person, employer=employer, from_month="2024-01")
    factories.make_record(session, person, "2026-10", employer=employer)
    sign_in(client, session, person)
    leads = client.get("/privacy").text
    shown = client.get(OWN).text
    files = files_of(client.post(OWN))
    parts = json.loads(files["data.json"])["parts"]

    assert f'href="{OWN}"' in leads
    assert "Save the copy (ZIP)" in shown
    assert {"data.json", "shape.json", "read-me.html"} == set(files)
    assert parts["person_identity"][0]["number"] == person.id_number
    assert parts["contribution_record"][0]["contribution_month"] == "2026-10"
    assert "<b>Mobile number</b> 13800001234" in files["read-me.html"]
    assert "<b>Employer</b> 甲公司" in files["read-me.html"]
    assert "<b>Insurance</b> Pension insurance" in files["read-me.html"]
    # Who wrote a row is somebody, not a key that leads to a colleague.
    assert parts["account"][0]["person_id"] == "self"


def test_a_second_copy_on_the_same_day_is_told_as_well(client, session, person, now):
    sign_in(client, session, person)
    client.post(OWN)
    now.shift(timedelta(seconds=1))
    client.post(OWN)
    told = session.scalars(select(Message.person_id).where(Message.kind == "data_copied")).all()

    assert told == [person.id] * 2
    assert client.get("/messages").text.count("A copy of all your data was made") == 2


def test_each_copy_is_noted_and_told(client, session, person):
    sign_in(client, session, person)
    client.post(OWN)
    line = session.scalars(select(Activity).where(Activity.action == "data_copy.taken")).one()
    told = session.scalars(select(Message).where(Message.kind == "data_copied")).one()

    assert (line.person_id, told.person_id) == (person.id, person.id)
    assert "A copy of all your data was made" in client.get("/messages").text


def test_whoever_has_a_second_factor_proves_it_anew(client, session, clerk, monkeypatch, now):
    from siweb.data_copies import views

    sign_in(client, session, clerk, [Function.REGISTRATION])
    monkeypatch.setattr(views, "held_since", lambda *_asked: NOW)
    assert client.post(OWN).status_code == 200

    now.shift(timedelta(minutes=11))
    answer = client.post(OWN)

    assert (answer.status_code, answer.location) == (303, "/account/second-factor/prove")


def test_the_desk_makes_it_for_a_paper_and_the_person_sees_who_did(
    client, app, session, person, clerk
):
    sign_in(client, session, clerk, [Function.REGISTRATION])
    page = f"/desk/people/{person.id}/copy"
    refused = client.post(page)
    files = files_of(client.post(page, data=ASKED))
    line = session.scalars(select(Activity).where(Activity.action == "data_copy.taken")).one()
    with app.extensions["siweb_access_log"].session() as log:
        looks = log.scalars(
            select(AccessLogEntry).where(AccessLogEntry.reason == "data_copy")
        ).all()

    assert refused.status_code == 422
    assert "Choose what paper it is." in refused.text
    assert json.loads(files["data.json"])["parts"]["person"][0]["name"] == "欧阳娜娜"
    assert line.facts == {"paper": "letter", "number": "申请12号", "on": "2026-08-03"}
    assert {look.person_id for look in looks} == {person.id}
    told = session.scalars(select(Message).where(Message.kind == "data_copied")).one()
    assert told.person_id == person.id


def test_an_agency_of_some_insurances_makes_none(client, session, person, clerk):
    agency = factories.make_agency(session, person.region_code, AgencyKind.MEDICAL)
    agency.insurances = frozenset({Insurance.MEDICAL, Insurance.MATERNITY})
    sign_in(client, session, clerk)
    appoint(session, clerk, Function.REGISTRATION, agency_id=agency.id)
    session.commit()
    answer = client.post(f"/desk/people/{person.id}/copy", data=ASKED)

    assert answer.status_code == 422
    assert "your agency runs some" in answer.text
    assert session.scalars(select(Message).where(Message.kind == "data_copied")).all() == []
