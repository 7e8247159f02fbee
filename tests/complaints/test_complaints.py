"""Somebody complains, the desk answers in writing in time, and the answer can be read."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.auth.tables.appointment import Function
from siweb.collection.tables.hire_report import HireReport
from siweb.complaints.answer import answer, name_employer, take_up
from siweb.complaints.lodge import MOST_OPEN, ComplaintFacts, ComplaintRefused, lodge
from siweb.complaints.tables.complaint import (
    Complaint,
    ComplaintKind,
    ComplaintState,
    Outcome,
)
from siweb.messages.kinds.complaints import COMPLAINT_ANSWERED
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.conftest import NOW
from tests.evidence.scans import png, upload
from tests.served import serve
from tests.sign_in import sign_in

TODAY = date(2026, 11, 24)
# 60 days on are 23 January 2027, a Saturday.
LAST_DAY = date(2027, 1, 25)
SENT = {
    "kind": "not_registered",
    "employer": "甲公司",
    "from_month": "2026-03",
    "words": "三月起上班，一直没有给我参保。",
    "evidence": "劳动合同、工资流水",
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def employer(session):
    return factories.make_employer(session, name="甲公司", region_code="310000")


@pytest.fixture
def person(session, employer):
    found = factories.make_person(session, name="王芳", region_code="310000")
    factories.make_account(session, found)
    session.commit()
    return found


@pytest.fixture
def browser(client, session, person):
    """A browser in which somebody is signed in: the person, until another one is named."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def signed_in(who=person, functions=()):
        sign_in(client, session, who, functions)
        session.commit()
        return client

    return signed_in


@pytest.fixture
def complain(session, person):
    """Lodge a complaint of the person past the pages."""

    def lodged(**changed):
        given = {
            "kind": ComplaintKind.NOT_REGISTERED,
            "employer": "甲公司",
            "from_month": "2026-03",
            "to_month": None,
            "words": "没有参保",
        }
        return lodge(
            session,
            person.id,
            ComplaintFacts(**(given | changed)),
            packs=packs_in_force(session),
            actor=Actor(None, person.id),
            on=TODAY,
            at=NOW,
        )

    return lodged


def text_of(reply):
    return reply.get_data(as_text=True)


def test_who_complains_gets_a_number_and_the_last_day_to_answer(browser, session, employer):
    client = browser()

    sent = client.post("/complaints/new", data=SENT)

    page = text_of(client.get(sent.location))
    [complaint] = session.scalars(select(Complaint)).all()
    assert (complaint.employer_id, complaint.answer_by) == (employer.id, LAST_DAY)
    assert complaint.reference in page
    assert "The agency answers by 25 January 2027" in page
    assert complaint.reference in text_of(client.get("/complaints"))


def test_what_is_missing_is_asked_for(browser, session):
    client = browser()

    none = client.post("/complaints/new", data={"kind": "too_little"})
    turned = client.post("/complaints/new", data=SENT | {"to_month": "2026-01"})

    assert none.status_code == turned.status_code == 422
    assert "Enter which employer it is." in text_of(none)
    assert "Enter the first month it is about." in text_of(none)
    assert "The last month is before the first." in text_of(turned)
    assert not session.scalars(select(Complaint)).all()


def test_the_same_twice_is_one_complaint(session, complain):
    assert complain() is complain()
    assert complain(words="另一件事") is not complain()


def test_nobody_buries_the_agency(complain):
    for number in range(MOST_OPEN):
        complain(words=f"第{number}件")

    with pytest.raises(ComplaintRefused) as refused:
        complain(words="又一件")
    assert refused.value.code == "too_many"


def test_others_do_not_see_it(browser, session, complain):
    reference = complain().reference
    other = factories.make_person(session, name="李静")

    client = browser(other)

    assert client.get(f"/complaints/{reference}").status_code == 404
    assert client.get(f"/desk/complaints/{reference}").status_code == 404
    assert client.post(f"/complaints/{reference}/withdraw").status_code == 404


def test_what_was_not_answered_can_be_taken_back(browser, session, complain):
    complaint = complain()
    client = browser()

    for _again in range(2):
        client.post(f"/complaints/{complaint.reference}/withdraw")

    session.expire_all()
    assert complaint.state is ComplaintState.WITHDRAWN
    assert complain() is not complaint


def test_the_desk_answers_in_writing_with_what_can_be_done_against_it(
    browser, session, person, complain
):
    complaint = complain()
    address = f"/desk/complaints/{complaint.reference}"
    client = browser(factories.make_person(session, name="周审核"), (Function.REVIEW,))
    assert "Complaints" in text_of(client.get("/desk"))
    assert "working days left" in text_of(client.get("/desk?kind=complaints"))

    unanswered = client.post(address, data={"outcome": "handed_on", "words": ""})
    client.post(address, data={"outcome": "rejected", "words": "经查，三月尚未建立劳动关系。"})
    again = client.post(address, data={"outcome": "upheld", "words": "改了主意"})

    assert "Enter to whom it was handed on." in text_of(unanswered)
    assert "It was answered or taken back before." in text_of(again)
    assert complaint.reference not in text_of(client.get("/desk?kind=complaints"))
    reader = browser(person)
    page = text_of(reader.get(f"/complaints/{complaint.reference}"))
    assert "经查，三月尚未建立劳动关系。" in page
    assert "the answer was not served yet" in page
    assert serve(session, date(2026, 12, 1), COMPLAINT_ANSWERED) == 1
    session.commit()
    page = text_of(reader.get(f"/complaints/{complaint.reference}"))
    assert "administrative review until 1 February 2027" in page
    assert "go to court until 1 June 2027" in page


def test_a_late_answer_is_named_at_the_desk(browser, session, complain):
    complaint = complain()
    complaint.answer_by = TODAY - timedelta(days=3)
    session.commit()

    client = browser(factories.make_person(session, name="周审核"), (Function.REVIEW,))

    assert "3 days late" in text_of(client.get("/desk?kind=complaints"))


def test_a_complaint_may_lead_to_a_report_and_so_to_an_assessment(browser, session, complain):
    complaint = complain(employer="甲公司分公司", to_month="2026-05")
    address = f"/desk/complaints/{complaint.reference}"
    client = browser(factories.make_person(session, name="周审核"), (Function.REVIEW,))

    assert "Say first which employer is meant." in text_of(client.post(f"{address}/take-up"))
    client.post(f"{address}/employer", data={"employer": "甲公司"})
    named = select(Activity).where(Activity.action == "complaint.employer_named")
    assert session.scalars(named).one().subject_id == str(complaint.id)
    client.post(f"{address}/take-up")
    client.post(f"{address}/take-up")

    session.expire_all()
    [report] = session.scalars(select(HireReport)).all()
    assert (report.hired_on, report.ended_on) == (date(2026, 3, 1), date(2026, 5, 31))
    assert complaint.hire_report_id == report.id
    assert complaint.state is ComplaintState.OPEN


def test_nobody_answers_their_own_complaint(browser, session, person, complain):
    reference = complain().reference
    client = browser(person, (Function.REVIEW,))

    told = client.post(f"/desk/complaints/{reference}", data={"outcome": "upheld", "words": "对"})

    assert told.status_code == 403


def test_an_answer_is_kept_once(session, person, complain):
    complaint = complain()
    given = {"actor": Actor(None, None), "at": NOW}
    answer(session, complaint, Outcome.UPHELD, "属实", **given)

    with pytest.raises(ComplaintRefused):
        answer(session, complaint, Outcome.REJECTED, "不属实", **given)
    with pytest.raises(ComplaintRefused):
        take_up(session, complaint, actor=Actor(None, None), at=NOW)
    with pytest.raises(ComplaintRefused):
        name_employer(session, complaint, "甲公司", **given)
    assert session.scalar(select(func.count()).select_from(HireReport)) == 0


def test_scans_come_with_a_complaint_and_only_who_answers_or_sent_it_opens_them(
    app, browser, session, employer
):
    client = browser()
    wrong = client.post("/complaints/new", data=SENT | {"words": "", "scans": upload(png())})
    assert "Chosen before: PNG, 1 page" in wrong.text
    token = re.search(r'name="scans" value="([\w=-]+)"', wrong.text)[1]

    sent = client.post("/complaints/new", data=SENT | {"scans": [token]})

    own = re.search(r'href="(/scans/\w+)"', client.get(sent.location).text)[1]
    assert client.get(own).data == png()
    staff = [app.test_client(), app.test_client()]
    for each, function in zip(staff, (Function.REVIEW, Function.FINANCE), strict=True):
        sign_in(each, session, factories.make_person(session, name=function), [function])
    page = staff[0].get(f"/desk{sent.location}").text
    address = re.search(r'href="(/desk/evidence/\w+)"', page)[1]
    assert [each.get(address).status_code for each in staff] == [200, 404]
    assert [each.get(own).status_code for each in staff] == [404, 404]
