"""While nobody has decided, a sent case can be added to, and taken back and sent again."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.collection.tables.hire_report import HireReport
from siweb.documents.tables.document import Document
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.reviews.cases.take_back import CaseDecided, take_back
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, ObjectionState, Problem
from siweb.reviews.tables.review import Review, ReviewState
from siweb.wizard.draft import Draft, DraftState
from tests import factories
from tests.conftest import NOW
from tests.evidence.scans import pdf, upload
from tests.sign_in import EVERY_FUNCTION, sign_in

WAITING = [ReviewState.EMPLOYER_CONFIRM, ReviewState.TO_CORRECT, ReviewState.MANUAL_REVIEW]
DECIDED = [ReviewState.PASSED, ReviewState.REJECTED, ReviewState.CORRECTING]
CASE = "/reviews/ABCDEFGHJKMN"
CONTACT = {"name_is": "right", "mobile": "13800001234"}


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


def send(browser, case, step, **typed):
    return browser.post(f"{case}/steps/{step}", data={"seen": 0} | typed)


@pytest.fixture
def sent(browser, session, employer, person, make_review):
    """A record check that questions two months, sent from its pages."""
    factories.make_enrolment(session, person, employer=employer, from_month="2025-01")
    campaign = make_review(state=ReviewState.PASSED).campaign_id
    case = browser.post("/reviews/start", data={"campaign": campaign}).location.removesuffix(
        "/resume"
    )
    send(browser, case, "contact", **CONTACT)
    send(browser, case, "insurances", verdict="right")
    send(browser, case, "months", verdict="wrong")
    send(
        browser, case, "questions", months=["2025-03", "2025-04"], problem="missing", words="工资条"
    )
    send(browser, case, "account", verdict="right")
    assert browser.post(f"{case}/check").status_code == 303
    return case


@pytest.mark.parametrize("state", WAITING)
def test_words_can_be_added_while_nobody_decided(browser, session, make_review, state):
    make_review(state=state)

    answer = browser.post(f"{CASE}/add", data={"words": "附上劳动合同"})

    assert answer.status_code == 303
    assert "附上劳动合同" in browser.get(CASE).text


@pytest.mark.parametrize("state", DECIDED)
def test_nothing_is_added_to_what_was_decided(browser, session, make_review, state):
    make_review(state=state)

    answer = browser.post(f"{CASE}/add", data={"words": "附上劳动合同"}, follow_redirects=True)

    assert "nothing was changed" in answer.text
    assert "附上劳动合同" not in answer.text
    assert "/add" not in answer.text


@pytest.mark.parametrize("words", ["还有工资条", ""])
def test_nothing_is_added_to_what_was_undone_in_another_window(browser, session, sent, words):
    browser.post(f"{sent}/take-back")

    answer = browser.post(f"{sent}/add", data={"words": words})

    assert answer.location == f"{sent}/resume"
    page = browser.get(answer.location, follow_redirects=True)
    assert "have not been sent yet: nothing was added" in page.text


def test_adding_nothing_is_refused(browser, make_review):
    make_review()

    assert browser.post(f"{CASE}/add", data={"words": " "}).status_code == 422


def test_language_and_large_type_lead_from_what_was_refused_to_the_case(browser, make_review):
    make_review(state=ReviewState.MANUAL_REVIEW)
    refused = browser.post(f"{CASE}/add", data={"words": ""}).text

    for choice in ("language/zh_Hans", "type-size/large"):
        address = re.search(f'/preferences/{choice}\\?next=[^"]+', refused)[0]
        back = browser.get(address).location
        # The address that was sent to takes forms only: it would answer with an error.
        assert back.endswith(CASE) and browser.get(back).status_code == 200


def test_whoever_answers_and_whoever_decides_reads_what_was_added(
    browser, session, employer, make_review, make_objection
):
    objection = make_objection(make_review())
    browser.post(f"{CASE}/add", data={"words": "附上劳动合同"})
    filer = factories.make_person(session, name="李雷")
    sign_in(browser, session, filer)
    account = session.scalar(select(Account).where(Account.person_id == filer.id))
    factories.make_mandate(session, account, employer, "filer")
    session.commit()
    asked = browser.get(f"/employer/{employer.uscc}/objections/{objection.id}").text
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )

    assert "附上劳动合同" in asked
    assert "附上劳动合同" in browser.get("/desk/reviews/ABCDEFGHJKMN").text


def test_taken_back_answers_are_a_draft_with_everything_that_was_typed(browser, session, sent):
    answer = browser.post(f"{sent}/take-back")

    session.expire_all()
    review = session.scalars(select(Review).where(Review.submitted_at.is_(None))).one()
    assert answer.location == f"{sent}/resume"
    assert review.state is ReviewState.DRAFT
    assert browser.get(f"{sent}/resume").location == f"{sent}/check"
    assert "工资条" in browser.get(f"{sent}/check").text
    states = session.scalars(select(Objection.state)).all()
    assert set(states) == {ObjectionState.WITHDRAWN}


def test_nobody_is_asked_about_what_was_undone(browser, session, employer, sent):
    browser.post(f"{sent}/take-back")
    filer = factories.make_person(session, name="李雷")
    sign_in(browser, session, filer)
    account = session.scalar(select(Account).where(Account.person_id == filer.id))
    factories.make_mandate(session, account, employer, "viewer")
    session.commit()

    assert "Nothing waits" in browser.get(f"/employer/{employer.uscc}/objections").text


def test_the_receipt_of_what_was_undone_is_void_and_sending_again_gives_one(browser, session, sent):
    browser.post(f"{sent}/take-back")
    (first,) = session.scalars(select(Document)).all()
    assert first.revoked_at is not None

    assert browser.post(f"{sent}/check").location == sent

    session.expire_all()
    newest = session.scalars(select(Document).order_by(Document.id.desc())).first()
    assert newest.revoked_at is None
    assert newest.supersedes_id == first.id
    open_now = session.scalar(select(func.count()).where(Objection.state == ObjectionState.OPEN))
    assert open_now == len(session.scalars(select(Objection)).all()) / 2


def test_changed_answers_count_the_second_time(browser, session, sent):
    browser.post(f"{sent}/take-back")
    browser.post(f"{sent}/steps/months?change=yes", data={"seen": 1, "verdict": "right"})
    assert "工资条" not in browser.get(f"{sent}/check").text

    browser.post(f"{sent}/check")

    found = session.scalars(select(Objection).where(Objection.state == ObjectionState.OPEN)).all()
    assert {objection.words for objection in found} == {""}


@pytest.mark.parametrize("state", DECIDED)
def test_what_was_decided_is_not_taken_back(browser, session, make_review, state):
    review = make_review(state=state)

    assert browser.get(f"{CASE}/take-back").location == CASE
    browser.post(f"{CASE}/take-back")

    session.expire_all()
    assert review.state is state


def test_what_others_question_stays_when_a_case_is_taken_back(
    browser, session, sent, make_objection
):
    colleague = factories.make_person(session, name="韩梅")
    case = Review(
        reference="QRSTVWXYZABC",
        campaign_id=session.scalars(select(Campaign.id)).one(),
        person_id=colleague.id,
        state=ReviewState.EMPLOYER_CONFIRM,
        opened_at=NOW,
        submitted_at=NOW,
    )
    session.add(case)
    session.flush()
    others = make_objection(case)

    browser.post(f"{sent}/take-back")

    session.expire_all()
    assert others.state is ObjectionState.OPEN
    own = session.scalars(select(Objection).where(Objection.id != others.id)).all()
    assert {each.state for each in own} == {ObjectionState.WITHDRAWN}
    taken = session.scalars(select(Review).where(Review.state == ReviewState.DRAFT)).one()
    assert taken.decided_at is None


def test_a_decision_made_meanwhile_comes_first(session, make_review):
    review = make_review(state=ReviewState.PASSED)

    with pytest.raises(CaseDecided):
        take_back(
            session,
            review,
            session.get_one(Campaign, review.campaign_id),
            actor=Actor(1, review.person_id),
            on=NOW.date(),
            at=NOW,
        )


def test_somebody_elses_case_is_neither_added_to_nor_taken_back(browser, session, make_review):
    make_review()
    stranger = factories.make_person(session, name="陌生人")
    sign_in(browser, session, stranger)

    for way in ("add", "take-back"):
        assert browser.post(f"{CASE}/{way}", data={"words": "x"}).status_code == 404


def test_a_visit_can_be_taken_back_and_another_way_chosen(
    browser, session, make_review, make_benefit
):
    make_benefit(date(2025, 11, 1))
    campaign = make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED).campaign_id
    case = browser.post("/reviews/start", data={"campaign": campaign}).location.removesuffix(
        "/resume"
    )
    send(browser, case, "method", method="window")
    send(browser, case, "window")
    browser.post(f"{case}/check")
    browser.post(f"{case}/take-back")
    browser.post(f"{case}/steps/method?change=yes", data={"seen": 1, "method": "visit"})

    assert browser.get(f"{case}/resume").location.endswith("/steps/visit")
    drafts = session.scalars(select(Draft.state)).all()
    assert drafts == [DraftState.OPEN]


def test_what_was_undone_leaves_no_report_open_and_comes_in_again_when_sent(
    browser, session, person, make_review
):
    """Nobody had registered the person for the months: the desk makes a report of them."""
    review = make_review()
    for number, day in enumerate((NOW, NOW + timedelta(days=1))):
        with time_machine.travel(day, tick=False):
            session.add(
                Objection(
                    review_id=review.id,
                    problem=Problem.MISSING,
                    insurances=["pension"],
                    contribution_month="2025-03",
                    words=f"老店{number}",
                    raised_at=day,
                )
            )
            session.commit()
            sign_in(browser, session, staff(session), functions=EVERY_FUNCTION)
            browser.post("/desk/hire-reports/reviews")
            assert f"老店{number}" in browser.get("/desk/hire-reports").text
            sign_in(browser, session, person)
            browser.post(f"{CASE}/take-back")
            sign_in(browser, session, staff(session), functions=EVERY_FUNCTION)
            assert f"老店{number}" not in browser.get("/desk/hire-reports").text
            session.expire_all()
            review.state = ReviewState.EMPLOYER_CONFIRM
            session.commit()
    sign_in(browser, session, person)
    answers = session.scalars(select(HireReport.answer)).all()
    assert answers == ["You took your questions back."] * 2


def staff(session):
    return factories.make_person(session, name="经办员")


def test_a_scan_can_be_added_while_nobody_decided(app, browser, session, make_review):
    make_review(state=ReviewState.MANUAL_REVIEW)

    browser.post(f"{CASE}/add", data={"words": "附上劳动合同", "scans": upload(pdf())})
    # The button pressed twice.
    browser.post(f"{CASE}/add", data={"words": "附上劳动合同", "scans": upload(pdf())})

    [own] = re.findall(r'href="(/scans/\w+)"', browser.get(CASE).text)
    assert browser.get(own).data == pdf()
    clerk = app.test_client()
    sign_in(clerk, session, factories.make_person(session), EVERY_FUNCTION)
    [address] = re.findall(r'href="(/desk/evidence/\w+)"', clerk.get(f"/desk{CASE}").text)
    assert clerk.get(address).data == pdf()


@pytest.mark.parametrize("state", DECIDED)
def test_no_scan_comes_to_what_was_decided(browser, session, make_review, state):
    make_review(state=state)

    browser.post(f"{CASE}/add", data={"words": "附上劳动合同", "scans": upload(pdf())})

    assert session.scalar(select(func.count(EvidenceFile.id))) == 0
