"""An objection goes to the employer, then to the agency; the person reads every answer."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import EVERYWHERE
from siweb.auth.tables.account import Account
from siweb.documents.tables.document import Document
from siweb.reviews import decide
from siweb.reviews.decide import count_waiting_reviews, waiting_visits
from siweb.reviews.objections.answer import (
    answer_as_employer,
    find_asked,
    objections_to_answer,
    pass_on_unanswered,
)
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import ObjectionState
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in


@pytest.fixture
def browser(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def filer(browser, session, employer):
    """The browser's owner files for the employer."""
    filer = factories.make_person(session, name="李雷")
    factories.make_account(session, filer)
    sign_in(browser, session, filer)
    account = session.scalar(select(Account).where(Account.person_id == filer.id))
    factories.make_mandate(session, account, employer, "filer")
    session.commit()
    return filer


@pytest.fixture
def home(employer):
    return f"/employer/{employer.uscc}/objections"


@pytest.fixture
def as_staff(browser, session):
    return lambda: sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )


@pytest.fixture
def as_person(browser, session, person):
    return lambda: sign_in(browser, session, person)


def test_the_employer_sees_what_waits_and_answers_once(
    browser, session, filer, home, make_review, make_objection
):
    review = make_review()
    objection = make_objection(review)

    assert "王芳" in browser.get(home).text
    sent = browser.post(f"{home}/{objection.id}", data={"answer": "agrees"})

    session.expire_all()
    assert sent.status_code == 303
    assert review.state is ReviewState.MANUAL_REVIEW
    assert review.reason == "employer_agrees"
    assert browser.get(f"{home}/{objection.id}").location == home


def test_the_person_reads_that_the_case_was_passed_on(
    browser, filer, home, as_person, make_review, make_objection
):
    objection = make_objection(make_review())
    browser.post(f"{home}/{objection.id}", data={"answer": "agrees"})

    as_person()

    assert "Passed on: With the agency" in browser.get("/reviews/ABCDEFGHJKMN").text


def test_the_case_waits_for_the_last_answer_and_one_no_is_a_no(
    browser, session, filer, home, make_review, make_objection
):
    review = make_review()
    first, second = make_objection(review), make_objection(review, "2025-04")

    browser.post(f"{home}/{first.id}", data={"answer": "agrees"})
    assert review.state is ReviewState.EMPLOYER_CONFIRM
    browser.post(f"{home}/{second.id}", data={"answer": "disagrees", "words": "已缴"})

    session.expire_all()
    assert review.reason == "employer_disagrees"


def test_a_no_needs_its_reason_and_nothing_typed_is_lost(
    browser, filer, home, make_review, make_objection
):
    objection = make_objection(make_review())

    answer = browser.post(f"{home}/{objection.id}", data={"answer": "disagrees"})

    assert answer.status_code == 422
    assert "Enter what your record says." in answer.text
    assert "checked" in answer.text


def test_another_employers_objection_is_not_there(
    browser, session, filer, home, make_review, make_objection
):
    other = factories.make_employer(session, name="乙公司", region_code="310000")
    objection = make_objection(make_review())
    objection.employer_id = other.id
    session.commit()

    assert browser.get(f"{home}/{objection.id}").status_code == 404
    assert browser.get(f"/employer/{other.uscc}/objections").status_code == 404


@pytest.mark.parametrize(
    ("verdict", "state", "reason"),
    [("yes", ReviewState.CORRECTING, "upheld"), ("no", ReviewState.REJECTED, "dismissed")],
)
def test_the_desk_decides_and_the_person_reads_why(
    browser, session, as_staff, as_person, make_review, make_objection, verdict, state, reason
):
    review = make_review(state=ReviewState.MANUAL_REVIEW, reason="employer_disagrees")
    objection = make_objection(review)
    as_staff()
    assert "王芳" in browser.get("/desk?kind=reviews").text

    sent = browser.post(
        "/desk/reviews/ABCDEFGHJKMN",
        data={f"verdict_{objection.id}": verdict, f"words_{objection.id}": "查了工资表"},
    )

    session.expire_all()
    assert sent.status_code == 303
    assert (review.state, review.reason) == (state, reason)
    assert objection.state is not ObjectionState.OPEN
    as_person()
    page = browser.get("/reviews/ABCDEFGHJKMN").text
    assert "查了工资表" in page
    assert "What was examined" in page


def test_a_decision_gives_one_receipt_however_often_it_is_sent(
    browser, session, as_staff, make_review, make_objection
):
    review = make_review(state=ReviewState.MANUAL_REVIEW)
    objection = make_objection(review)
    as_staff()
    decision = {f"verdict_{objection.id}": "yes", f"words_{objection.id}": "查了工资表"}

    for _click in range(2):
        browser.post("/desk/reviews/ABCDEFGHJKMN", data=decision)

    found = session.scalars(select(Document).where(Document.person_id == review.person_id)).all()
    assert len(found) == 1


def test_a_decision_needs_its_reasons(browser, as_staff, make_review, make_objection):
    review = make_review(state=ReviewState.MANUAL_REVIEW)
    objection = make_objection(review)
    as_staff()

    answer = browser.post("/desk/reviews/ABCDEFGHJKMN", data={f"verdict_{objection.id}": "no"})

    assert answer.status_code == 422
    assert "Give the reasons" in answer.text
    assert review.state is ReviewState.MANUAL_REVIEW


@pytest.mark.parametrize(
    ("verdict", "state", "certified_on"),
    [
        ("yes", ReviewState.PASSED, NOW.date()),
        ("no", ReviewState.REJECTED, date(2025, 3, 1)),
    ],
)
def test_a_certification_is_decided_in_person(
    browser, session, as_staff, make_review, make_benefit, verdict, state, certified_on
):
    benefit = make_benefit(date(2025, 3, 1))
    review = make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW, reason="visit_wanted")
    as_staff()

    browser.post("/desk/reviews/ABCDEFGHJKMN", data={"verdict": verdict, "words": "家访"})

    session.expire_all()
    assert review.state is state
    assert benefit.certified_on == certified_on


def test_only_staff_come_to_the_desk(browser, as_person, make_review):
    make_review(state=ReviewState.MANUAL_REVIEW)
    as_person()

    assert browser.get("/desk?kind=reviews").status_code == 404
    assert browser.get("/desk/reviews/ABCDEFGHJKMN").status_code == 404


def test_an_unanswered_objection_goes_on_to_the_agency_the_day_after(
    session, make_review, make_objection
):
    review = make_review(answer_by=date(2026, 11, 24))
    make_objection(review)

    assert pass_on_unanswered(session, on=date(2026, 11, 24), at=NOW) == 0
    assert pass_on_unanswered(session, on=date(2026, 11, 25), at=NOW) == 1
    assert pass_on_unanswered(session, on=date(2026, 11, 25), at=NOW) == 0
    assert (review.state, review.reason) == (ReviewState.MANUAL_REVIEW, "employer_silent")


@pytest.mark.parametrize(("waiting", "more"), [(1, False), (2, True), (3, True)])
def test_the_desk_is_told_whether_more_cases_follow_a_page(
    session, person, make_review, monkeypatch, waiting, more
):
    monkeypatch.setattr(decide, "PAGE", 1)
    reviews = [make_review(state=ReviewState.MANUAL_REVIEW, reason="visit_wanted")]
    reviews += [wait_too(session, reviews[0], number) for number in range(waiting - 1)]
    session.commit()

    pages = [
        waiting_visits(session, scope=EVERYWHERE, on=NOW.date(), page=page)
        for page in range(1, waiting + 1)
    ]

    assert ([case.review.id for case in pages[0][0]], pages[0][1]) == ([reviews[0].id], more)
    assert [case.review.id for cases, _ in pages for case in cases] == [one.id for one in reviews]
    assert [follow for _, follow in pages] == [True] * (waiting - 1) + [False]


def wait_too(session, first, number, state=ReviewState.MANUAL_REVIEW, answer_by=None):
    """Another person's case of the same campaign."""
    review = Review(
        reference=f"ABCDEFGHJK{number:02}",
        campaign_id=first.campaign_id,
        person_id=factories.make_person(session).id,
        state=state,
        reason="visit_wanted",
        answer_by=answer_by,
        opened_at=NOW,
        submitted_at=NOW,
    )
    session.add(review)
    session.flush()
    return review


@pytest.mark.parametrize(("day", "waits"), [(9, False), (10, True)])
def test_what_an_employer_left_unanswered_waits_at_the_desk_the_day_after(
    session, make_review, day, waits
):
    make_review(answer_by=date(2026, 12, 9))

    asked = count_waiting_reviews(date(2026, 12, day), EVERYWHERE)

    assert bool(session.scalar(asked)) is waits


def test_of_two_answers_at_the_same_moment_the_first_holds(
    session, employer, make_review, make_objection
):
    objection = make_objection(make_review())
    asked = [find_asked(session, employer.id, objection.id) for _ in range(2)]

    kept = [
        answer_as_employer(session, each, agrees=agrees, words=words, actor=SYSTEM, at=NOW)
        for each, agrees, words in zip(asked, (True, False), ("", "没有这笔工资"), strict=True)
    ]

    session.refresh(objection)
    assert kept == [True, False]
    assert (objection.employer_agrees, objection.employer_words) == (True, None)


def test_an_employer_is_asked_about_its_own_the_most_urgent_first(
    session, employer, make_review, make_objection
):
    first = make_review(answer_by=date(2026, 12, 9))
    sooner = wait_too(session, first, 1, ReviewState.EMPLOYER_CONFIRM, date(2026, 12, 1))
    decided = wait_too(session, first, 2, ReviewState.PASSED, date(2026, 11, 30))
    asked = [make_objection(review) for review in (first, sooner)]
    make_objection(decided)
    make_objection(first, "2025-04").employer_id = factories.make_employer(session).id
    session.commit()

    found = objections_to_answer(session, employer.id)

    assert [each.objection.id for each in found] == [asked[1].id, asked[0].id]


def test_cases_are_passed_on_so_many_at_a_time_the_oldest_first(session, make_review):
    first = make_review(answer_by=date(2026, 11, 20))
    second = wait_too(session, first, 1, ReviewState.EMPLOYER_CONFIRM, date(2026, 11, 19))
    session.commit()
    on = date(2026, 11, 25)

    assert pass_on_unanswered(session, on=on, at=NOW, most=1) == 1
    assert (first.state, second.state) == (ReviewState.MANUAL_REVIEW, ReviewState.EMPLOYER_CONFIRM)
    assert pass_on_unanswered(session, on=on, at=NOW, most=1) == 1
    assert second.state is ReviewState.MANUAL_REVIEW
