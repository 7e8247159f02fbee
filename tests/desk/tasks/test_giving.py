"""A case is taken, given to a colleague of the same function there, and given back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.complaints.tables.complaint import Complaint, ComplaintState
from siweb.desk.people.actions import DEATH
from siweb.registry.tables.person import Person
from siweb.tasks.tables.case_holder import CaseHolder
from siweb.tasks.tables.task import Task
from tests import factories
from tests.desk.assessments.test_assessments import NOON
from tests.desk.home.test_work_list import complain, listed
from tests.sign_in import appoint, sign_in


class Office:
    """Two who review in one region, one who reviews in another, and one for finance."""

    def __init__(self, client, session):
        self.client, self.session = client, session
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        here = factories.make_agency(session, "330100").id
        there = factories.make_agency(session, "310000").id
        self.me = self.hire("沈经办", Function.REVIEW, here)
        self.colleague = self.hire("郑复核", Function.REVIEW, here)
        self.elsewhere = self.hire("梁经办", Function.REVIEW, there)
        self.finance = self.hire("何出纳", Function.FINANCE, here)
        self.case = complain(session, "王芳", 4, region="330100")
        complain(session, "别处", 4)

    def hire(self, name, function, agency_id):
        person = factories.make_person(self.session, name=name, region_code="330100")
        factories.make_account(self.session, person)
        appoint(self.session, person, function, agency_id=agency_id)
        self.session.commit()
        return person

    def account(self, person):
        return self.session.scalar(select(Account.id).where(Account.person_id == person.id))

    def look(self, query="", person=None):
        sign_in(self.client, self.session, person or self.me)
        return self.client.get(f"/desk?{query}").text

    def give(self, to, *picks, query="", person=None):
        page = self.look(person=person)
        picks = list(picks) or re.findall(r'name="pick" value="([^"]+)"', page)
        number = "0" if to is None else str(self.account(to))
        return self.client.post(f"/desk?{query}", data={"to": number, "pick": picks})

    def holders(self):
        self.session.expire_all()
        found = (
            select(Person.name).join(Account).join(CaseHolder, CaseHolder.account_id == Account.id)
        )
        return list(self.session.scalars(found))


@pytest.fixture
def office(client, session):
    with time_machine.travel(NOON, tick=False):
        yield Office(client, session)


def test_it_is_taken_given_on_and_given_back_and_all_of_that_is_logged(office, session):
    taken = office.give(office.me, query="view=nobodys")

    assert taken.location == "/desk?view=nobodys&page=1"
    page = office.client.get("/desk?view=mine").text
    assert (listed(page), "You took 1 case." in page) == (["王芳"], True)
    assert listed(office.look("view=nobodys")) == []

    office.give(office.colleague)
    assert "1 case given to 郑复核." in office.look()
    assert office.holders() == ["郑复核"]
    assert listed(office.look("view=mine")) == []
    assert listed(office.look("view=mine", office.colleague)) == ["王芳"]

    office.give(None)
    assert "1 case given back." in office.look()
    assert office.holders() == []
    asked = select(Activity).where(Activity.action.like("case.%")).order_by(Activity.id)
    lines = session.scalars(asked)
    assert [(line.action, line.person_id, line.facts["key"]) for line in lines] == [
        ("case.given", office.case.id, "TS-王芳"),
        ("case.given", office.case.id, "TS-王芳"),
        ("case.given_back", office.case.id, "TS-王芳"),
    ]


def test_only_colleagues_of_the_same_function_there_are_offered(office):
    page = office.look()

    offered = re.findall(r'<option(?: selected)? value="\d+">([^<]+)', page)
    assert offered == ["Me", "郑复核", "Nobody (give back)"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda office: ["complaints|0|TS-别处"], "already closed, or not yours to give"),
        (lambda office: ["payouts|0|TS-王芳"], "already closed, or not yours to give"),
        (lambda office: ["complaints|7|TS-王芳"], "a colleague has taken one of these cases"),
        (lambda office: ["complaints|x|TS-王芳"], "Choose at least one case"),
        (lambda office: ["complaints|0|"], "Choose at least one case"),
    ],
)
def test_what_is_not_ones_own_to_give_stays_where_it_is(office, spoil, said):
    answer = office.give(office.me, *spoil(office))

    assert (answer.status_code, said in answer.text, office.holders()) == (422, True, [])


def test_what_was_closed_meanwhile_is_not_given(office, session):
    complaint = session.scalars(
        select(Complaint).where(Complaint.person_id == office.case.id)
    ).one()
    page = office.look()
    (pick,) = re.findall(r'name="pick" value="([^"]+)"', page)
    complaint.state = ComplaintState.WITHDRAWN
    complaint.answered_at = datetime(2026, 8, 20, tzinfo=UTC)
    session.commit()

    answer = office.give(office.me, pick)

    assert "already closed" in answer.text


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_reads_so(office):
    (pick,) = re.findall(r'name="pick" value="([^"]+)"', office.look())
    office.give(office.me, pick)

    answer = office.give(office.colleague, pick, person=office.colleague)

    assert "a colleague has taken one of these cases" in answer.text
    assert office.holders() == ["沈经办"]


def test_nobody_is_given_what_they_made_or_what_is_a_relatives_matter(office, session):
    own = Complaint(
        reference="TS-OWN", source_key="own", region_code="330100", person_id=office.colleague.id,
        kind="too_little", state="open", employer_named="甲", from_month="2026-03", about_decision="",
        words="少报", evidence="", lodged_at=NOON, answer_by=NOON.date() + timedelta(days=9),
    )  # fmt: skip
    session.add(own)
    session.add(
        Task(
            reference="DB1", kind=DEATH.kind, function=Function.REVIEW, region_code="330100",
            subject="person:1", change={}, because="申请", due_on=NOON.date(),
            made_by_account_id=office.account(office.colleague), made_at=NOON,
        )
    )  # fmt: skip
    session.commit()

    refused = office.give(office.colleague, "complaints|0|TS-OWN")
    assert "this colleague’s own or a relative’s matter" in refused.text
    refused = office.give(office.colleague, "check-review|0|DB1")
    assert "This colleague made one of these cases" in refused.text
    mine = office.give(office.colleague, "check-review|0|DB1", person=office.colleague)
    assert "You made one of these cases yourself" in mine.text
    assert office.holders() == []


def test_a_choice_that_is_refused_stays_and_the_case_at_fault_is_marked(office, session):
    own = session.scalar(select(Complaint).where(Complaint.person_id == office.case.id))
    own.person_id = office.colleague.id
    complain(session, "李四", 5, region="330100")
    complain(session, "赵六", 6, region="330100")

    chosen = [f"complaints|0|TS-{name}" for name in ("王芳", "李四")]
    page = office.give(office.colleague, *chosen).text

    assert re.findall(r'value="([^"]+)" form="give" checked', page) == chosen
    assert page.count("Cannot be assigned") == 1
    assert "Cannot be assigned" in page[page.index(chosen[0]) : page.index(chosen[1])]
    assert office.holders() == []


def test_who_audits_sees_who_has_it_and_gives_nothing(office, session):
    office.give(office.me)
    auditor = office.hire("审计", Function.AUDIT, None)

    page = office.look(person=auditor)

    assert ('"Handled by">沈经办<' in page, 'name="pick"' in page) == (True, False)
    sign_in(office.client, session, auditor)
    assert office.client.post("/desk", data={"to": "0"}).status_code == 404
