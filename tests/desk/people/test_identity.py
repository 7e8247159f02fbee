"""Who somebody is is corrected at the desk: looked at, sent, checked; and the person reads it."""

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.appointment import Function
from siweb.collection.tables.record_correction import IdentityCorrection
from siweb.documents.tables.document import Document, DocumentKind
from siweb.messages.tables.message import Message
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.conftest import NOW
from tests.desk.tasks.test_once import Office
from tests.levies import BEIJING
from tests.sign_in import EVERY_FUNCTION, sign_in


@pytest.fixture
def office(session, tmp_path):
    with time_machine.travel(NOW, tick=False):
        yield Office(session, tmp_path)


@pytest.fixture
def page(office):
    page, address, typed = office.correct_identity()
    office.session.commit()
    return page, address, typed


@pytest.fixture
def browser(app, session):
    def signed_in(person=None, functions=()):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, person or factories.make_person(session), functions)
        return client

    return signed_in


@pytest.fixture
def staff(browser):
    return lambda functions=EVERY_FUNCTION: browser(functions=functions)


def person_of(session, page):
    return session.get_one(Person, int(page[0].rpartition("/")[2]))


def approve(client, session):
    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    return client.post(f"/desk/tasks/{task.reference}/approve", follow_redirects=True)


def test_what_it_touches_is_shown_first_and_to_who_checks_it(session, page, staff, browser):
    address, action, typed = page
    person = person_of(session, page)
    before = person.id_number
    session.add(
        Document(
            reference="R1", kind=DocumentKind.RIGHTS_RECORD, subject_kind="record_year",
            subject_id=f"{person.id}/2026/x", version=1, person_id=person.id, region_code=BEIJING,
            payload={}, content_hash="x", code_hash="x", issued_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    clerk = staff()
    born = {"born_on": "1975-06-15"}
    shown = clerk.post(f"{address}/preview", data=typed | born)
    told = (
        before, typed["id_number"], "Month of retirement", "The ID number says otherwise", "R1",
        "finds the person no more",
    )  # fmt: skip
    for text in told:
        assert text in shown.text
    assert session.scalars(select(Task)).all() == []
    assert person.id_number == before

    assert clerk.post(action, data=typed | born).status_code == 303
    checker, task = staff(), session.scalars(select(Task)).one()
    assert before not in str(task.change)
    checked = checker.get(f"/desk/tasks/{task.reference}").text
    assert [text for text in told if text not in checked] == []
    assert "Checked and done." in approve(checker, session).text

    session.expire_all()
    assert (person.id_number, str(person.born_on)) == (typed["id_number"], "1975-06-15")
    assert before not in checker.get(f"/desk/tasks/{task.reference}").text
    kept = session.scalars(select(IdentityCorrection)).one()
    assert (kept.changed, kept.papers, kept.task_id) == (["born_on", "number"], ["R1"], task.id)
    assert session.scalars(select(Document.revoked_at)).one() is not None
    kinds = session.scalars(select(Message.kind).order_by(Message.kind)).all()
    assert kinds == ["identity_corrected", "papers_revoked"]
    own = browser(person)
    assert f"/corrections/identity/{task.reference}" in own.get("/corrections").text
    said = own.get(f"/corrections/identity/{task.reference}").text
    for text in ("材料 3，2026年11月1日", "1975", "the wrong one finds you no more", "R1"):
        assert text in said
    assert typed["id_number"] not in said
    assert browser().get(f"/corrections/identity/{task.reference}").status_code == 404


def test_what_changed_meanwhile_is_not_written_over(session, page, staff):
    _address, action, typed = page
    staff().post(action, data=typed)
    person_of(session, page).name = "改名"
    session.commit()

    assert "The register changed since this was sent" in approve(staff(), session).text
    session.expire_all()
    assert person_of(session, page).name == "改名"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"paper-number": ""}, "Enter the number of the paper; without one"),
        ({"basis": ""}, "Choose what holds."),
        ({"id_number": "110101850305001"}, "old number with 15 digits"),
        ({"id_number": "", "born_on": "1985-03-05"}, "nothing would change"),
        ({"born_on": "2027-01-01"}, "lies in the future"),
    ],
)
def test_what_stands_against_it_is_said_beside_its_field(page, staff, typed, sentence):
    address, _action, given = page

    answer = staff().post(f"{address}/preview", data=given | typed)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_only_who_registers_corrects(page, staff):
    _address, action, typed = page
    others = [function for function in Function if function is not Function.REGISTRATION]

    assert staff(others).post(action, data=typed).status_code == 404
