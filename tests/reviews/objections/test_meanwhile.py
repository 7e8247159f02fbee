"""What happened between a page and its button: two tabs, two hands, a button pressed twice."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.auth.tables.account import Account
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.review import ReviewEvent, ReviewState
from tests import factories
from tests.sign_in import EVERY_FUNCTION, sign_in

CASE, DESK = "/reviews/ABCDEFGHJKMN", "/desk/reviews/ABCDEFGHJKMN"
AGREES = {"answer": "agrees", "words": ""}


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


@pytest.fixture
def as_staff(browser, session):
    return lambda: sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )


@pytest.fixture
def as_filer(browser, session, employer):
    """Sign in who files for the employer; return the address of its objections."""

    def as_filer():
        filer = factories.make_person(session, name="李雷")
        sign_in(browser, session, filer)
        account = session.scalar(select(Account).where(Account.person_id == filer.id))
        factories.make_mandate(session, account, employer, "filer")
        session.commit()
        return f"/employer/{employer.uscc}/objections"

    return as_filer


def events(session):
    return session.scalar(select(func.count()).select_from(ReviewEvent))


def verdict(objection, seen=None):
    data = {f"verdict_{objection.id}": "yes", f"words_{objection.id}": "查了工资表"}
    return data if seen is None else {**data, "seen": seen}


def test_the_same_words_sent_twice_are_added_once(browser, session, make_review):
    make_review()
    for _tap in range(2):
        assert browser.post(f"{CASE}/add", data={"words": "附上劳动合同"}).status_code == 303
    browser.post(f"{CASE}/add", data={"words": "又找到了工资条"})

    assert events(session) == 2


def test_an_answer_of_an_employer_sent_twice_is_no_dead_end(
    browser, session, as_filer, make_review, make_objection
):
    objection, home = make_objection(make_review()), as_filer()
    assert browser.post(f"{home}/{objection.id}", data=AGREES).location == home

    again = browser.post(f"{home}/{objection.id}", data=AGREES, follow_redirects=True)

    assert "does not wait for your answer any more" in again.text
    assert session.scalar(select(Objection.employer_agrees)) is True


def test_an_objection_that_was_undone_leads_to_the_list(
    browser, session, person, as_filer, make_review, make_objection
):
    objection, home = make_objection(make_review()), as_filer()
    sign_in(browser, session, person)
    browser.post(f"{CASE}/take-back")
    home = as_filer()

    answer = browser.post(f"{home}/{objection.id}", data=AGREES, follow_redirects=True)

    assert "does not wait for your answer any more" in answer.text
    session.expire_all()
    assert objection.employer_agrees is None


def test_for_another_employer_the_objection_is_not_there(
    browser, session, make_review, make_objection, as_filer
):
    objection = make_objection(make_review())
    home = as_filer()
    other = factories.make_employer(session, name="乙公司")
    objection.employer_id = other.id
    session.commit()

    assert browser.get(f"{home}/{objection.id}").status_code == 404


def test_the_desk_decides_on_what_it_has_read(
    browser, session, person, as_staff, make_review, make_objection
):
    review = make_review(state=ReviewState.MANUAL_REVIEW)
    objection = make_objection(review)
    as_staff()
    before = browser.get(DESK).text.partition('name="seen" value="')[2].partition('"')[0]
    sign_in(browser, session, person)
    browser.post(f"{CASE}/add", data={"words": "附上劳动合同"})
    as_staff()

    refused = browser.post(DESK, data=verdict(objection, seen=before))

    assert refused.status_code == 422
    assert "Something happened to this case meanwhile" in refused.text
    assert "附上劳动合同" in refused.text
    assert "查了工资表" in refused.text  # nothing that was typed is lost
    session.expire_all()
    assert review.state is ReviewState.MANUAL_REVIEW
    after = refused.text.partition('name="seen" value="')[2].partition('"')[0]
    assert browser.post(DESK, data=verdict(objection, seen=after)).status_code == 303


def test_whoever_decides_second_is_told_so(browser, as_staff, make_review, monkeypatch):
    make_review(ReviewKind.RECORD_CHECK, ReviewState.MANUAL_REVIEW)
    as_staff()
    # The other decision comes between the look and the move.
    monkeypatch.setattr("siweb.reviews.decide.move_review", lambda *_args, **_more: False)

    answer = browser.post(DESK, data={})

    assert answer.status_code == 422
    assert "Somebody else decided this case meanwhile" in answer.text


def test_after_the_window_answers_are_not_taken_back_to_be_lost(
    browser, session, make_review, make_objection
):
    review = make_review(closes_on=date(2026, 11, 23))
    make_objection(review)

    page = browser.get(CASE).text
    assert "take-back" not in page
    assert f"{CASE}/add" in page
    for answer in (browser.get(f"{CASE}/take-back"), browser.post(f"{CASE}/take-back")):
        assert answer.location == CASE
    session.expire_all()
    assert review.state is ReviewState.EMPLOYER_CONFIRM


def test_on_the_last_day_answers_can_be_taken_back(browser, session, make_review):
    review = make_review(closes_on=date(2026, 11, 24))

    assert "take-back" in browser.get(CASE).text
    browser.post(f"{CASE}/take-back")

    session.expire_all()
    assert review.state is ReviewState.DRAFT
