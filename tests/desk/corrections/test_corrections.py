"""A record is corrected at the desk: looked at, sent, checked; and the case says so afterwards."""

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.record_correction import RecordCorrection
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.conftest import NOW
from tests.desk.tasks.test_once import Office
from tests.levies import BEIJING, MONTH
from tests.sign_in import EVERY_FUNCTION, sign_in

pytest_plugins = ()


@pytest.fixture
def office(session, tmp_path):
    with time_machine.travel(NOW, tick=False):
        yield Office(session, tmp_path)


@pytest.fixture
def page(office):
    """The page of somebody whose month was billed, and what is typed there."""
    address, _form, typed = office.correct()
    office.session.commit()
    return address, typed


@pytest.fixture
def staff(app, session):
    """Somebody at the desk, each time another one."""

    def signed_in(functions=EVERY_FUNCTION):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, factories.make_person(session, name="经办员"), functions)
        return client

    return signed_in


def approve(client, session):
    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    return client.post(f"/desk/tasks/{task.reference}/approve", follow_redirects=True)


def base_of(session):
    session.expire_all()
    return session.scalar(
        select(func.sum(ContributionRecord.base_fen)).where(
            ContributionRecord.contribution_month == MONTH
        )
    )


def test_everything_it_touches_is_shown_before_it_is_sent(session, page, staff):
    address, typed = page
    person_id = int(address.rpartition("/")[2])
    session.add(
        Document(
            reference="R1", kind=DocumentKind.RIGHTS_RECORD, subject_kind="record_year",
            subject_id=f"{person_id}/2026/x", version=1, person_id=person_id, region_code=BEIJING,
            payload={}, content_hash="x", code_hash="x", issued_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    clerk = staff()

    shown = clerk.post(f"{address}/preview", data=typed)

    assert shown.status_code == 200
    for text in ("What changes", "CNY 9,000.00", "CNY 9,500.00", "Bill to", "R1", "article 86"):
        assert text in shown.text
    assert session.scalar(select(func.count(Task.id))) == 0
    assert base_of(session) == 900_000

    assert clerk.post(f"{address}/record", data=typed).status_code == 303
    assert base_of(session) == 900_000
    assert "Checked and done." in approve(staff(), session).text

    assert base_of(session) == 950_000
    (kept,) = session.scalars(select(RecordCorrection)).all()
    assert kept.effect["lines"][0]["after"][0] == 950_000
    assert session.get_one(LevyRun, kept.levy_run_id).person_id == person_id
    assert session.scalars(select(Document.revoked_at)).one() is not None


def test_other_amounts_than_were_shown_are_not_done(session, page, staff):
    address, typed = page
    staff().post(f"{address}/record", data=typed)
    task = session.scalars(select(Task)).one()
    effect = task.change["effect"]
    task.change = task.change | {"effect": effect | {"bills": [{"employer_id": 1, "fen": 1}]}}
    session.commit()

    answer = approve(staff(), session)

    assert "other amounts would come out" in answer.text
    assert base_of(session) == 900_000


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"base": ""}, "Enter the right base."),
        ({"kind": "employer"}, "Enter the right employer."),
        ({"kind": "missing", "base": ""}, "nothing would change"),
        ({"first_month": "2027-01", "last_month": "2027-01"}, "has not begun yet"),
        ({"kind": "not_insured", "insurances": []}, "Choose the insurances."),
        ({"employer": "91310000MA1K00000X"}, "Compare"),
    ],
)
def test_what_stands_against_it_is_said_beside_its_field(page, staff, typed, sentence):
    address, given = page

    answer = staff().post(f"{address}/preview", data=given | typed)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_only_who_works_with_contributions_corrects(page, staff):
    from siweb.auth.tables.appointment import Function

    others = [function for function in Function if function is not Function.CONTRIBUTIONS]
    clerk, (address, typed) = staff(others), page

    assert clerk.post(f"{address}/record", data=typed).status_code == 404


@pytest.mark.parametrize("asked", ["9" * 30, "-1", "x", "²", "0", ""])
def test_an_objection_that_can_be_none_is_none(page, staff, asked):
    address, typed = page
    clerk = staff()

    shown = clerk.get(address, query_string={"objection": asked})
    sent = clerk.post(f"{address}/preview", data={**typed, "objection": asked})

    assert (shown.status_code, sent.status_code) == (200, 200)
    assert "CNY 9,500.00" in sent.text


def test_the_bill_of_a_correction_is_reached_from_the_levy(session, page, staff):
    address, typed = page
    clerk = staff()
    clerk.post(f"{address}/record", data=typed)
    approve(staff(), session)
    run = session.scalars(select(LevyRun).where(LevyRun.person_id.is_not(None))).one()
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()

    assert 'href="/desk/levy/corrections"' in clerk.get("/desk/levy").text
    listed = clerk.get("/desk/levy/corrections").text

    assert f'href="/desk/levy/{run.id}"' in listed
    assert f'href="{address}"' in listed
    assert printed(bill.bank_reference) in listed
    assert f"CNY {bill.total_fen // 100:,}.{bill.total_fen % 100:02d}" in listed
    assert "Bills" in clerk.get(f"/desk/levy/{run.id}").text
