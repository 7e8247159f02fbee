"""One case step by step: nothing typed is lost, no step comes before its time, nothing is doubled."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from siweb.auth.tables.account import Account
from siweb.documents.tables.document import Document
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.wizard.draft import Draft, DraftAnswer
from tests import factories
from tests.sign_in import sign_in

SELF = {
    "residence": "elsewhere",
    "place": "苏州",
    "mobile": "13800001234",
    "declared": "y",
}


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


@pytest.fixture
def case(browser, session, make_review, make_benefit):
    """A certification that was just started; nothing is known from other bodies' data."""
    make_benefit(date(2025, 11, 1))
    campaign = make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED).campaign_id
    return browser.post("/reviews/start", data={"campaign": campaign}).location.removesuffix(
        "/resume"
    )


def send(browser, case, step, **typed):
    return browser.post(f"{case}/steps/{step}", data={"seen": 0} | typed)


def test_a_case_goes_on_at_the_first_unanswered_step(browser, case):
    assert browser.get(f"{case}/resume").location.endswith("/steps/method")
    send(browser, case, "method", method="self")

    assert browser.get(f"{case}/resume").location.endswith("/steps/residence")


def test_starting_twice_is_one_case(browser, session, case):
    campaign = session.scalar(select(Review.campaign_id).limit(1))

    again = browser.post("/reviews/start", data={"campaign": campaign}).location

    assert again == f"{case}/resume"


@pytest.mark.parametrize("step", ["residence", "visit", "window"])
def test_a_step_before_its_time_leads_to_the_one_that_is_due(browser, case, step):
    assert browser.get(f"{case}/steps/{step}").location.endswith("/steps/method")
    assert send(browser, case, step, **SELF).location.endswith("/steps/method")


@pytest.mark.parametrize("step", ["nothing", "..%2Fcheck", "method%00", "METHOD"])
def test_a_step_that_there_is_not_is_not_found(browser, case, step):
    assert browser.get(f"{case}/steps/{step}").status_code == 404


def test_a_case_of_another_kind_has_no_premium(browser, case):
    assert browser.get(f"{case}/premium", headers={"HX-Request": "true"}).status_code == 404


def test_the_way_chosen_decides_what_is_asked(browser, case):
    send(browser, case, "method", method="visit")
    assert browser.get(f"{case}/resume").location.endswith("/steps/visit")
    browser.post(f"{case}/steps/method?change=yes", data={"seen": 1, "method": "window"})

    assert browser.get(f"{case}/resume").location.endswith("/steps/window")


def test_nothing_is_sent_before_everything_is_answered(browser, case):
    assert browser.post(f"{case}/check").location.endswith("/steps/method")


@pytest.mark.parametrize(
    "place",
    ["𠮷田镇😀", "x" * 500, "<script>alert(1)</script>", "ａb", "'; DROP TABLE person"],
)
def test_what_was_typed_stays_on_a_page_that_is_refused(browser, case, place):
    send(browser, case, "method", method="self")

    answer = send(browser, case, "residence", **SELF | {"place": place, "mobile": ""})

    assert answer.status_code == 422
    assert "Enter a phone number" in answer.text
    assert place.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in answer.text


def test_two_windows_show_each_other_what_they_answered(browser, case):
    send(browser, case, "method", method="self")

    late = send(browser, case, "method", method="visit")

    assert late.status_code == 409
    assert "another window" in late.text
    assert browser.get(f"{case}/resume").location.endswith("/steps/residence")


def test_sending_twice_is_one_receipt(browser, session, case):
    send(browser, case, "method", method="self")
    send(browser, case, "residence", **SELF)
    for _click in range(2):
        assert browser.post(f"{case}/check").location == case

    assert session.scalar(select(func.count()).select_from(Document)) == 1
    assert "Passed" in browser.get(case).text


@pytest.mark.parametrize("page", ["resume", "steps/method", "steps/residence", "check"])
def test_what_was_sent_is_shown_and_answered_no_more(browser, session, case, page):
    send(browser, case, "method", method="self")
    send(browser, case, "residence", **SELF)
    browser.post(f"{case}/check")

    assert browser.get(f"{case}/{page}").location == case
    if page.startswith("steps/"):
        late = browser.post(f"{case}/{page}?change=yes", data=SELF | {"seen": 1, "method": "visit"})
        assert late.location == case
    session.expire_all()
    sent = session.scalars(select(DraftAnswer).order_by(DraftAnswer.step)).all()
    assert [(answer.step, answer.version) for answer in sent] == [("method", 1), ("residence", 1)]


@pytest.mark.parametrize("page", ["resume", "steps/method", "check"])
def test_what_somebody_else_began_to_answer_has_no_steps_here(browser, session, person, case, page):
    """A case of this person whose draft is a relative's: there is nothing to go on with."""
    helper = factories.make_person(session, name="李梅")
    sign_in(browser, session, helper)
    account = session.scalars(select(Account.id).where(Account.person_id == helper.id)).one()
    session.execute(update(Draft).values(account_id=account))
    session.commit()
    sign_in(browser, session, person)

    assert browser.get(f"{case}/{page}").location == case


def test_a_case_of_somebody_else_is_not_there(browser, session, client, case):
    stranger = factories.make_person(session, name="陌生人")
    session.commit()
    sign_in(client, session, stranger)

    for address in (case, f"{case}/resume", f"{case}/steps/method", f"{case}/check"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("language", "heading", "typed"),
    [
        ("en", "3 things to correct", {}),
        ("en", "1 thing to correct", {"residence": "here", "mobile": "13800001234"}),
        ("zh-Hans", "有1处需要修改", {"residence": "here", "mobile": "13800001234"}),
    ],
)
def test_the_summary_counts_what_is_to_be_corrected(browser, case, language, heading, typed):
    send(browser, case, "method", method="self")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language

    page = send(browser, case, "residence", **typed).text

    assert f"<h2>{heading}</h2>" in page
    assert '<a href="#declared">' in page


def test_what_no_field_can_correct_is_not_counted(browser, case):
    send(browser, case, "method", method="relative")

    page = send(browser, case, "relative").text

    assert "<h2>This could not be accepted</h2>" in page
    assert "to correct" not in page
