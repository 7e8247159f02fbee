"""The warning before a sign-in ends: seen where the page is read, said aloud, one tap to stay."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from siweb.auth.tables.sign_in_session import SignInSession
from siweb.web.database import database
from tests.browser.walk import Visitor
from tests.conftest import NOW

EMPLOYEE = "Employee (all correct)"
LONG_PAGE = "/guides/who-pays-and-when-benefits-come"
IDLE = timedelta(minutes=30)


def open_long_page(page, sign_ins, *, wrong_by=timedelta(0)):
    page.clock.install(time=NOW + wrong_by)
    visitor = Visitor(page, has_scripts=True)
    page.goto("/sign-in")
    visitor.sign_in(sign_ins[EMPLOYEE])
    page.goto(LONG_PAGE)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")


def pass_time(page, minutes):
    page.clock.fast_forward(minutes * 60_000)


@pytest.fixture
def page(new_page):
    return new_page(locale="en-GB")


def test_the_warning_shows_where_one_reads_and_a_tap_stays(page, sign_ins):
    open_long_page(page, sign_ins)
    alert = page.get_by_role("alert")
    pass_time(page, 27)
    assert alert.count() == 0

    pass_time(page, 2)

    alert.wait_for()
    assert "You will be signed out in two minutes" in alert.inner_text()
    assert page.evaluate("scrollY") > 0
    box = alert.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= page.viewport_size["height"]
    with time_machine.travel(NOW + timedelta(minutes=28), tick=True):
        page.get_by_role("button", name="Stay signed in").click()
        alert.wait_for(state="detached")
    pass_time(page, 20)
    assert alert.count() == 0
    with time_machine.travel(NOW + IDLE + timedelta(minutes=10), tick=True):
        page.goto("/account")
        Visitor(page).is_at("My account")


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(hours=8)])
def test_the_clock_of_the_phone_may_be_wrong(page, sign_ins, wrong_by):
    open_long_page(page, sign_ins, wrong_by=wrong_by)
    alert = page.get_by_role("alert")
    pass_time(page, 27)
    assert alert.count() == 0

    pass_time(page, 2)

    alert.wait_for()


def test_a_sign_in_that_no_tap_makes_longer_says_so(page, office, sign_ins):
    open_long_page(page, sign_ins)
    with database(office).writers() as session:
        session.execute(update(SignInSession).values(expires_at=NOW + IDLE))
        session.commit()
    page.reload()
    pass_time(page, 29)
    stay = page.get_by_role("button", name="Stay signed in")
    with time_machine.travel(NOW + timedelta(minutes=29), tick=True):
        stay.click()
        page.get_by_text("This sign-in cannot be extended").wait_for()

    assert not stay.is_visible()


def test_without_scripts_the_page_says_when_it_ends(new_page, sign_ins):
    page = new_page(javascript=False, locale="en-GB")
    page.goto("/sign-in")
    Visitor(page, has_scripts=False).sign_in(sign_ins[EMPLOYEE])
    page.goto(LONG_PAGE)

    assert page.get_by_text("you will be signed out at 10:30").is_visible()
    assert not page.get_by_role("button", name="Stay signed in").is_visible()
