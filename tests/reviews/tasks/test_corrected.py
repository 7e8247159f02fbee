"""An upheld objection is corrected when the record is, and the case leads to what changed."""

import pytest
from sqlalchemy import select

from siweb.registry.tables.declared_base import DeclaredBase
from siweb.reviews.tables.objection import ObjectionState, Problem
from siweb.reviews.tables.review import ReviewState
from siweb.reviews.tables.task import TaskState as ReviewTaskState
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, levy
from tests.papers import paper
from tests.reviews.tasks.test_tasks import CASE, decide, finish, set_right, tasks
from tests.sign_in import EVERY_FUNCTION, sign_in


@pytest.fixture
def staff(app, session):
    def signed_in():
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        return client

    return signed_in


@pytest.fixture
def billed(session, person, employer):
    """The person's month was billed on a base that they say is wrong."""
    factories.make_region(session, BEIJING)
    factories.make_enrolment(
        session, person, employer=employer, region_code=BEIJING, from_month="2026-01"
    )
    session.add(
        DeclaredBase(
            person_id=person.id,
            region_code=BEIJING,
            employer_id=employer.id,
            from_month="2026-01",
            declared_base_fen=900_000,
            origin="yearly",
            declared_at=NOW,
        )
    )
    session.flush()
    levy(session)


def test_the_case_says_corrected_when_it_is_and_leads_to_what_changed(
    client, session, person, employer, staff, billed, make_review, make_objection
):
    review = make_review(state=ReviewState.MANUAL_REVIEW)
    objection = make_objection(review, MONTH, problem=Problem.WRONG_BASE, claimed_base_fen=950_000)
    clerk = staff()
    decide(clerk, {objection.id: "yes"})
    page = f"/desk/corrections/{person.id}"
    filled = clerk.get(f"{page}?objection={objection.id}").text
    assert 'value="9500.00"' in filled
    assert employer.uscc in filled
    typed = {
        "objection": objection.id, "kind": "base", "region": BEIJING, "first_month": MONTH,
        "last_month": MONTH, "employer": employer.uscc, "base": "9500", "fault": "payer",
        "due_on": "2026-12-15", **paper("paper", "8", on="2026-11-01"),
        "words": "八月的缴费基数改为9500元",
    }  # fmt: skip
    assert clerk.post(f"{page}/record", data=typed).status_code == 303
    session.expire_all()
    assert (objection.state, review.state) == (ObjectionState.UPHELD, ReviewState.CORRECTING)

    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    answer = staff().post(f"/desk/tasks/{task.reference}/approve", follow_redirects=True)

    assert "Checked and done." in answer.text
    session.expire_all()
    assert (objection.state, review.state) == (ObjectionState.CORRECTED, ReviewState.PASSED)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    case = client.get(CASE).text
    assert "八月的缴费基数改为9500元" in case
    assert f"/corrections/{task.reference}" in case
    assert f"/corrections/{task.reference}" in client.get("/corrections").text
    shown = client.get(f"/corrections/{task.reference}")
    assert "CNY 9,500.00" in shown.text
    assert "材料 8，2026年11月1日" in shown.text
    # Nobody else reads it.
    assert staff().get(f"/corrections/{task.reference}").status_code == 404


def test_words_alone_correct_nothing(client, session, person, staff, make_review, make_objection):
    objection = make_objection(make_review(state=ReviewState.MANUAL_REVIEW))
    browser = staff()
    decide(browser, {objection.id: "yes"})
    (task,) = tasks(session)

    page = browser.get(f"/desk/review-tasks/task/{task.id}").text
    answer = finish(browser, task)

    assert f"/desk/corrections/{person.id}?objection={objection.id}" in page
    assert answer.status_code == 422
    assert tasks(session)[0].state is ReviewTaskState.OPEN
    assert objection.state is ObjectionState.UPHELD
    set_right(session, objection)
    assert finish(browser, task).status_code == 303
