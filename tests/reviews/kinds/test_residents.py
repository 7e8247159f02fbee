"""Who is insured otherwise is no resident any more: ended by two, told, and taken back by two."""

import pytest
from sqlalchemy import select

from siweb.auth.tables.appointment import Function
from siweb.messages.tables.message import Message
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.task import TaskState
from tests import factories
from tests.papers import paper
from tests.reviews.kinds.make_status import make_status_task
from tests.second_person import check_all
from tests.sign_in import sign_in

WORDS = "已由乙公司参保，居民医保停到十月"


@pytest.fixture
def desk(client, session):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, factories.make_person(session), functions=[Function.REVIEW])
    return client


@pytest.fixture
def made(session, person):
    return make_status_task(session, person)


def send(desk, task, deed="end-resident", **values):
    typed = {"resident-last_month": "2026-10", "resident-words": WORDS}
    typed |= paper("resident-paper", "函1号", kind="letter")
    sent = {f"resident-{name}": value for name, value in values.items()}
    return desk.post(f"/desk/review-tasks/task/{task.id}/{deed}", data=typed | sent)


def agree(app, session):
    # The task's end is a receipt, whose code needs the office's key.
    with app.app_context():
        check_all(session)


def told(session, person):
    asked = select(Message.kind).where(Message.person_id == person.id)
    return set(session.scalars(asked))


def claims(session, person):
    return session.scalars(
        select(EnrolmentClaim.insurance).where(EnrolmentClaim.person_id == person.id)
    ).all()


def test_it_ends_when_a_second_person_agreed_and_the_task_with_it(app, desk, session, person, made):
    task, enrolment = made
    assert "End the insurance as a resident" in desk.get(f"/desk/review-tasks/task/{task.id}").text

    assert send(desk, task).status_code == 303

    session.expire_all()
    assert (enrolment.to_month, task.state) == (None, TaskState.OPEN)
    agree(app, session)
    session.expire_all()
    assert (enrolment.to_month, task.state, task.outcome) == ("2026-10", TaskState.DONE, WORDS)
    assert session.scalar(select(Review.state)) is ReviewState.PASSED
    assert "resident_ended" in told(session, person)
    assert claims(session, person) == []
    # Done once: neither again, nor by the words alone.
    assert send(desk, task).status_code == 422


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2025-12", "before the month with which the insurance began"),
        ("2026-12", "This month has not begun yet."),
        ("", "Enter the month."),
    ],
)
def test_a_month_that_cannot_be_its_last_is_refused_beside_it(desk, session, made, month, sentence):
    task, enrolment = made

    page = send(desk, task, last_month=month)

    assert page.status_code == 422
    assert sentence in page.text
    # What was typed stays.
    assert WORDS in page.text
    session.expire_all()
    assert enrolment.to_month is None


@pytest.mark.parametrize("last", ["2026-01", "2026-11"])
def test_the_first_and_the_present_month_may_be_its_last(app, desk, session, made, last):
    task, enrolment = made

    send(desk, task, last_month=last)
    agree(app, session)

    session.expire_all()
    assert enrolment.to_month == last


def test_what_was_ended_wrongly_goes_on_without_a_gap(app, desk, session, person, made):
    task, enrolment = made
    assert send(desk, task, deed="insure-again").status_code == 422
    send(desk, task)
    agree(app, session)
    page = desk.get(f"/desk/review-tasks/task/{task.id}").text
    assert "Let the insurance as a resident go on" in page

    assert send(desk, task, deed="insure-again", words="停错了").status_code == 303
    agree(app, session)

    session.expire_all()
    assert (enrolment.from_month, enrolment.to_month) == ("2026-01", None)
    assert claims(session, person) == [Insurance.MEDICAL]
    assert {"resident_ended", "resident_again"} <= told(session, person)
    assert "insure-again" not in desk.get(f"/desk/review-tasks/task/{task.id}").text


def test_who_is_insured_elsewhere_meanwhile_does_not_go_on(app, desk, session, person, made):
    task, enrolment = made
    send(desk, task)
    agree(app, session)
    other = factories.make_enrolment(
        session, person, scheme=Scheme.FLEXIBLE, insurance=Insurance.MEDICAL, from_month="2026-11"
    )
    session.commit()

    page = send(desk, task, deed="insure-again")

    assert page.status_code == 422
    assert "The person has medical insurance elsewhere since then." in page.text
    session.expire_all()
    assert (enrolment.to_month, other.to_month) == ("2026-10", None)


def test_a_task_about_something_else_ends_no_insurance(app, desk, session, person, made):
    task, enrolment = made
    enrolment.to_month = "2026-09"
    session.commit()

    assert send(desk, task).status_code == 422
    assert "end-resident" not in desk.get(f"/desk/review-tasks/task/{task.id}").text
