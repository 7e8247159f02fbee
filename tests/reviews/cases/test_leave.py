"""Who leaves saves what is there; and an answer has one home, from which all else follows."""

from datetime import date

import pytest
from sqlalchemy import select
from wtforms import StringField

from siweb.reviews.kinds import certification
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.sign_in import EVERY_FUNCTION, sign_in


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


@pytest.fixture
def case(browser, make_review, make_benefit):
    make_benefit(date(2025, 11, 1))
    campaign = make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED).campaign_id
    return browser.post("/reviews/start", data={"campaign": campaign}).location.removesuffix(
        "/resume"
    )


def send(browser, case, step, **typed):
    return browser.post(f"{case}/steps/{step}", data={"seen": 0} | typed)


def test_leaving_saves_what_is_half_filled(browser, case):
    send(browser, case, "method", method="visit")

    left = send(browser, case, "visit", address="示范路1号", mobile="138", times="", leave="yes")

    assert left.location == "/reviews"
    assert "Saved." in browser.get("/reviews").text
    assert browser.get(f"{case}/resume").location.endswith("/steps/visit")
    page = browser.get(f"{case}/steps/visit").text
    assert 'value="示范路1号"' in page
    assert 'value="138"' in page
    assert "error-summary" not in page


def test_what_was_left_half_filled_is_never_sent(browser, case):
    send(browser, case, "method", method="visit")
    send(browser, case, "visit", address="示范路1号", mobile="138", leave="yes")

    assert browser.post(f"{case}/check").location.endswith("/steps/visit")
    assert (
        send(browser, case, "visit", seen=1, address="示范路1号", mobile="138").status_code == 422
    )


def test_leaving_overwrites_nothing_unseen(browser, case):
    send(browser, case, "method", method="self")

    late = send(browser, case, "method", method="visit", leave="yes")

    assert late.status_code == 409


def test_what_nobody_can_see_is_not_kept(browser, case):
    send(browser, case, "method", method="visit")
    send(browser, case, "visit", address="示范\u200b路1号\u202e", mobile="13800001234")

    assert "示范路1号" in browser.get(f"{case}/check").text


@pytest.mark.parametrize(
    ("seen", "status"), [("1", 303), ("x", 409), ("-1", 409), ("9" * 30, 409), ("²", 409)]
)
def test_a_forged_version_is_only_another_window(browser, case, seen, status):
    send(browser, case, "method", method="self")

    assert send(browser, case, "method", method="visit", seen=seen).status_code == status


def test_the_desk_sees_where_and_when_to_visit(browser, session, case):
    send(browser, case, "method", method="visit")
    send(browser, case, "visit", address="示范路1号", mobile="13800001234", times="下午")
    browser.post(f"{case}/check")
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )

    page = browser.get(f"/desk{case}").text

    listed = browser.get("/desk/review-tasks/visits").text
    for answer in ("示范路1号", "13800001234", "下午"):
        assert answer in page and answer in listed
    assert "示范路1号" not in browser.get("/desk?kind=reviews").text
    session.expire_all()
    review = session.scalars(select(Review).where(Review.round == 2)).one()
    review.reason = "window_planned"
    session.commit()
    assert review.reference not in browser.get("/desk/review-tasks/visits").text
    assert review.reference in browser.get("/desk?kind=reviews").text


def test_an_answer_added_to_a_form_is_asked_checked_kept_and_shown_to_the_desk(
    browser, session, case, monkeypatch
):
    """One line in the form is all that an answer needs, beside its Chinese and its test."""
    monkeypatch.setattr(
        certification.VisitForm, "doorbell", StringField("Name on the doorbell"), raising=False
    )
    monkeypatch.setattr(certification.VisitForm, "_unbound_fields", None)
    send(browser, case, "method", method="visit")
    assert "Name on the doorbell" in browser.get(f"{case}/steps/visit").text

    send(browser, case, "visit", address="示范路1号", mobile="13800001234", doorbell="王宅")
    assert "王宅" in browser.get(f"{case}/check").text
    browser.post(f"{case}/check")

    session.expire_all()
    review = session.scalars(select(Review).where(Review.round == 2)).one()
    assert review.answers["visit"]["doorbell"] == "王宅"
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )
    page = browser.get(f"/desk{case}").text
    assert "Name on the doorbell" in page
    assert "王宅" in page


def test_a_follow_up_counts_only_after_the_answer_that_leads_to_it(browser, case):
    send(browser, case, "method", method="self")
    typed = {"residence": "here", "place": "苏州", "mobile": "021-12345678", "declared": "y"}
    send(browser, case, "residence", **typed)
    assert "苏州" not in browser.get(f"{case}/check").text

    missing = send(
        browser, case, "residence", **typed | {"seen": 1, "residence": "abroad", "place": " "}
    )

    assert missing.status_code == 422
    assert "Write the city, or the country if abroad." in missing.text
