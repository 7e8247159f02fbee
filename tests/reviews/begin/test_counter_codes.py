"""The counter's QR codes: the poster leads to what is due, a code to the case of one person."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.auth.tables.appointment import Function
from siweb.reviews.begin.counter_codes import GOOD_FOR
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.counter_code import CounterCode
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.sign_in import sign_in


@pytest.fixture
def campaign(session, person, employer):
    factories.make_region(session, REGION, is_hosted=True)
    factories.make_enrolment(session, person, employer=employer)
    made = Campaign(
        region_code=REGION, kind=ReviewKind.RECORD_CHECK, year=2025,
        period_from_month="2025-01", period_to_month="2025-12",
        opens_on=date(2026, 10, 1), closes_on=date(2026, 12, 31), rules={},
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made


@pytest.fixture
def desk(app, session, campaign):
    return _browser(app, session, factories.make_person(session), Function.REVIEW)


@pytest.fixture
def phone(app, session, person):
    return _browser(app, session, person)


def _browser(app, session, person, *functions):
    browser = app.test_client()
    sign_in(browser, session, person, functions)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    session.commit()
    return browser


def give(desk, person, campaign):
    """Press the counter's button; return the page and the path of the address in its code."""
    address = f"/desk/counter/{person.id}/phone"
    (after,) = re.findall(r'name="after" value="(\d+)"', desk.get(address).text)
    page = desk.post(address, data={"campaign": campaign.id, "after": after})
    assert page.status_code == 200
    (path,) = re.findall(r"<code>http[^<]*?(/reviews/counter/[A-Z0-9]+)</code>", page.text)
    return page.text, path


def test_a_case_begun_at_the_counter_goes_on_on_its_persons_phone(
    app, session, desk, phone, person, campaign
):
    shown, path = give(desk, person, campaign)
    assert "<svg" in shown
    assert person.id_number not in shown
    # The address is opened before anybody signed in: it leads there and comes back.
    asked = app.test_client().get(path)
    assert (asked.status_code, path in asked.location) == (303, True)
    for _ in range(2):  # looking uses nothing up
        assert "Go on on this phone" in phone.get(path).text

    sent = phone.post(path)

    review = session.scalars(select(Review)).one()
    assert (review.person_id, review.state) == (person.id, ReviewState.DRAFT)
    assert sent.location == f"/reviews/{review.reference}/resume"
    assert "/steps/" in phone.get(sent.location).location
    assert phone.post(path).status_code == 422  # twice
    kinds = session.scalars(select(Activity.action).where(Activity.action.like("review.counter%")))
    assert sorted(kinds) == ["review.counter_code_made", "review.counter_code_used"]


def test_a_code_is_worth_nothing_to_anybody_else(app, session, desk, phone, person, campaign):
    _shown, path = give(desk, person, campaign)
    other = _browser(app, session, factories.make_person(session))

    for browser in (other, desk):
        assert "made for somebody else" in browser.get(path).text
        assert browser.post(path).status_code == 422
    assert phone.post(path).status_code == 303


def test_a_code_is_good_for_fifteen_minutes(desk, phone, person, campaign):
    _shown, path = give(desk, person, campaign)

    with time_machine.travel(NOW + GOOD_FOR, tick=False):
        assert "its 15 minutes are over" in phone.get(path).text
        assert phone.post(path).status_code == 422
    with time_machine.travel(NOW + GOOD_FOR - timedelta(seconds=1), tick=False):
        assert phone.post(path).status_code == 303


def test_a_new_code_ends_the_one_before_and_none_is_kept_readable(
    session, desk, phone, person, campaign
):
    paths = [give(desk, person, campaign)[1] for _ in range(2)]

    assert [phone.post(path).status_code for path in paths] == [422, 303]
    kept = session.scalars(select(CounterCode.code_hash)).all()
    assert not {path.rsplit("/", 1)[1] for path in paths} & set(kept)


def test_the_poster_leads_to_what_the_counter_began_and_nobody_is_said_to_have_stopped(
    session, desk, phone, person, campaign
):
    give(desk, person, campaign)

    assert "Go on where I stopped" not in phone.get("/").text + phone.get("/reviews").text
    page = phone.get("/reviews/now").text
    assert "Go on with what was begun at the counter" in page
    form = re.search(r'<form method="post" action="/reviews/start">.*?</form>', page, re.DOTALL)[0]
    assert f'name="campaign" value="{campaign.id}"' in form
    phone.post("/reviews/start", data={"campaign": campaign.id})

    review = session.scalars(select(Review)).one()
    assert phone.get("/reviews/now").location == f"/reviews/{review.reference}/resume"
    assert "Go on where I stopped" in phone.get("/").text


def test_a_page_loaded_again_makes_no_other_code(session, desk, phone, person, campaign):
    _shown, path = give(desk, person, campaign)
    address, sent = f"/desk/counter/{person.id}/phone", {"campaign": campaign.id, "after": 0}
    again = desk.post(address, data=sent)

    assert again.status_code == 422
    assert "The code that was shown is still good." in again.text
    assert session.scalars(select(CounterCode.used_at)).all() == [None]
    assert phone.post(path).status_code == 303
    # Used meanwhile, or over: there is none that another one would end.
    assert desk.post(address, data=sent).status_code == 200


def test_what_is_not_due_is_not_begun(session, desk, phone, person, campaign):
    page = f"/desk/counter/{person.id}/phone"
    assert desk.post(page, data={"campaign": campaign.id + 1}).status_code == 422
    assert phone.get(page).status_code == 404
    campaign.closes_on = date(2026, 11, 1)
    session.commit()

    assert "No review is due for this person." in desk.get(page).text
    assert desk.post(page, data={"campaign": campaign.id}).status_code == 422
    assert session.scalars(select(Review.id)).all() == []


def test_the_poster_leads_to_what_is_due(session, desk, phone, campaign):
    poster = desk.get("/desk/counter/poster").text
    assert re.search(r"<svg[^>]*>.*<code>http[^<]*/reviews/now</code>", poster, re.DOTALL)
    assert " style=" not in poster
    # It names nobody on paper either, and is read in both languages.
    main = poster.partition("<main")[2].partition("</main>")[0]
    assert "ID number ends" not in main
    assert main.count('class="print-head"') == 1
    assert ("用手机办年审" in main, "Annual review on your phone" in main) == (True, True)
    assert '<svg width="480"' in main

    # Nothing is begun by an address that is only opened; what was begun goes on at once.
    assert phone.get("/reviews/now").location == "/reviews"
    begun = phone.post("/reviews/start", data={"campaign": campaign.id}).location
    assert phone.get("/reviews/now").location == begun
    campaign.closes_on = date(2026, 11, 1)
    session.commit()
    home = phone.get("/reviews/now")
    assert home.location == "/"
    assert "No review is due for you now." in phone.get("/").text
