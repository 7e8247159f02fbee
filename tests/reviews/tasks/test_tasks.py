"""An upheld objection opens a task, and "corrected" is said when the task has ended, not before."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.staff.duties import Duty
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.desk.home.kinds import REVIEW_TASK
from siweb.desk.home.waiting import count_waiting
from siweb.documents.tables.document import Document
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.decide import outcome_of
from siweb.reviews.labels import TASKS
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import ObjectionState, Problem
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.task import CORRECTIONS, ReviewTask, TaskKind, TaskState
from siweb.reviews.tasks import find
from siweb.reviews.tasks.find import GROUPS
from siweb.reviews.tasks.open import CORRECTION_OF, is_sampled
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

CASE, DESK = "/reviews/ABCDEFGHJKMN", "/desk/reviews/ABCDEFGHJKMN"


@pytest.fixture
def browser(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def as_staff(browser, session):
    """Sign in a member of staff, each time another one."""
    return lambda: sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )


def decide(browser, verdicts):
    data = {f"verdict_{number}": verdict for number, verdict in verdicts.items()}
    data |= {f"words_{number}": "查了工资表" for number in verdicts}
    return browser.post(DESK, data=data)


def tasks(session):
    session.expire_all()
    return session.scalars(select(ReviewTask).order_by(ReviewTask.id)).all()


def finish(browser, task, **more):
    return browser.post(f"/desk/review-tasks/task/{task.id}", data={"outcome": "已补记"} | more)


def set_right(session, objection):
    """The employer's filing came meanwhile, and the month was billed."""
    session.expire_all()
    person = session.get_one(Person, session.get_one(Review, objection.review_id).person_id)
    factories.make_record(
        session, person, objection.contribution_month, recorded_at=NOW + timedelta(seconds=1)
    )
    session.commit()
    session.expire_all()


@pytest.fixture
def decided(browser, session, as_staff, make_review, make_objection):
    """A case with three objections, of which some were upheld."""

    def decided(*verdicts):
        review = make_review(state=ReviewState.MANUAL_REVIEW)
        objections = [
            make_objection(review, f"2025-0{month}") for month in range(1, len(verdicts) + 1)
        ]
        as_staff()
        answer = decide(
            browser,
            {each.id: verdict for each, verdict in zip(objections, verdicts, strict=True)},
        )
        assert answer.status_code == 303
        for objection in objections:
            set_right(session, objection)
        return review, objections

    return decided


def test_an_upheld_objection_opens_a_task_with_kind_subject_and_due_day(session, decided):
    review, (objection,) = decided("yes")

    (task,) = tasks(session)
    assert task.kind is TaskKind.CORRECT_MONTH
    assert (task.objection_id, task.person_id) == (objection.id, review.person_id)
    assert task.due_on == NOW.date() + timedelta(days=30)
    assert review.state is ReviewState.CORRECTING


def test_one_upheld_of_several_does_not_pass_the_rest(session, decided):
    review, objections = decided("yes", "no")

    assert (review.state, review.reason) == (ReviewState.CORRECTING, "partly_upheld")
    assert [each.state for each in objections] == [ObjectionState.UPHELD, ObjectionState.DISMISSED]
    assert len(tasks(session)) == 1


def test_corrected_is_not_said_before_the_last_task_has_ended(
    browser, session, person, as_staff, decided
):
    review, _objections = decided("yes", "yes")
    first, second = tasks(session)

    assert finish(browser, first).status_code == 303
    session.expire_all()
    assert review.state is ReviewState.CORRECTING
    sign_in(browser, session, person)
    assert "has been put right" not in browser.get(CASE).text
    as_staff()
    finish(browser, second)

    session.expire_all()
    assert (review.state, review.reason) == (ReviewState.PASSED, "corrected")
    sign_in(browser, session, person)
    page = browser.get(CASE).text
    assert "What was wrong has been put right." in page
    assert "已补记" in page


def test_what_was_not_upheld_stays_dismissed_after_the_correction(browser, session, decided):
    review, objections = decided("yes", "no")

    finish(browser, tasks(session)[0])

    session.expire_all()
    assert (review.state, review.reason) == (ReviewState.REJECTED, "corrected_in_part")
    assert [each.state for each in objections] == [
        ObjectionState.CORRECTED,
        ObjectionState.DISMISSED,
    ]


def test_the_day_of_the_decision_stays_when_the_correction_ends_later(browser, session, decided):
    review, _objections = decided("yes")
    decided_at = review.decided_at

    finish(browser, tasks(session)[0])

    session.expire_all()
    assert review.decided_at == decided_at


def test_the_end_of_a_correction_gives_a_new_receipt_and_the_old_one_is_void(
    browser, session, decided
):
    review, _objections = decided("yes")
    older = review.document_id

    finish(browser, tasks(session)[0])

    session.expire_all()
    assert review.document_id != older
    assert session.get(Document, older).revoked_at is not None


def test_a_task_is_finished_once(browser, session, decided):
    decided("yes")
    (task,) = tasks(session)

    finish(browser, task, outcome="第一次")
    finish(browser, task, outcome="第二次")

    (task,) = tasks(session)
    assert task.outcome == "第一次"


def test_a_task_needs_words_for_the_person(browser, session, decided):
    decided("yes")
    (task,) = tasks(session)

    answer = finish(browser, task, outcome=" ")

    assert answer.status_code == 422
    assert tasks(session)[0].state is TaskState.OPEN


def test_nobody_decides_or_finishes_their_own_case(
    browser, session, person, make_review, make_objection, as_staff
):
    review = make_review(state=ReviewState.MANUAL_REVIEW)
    objection = make_objection(review)
    sign_in(browser, session, person, functions=EVERY_FUNCTION)
    answer = decide(browser, {objection.id: "yes"})
    assert answer.status_code == 403
    assert "ask a colleague" in answer.text
    as_staff()
    decide(browser, {objection.id: "yes"})
    sign_in(browser, session, person, functions=EVERY_FUNCTION)

    answer = finish(browser, tasks(session)[0])

    assert answer.status_code == 403
    assert "ask a colleague" in answer.text
    assert tasks(session)[0].state is TaskState.OPEN


def test_what_only_the_office_had_found_costs_the_person_nothing():
    assert outcome_of([(False, True)]) == (ReviewState.PASSED, "record_confirmed")
    assert outcome_of([(False, True), (False, False)]) == (ReviewState.REJECTED, "dismissed")
    assert outcome_of([(True, True), (False, True)]) == (ReviewState.CORRECTING, "upheld")
    assert outcome_of([(True, True), (False, False)]) == (ReviewState.CORRECTING, "partly_upheld")


def test_the_desk_counts_and_lists_the_task(browser, session, decided):
    decided("yes")

    listed = browser.get("/desk?kind=corrections").text
    counts = {
        waiting.queue.name: waiting.count
        for waiting in count_waiting(session, NOW.date(), [Duty(Function.REVIEW, None, None)])
        if waiting.queue.kind is REVIEW_TASK
    }

    assert "王芳" in listed
    assert "24 December 2026" in listed
    assert counts == {"corrections": 1, "certifications": 0, "back-payments": 0}


def test_the_most_urgent_task_is_listed_first_until_it_is_done(browser, session, decided):
    decided(*["yes"] * 3)
    ids = [task.id for task in tasks(session)]
    urgent = tasks(session)[2]
    urgent.due_on -= timedelta(days=1)
    session.commit()

    def listed(kind="corrections"):
        page = browser.get(f"/desk?kind={kind}").text
        return [int(number) for number in re.findall(r"/desk/review-tasks/task/(\d+)", page)]

    assert listed() == [urgent.id, *ids[:2]]
    assert listed("back-payments") == []
    finish(browser, urgent)
    assert listed() == ids[:2]
    assert find.open_corrections(session, urgent.review_id) == 2


@pytest.mark.parametrize(
    ("day", "is_late"), [(date(2026, 12, 24), False), (date(2026, 12, 25), True)]
)
def test_a_task_is_overdue_the_day_after_its_last(browser, session, decided, day, is_late):
    decided("yes")
    with time_machine.travel(day.isoformat() + "T10:00:00+08:00", tick=False):
        sign_in(
            browser,
            session,
            factories.make_person(session, name="经办员"),
            functions=EVERY_FUNCTION,
        )
        assert ("1 day late" in browser.get("/desk?kind=corrections").text) is is_late


@pytest.mark.parametrize("address", ["/desk/review-tasks/everything", "/desk/review-tasks/task/9"])
def test_what_is_not_there_is_not_found(browser, as_staff, address):
    as_staff()

    assert browser.get(address).status_code == 404


def test_tasks_are_for_staff(browser, session, person):
    sign_in(browser, session, person)

    assert browser.get("/desk?kind=corrections").status_code == 404


def test_every_problem_has_its_correction_and_every_task_a_list_and_a_label():
    assert set(CORRECTION_OF) == set(Problem)
    assert set(CORRECTION_OF.values()) == CORRECTIONS
    assert {kind for kinds in GROUPS.values() for kind in kinds} == set(TaskKind) == set(TASKS)


def test_a_benefit_that_was_not_suspended_has_nothing_to_be_paid(
    browser, session, as_staff, make_review, make_benefit
):
    make_benefit(date(2025, 3, 1))
    make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW, reason="visit_wanted")
    as_staff()

    browser.post(DESK, data={"verdict": "yes", "words": "家访"})

    assert TaskKind.BACK_PAY not in {task.kind for task in tasks(session)}


@pytest.fixture
def rechecked(browser, session, as_staff, make_review, make_benefit):
    """A certification that one member of staff decided, and that a second one examines."""
    make_benefit(date(2025, 3, 1))
    review = make_review(
        ReviewKind.CERTIFICATION,
        ReviewState.MANUAL_REVIEW,
        reason="visit_wanted",
        rules={"recheck_ppm": 1_000_000},
    )
    as_staff()
    browser.post(DESK, data={"verdict": "yes", "words": "家访"})
    (task,) = tasks(session)
    assert task.kind is TaskKind.RECHECK
    return review


def test_a_second_look_is_by_a_second_person(browser, session, as_staff, rechecked):
    answer = finish(browser, tasks(session)[0], result="done")
    assert answer.status_code == 422
    assert "another person examines it" in answer.text
    first = session.get_one(Account, tasks(session)[0].opened_by_account_id).person_id
    as_staff()
    # The same person, as it turns out, has two registrations and an account of each.
    second = session.scalar(select(Account.person_id).order_by(Account.id.desc()).limit(1))
    alias = PersonAlias(former_id=first, person_id=second, merged_at=NOW)
    session.add(alias)
    session.commit()
    assert finish(browser, tasks(session)[0], result="done").status_code == 422
    session.delete(alias)
    session.commit()

    assert finish(browser, tasks(session)[0], result="done").status_code == 303
    assert [task.state for task in tasks(session)] == [TaskState.DONE]


def test_doubts_open_an_investigation_and_stop_no_benefit(browser, session, as_staff, rechecked):
    as_staff()

    finish(browser, tasks(session)[0], result="doubtful", outcome="电话无人接听")

    assert [task.kind for task in tasks(session)] == [TaskKind.RECHECK, TaskKind.INVESTIGATE]
    assert tasks(session)[1].words == "电话无人接听"
    assert rechecked.state is ReviewState.PASSED


def test_a_second_look_needs_its_finding(browser, session, as_staff, rechecked):
    as_staff()

    assert finish(browser, tasks(session)[0]).status_code == 422


def test_the_share_is_drawn_by_the_case_and_never_by_chance():
    references = [f"CASE{number:04}" for number in range(2000)]
    drawn = [each for each in references if is_sampled("secret", each, 50_000)]

    assert drawn == [each for each in references if is_sampled("secret", each, 50_000)]
    assert 60 <= len(drawn) <= 140
    assert drawn != [each for each in references if is_sampled("other", each, 50_000)]
    assert not any(is_sampled("secret", each, 0) for each in references)
    assert all(is_sampled("secret", each, 1_000_000) for each in references)
