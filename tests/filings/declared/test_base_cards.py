# ruff: noqa: F811 - fixtures are taken by their names
"""A yearly base declaration on home: of the employer, of who acts for it, and of its employees."""

import re
from datetime import date

import pytest
import time_machine

from tests.filings.declared.test_base_review import (  # noqa: F401 - fixtures
    actor,
    answer,
    campaign,
    declare,
    open_bases,
    staff,
)
from tests.sign_in import sign_in

LATE = "2026-12-26T09:00:00+08:00"


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def card(browser, address, title):
    """The words of the card with a title, None where there is none."""
    panels = re.findall(r'<section class="panel.*?</section>', browser.get(address).text, re.DOTALL)
    found = [words_of(panel) for panel in panels if f"<h2>{title}</h2>" in panel]
    return found[0] if found else None


@pytest.fixture
def home(act_as, employer):
    act_as("filer")
    return f"/employer/{employer.uscc}"


TITLE = "Yearly base declaration 2026"


def test_without_a_review_the_employer_sees_no_card(browser, home, staff):
    assert card(browser, home, TITLE) is None


@pytest.mark.usefixtures("campaign")
def test_a_running_review_says_what_is_asked_who_confirmed_and_until_when(
    browser,
    session,
    home,
    staff,
    declare,
):
    filing = declare(*staff[:3])
    answer(session, staff[0], filing, 1, agrees=True)
    answer(session, staff[1], filing, 2, agrees=False, words="不对")

    said = card(browser, home, TITLE)

    assert "Until 24 December 2026 30 days left" in said
    assert "1 employee is not declared yet. 1 employee objects to what was declared." in said
    assert "Confirmed by employees: 1 of 4." in said
    assert f'href="{home}/base-review">Declare the bases' in browser.get(home).text


@pytest.mark.usefixtures("campaign")
def test_once_it_is_sent_the_answers_are_awaited_until_all_confirmed(
    browser,
    session,
    home,
    staff,
    declare,
):
    filing = declare(*staff)
    said = card(browser, home, TITLE)
    assert "It is sent: your employees’ answers are awaited." in said
    assert "Confirmed by employees: 0 of 4." in said
    assert "See who has not answered" in said

    for position, person in enumerate(staff, 1):
        answer(session, person, filing, position, agrees=True)

    assert card(browser, home, TITLE) is None
    assert "Confirmed by employees: 4 of 4." in words_of(browser.get(home).text)


@pytest.mark.usefixtures("campaign")
def test_after_the_last_day_what_is_missing_is_late_and_silence_is_not(
    browser,
    session,
    filer,
    home,
    staff,
    declare,
):
    declare(*staff[:3])
    with time_machine.travel(LATE, tick=False):
        sign_in(browser, session, filer)
        said = card(browser, home, TITLE)
        assert "2 days late" in said
        assert "1 employee is not declared yet." in said
        assert "You can still declare" in said
    declare(staff[3])
    with time_machine.travel(LATE, tick=False):
        sign_in(browser, session, filer)
        assert card(browser, home, TITLE) is None


@pytest.mark.usefixtures("campaign")
def test_who_acts_for_an_employer_finds_it_at_home_until_it_declared(
    browser,
    home,
    staff,
    declare,
    employer,
):
    said = card(browser, "/", employer.name)
    assert "30 days left" in said
    assert "The yearly base declaration is not sent yet." in said

    declare(staff[0])

    assert card(browser, "/", employer.name) is None


@pytest.mark.usefixtures("campaign")
def test_an_employee_is_asked_by_a_last_day_at_home_and_on_the_page(
    browser,
    session,
    staff,
    declare,
):
    filing = declare(staff[0])
    sign_in(browser, session, staff[0])

    said = card(browser, "/", "Confirm the base that your employer declared")

    assert "Until 24 December 2026 30 days left" in said
    # It is not counted twice.
    assert "declaration of an employer about you" not in browser.get("/").text
    assert "Answer by 24 December 2026" in words_of(browser.get("/declared").text)

    answer(session, staff[0], filing, 1, agrees=True)

    assert card(browser, "/", "Confirm the base that your employer declared") is None
    assert "Answer by" not in browser.get("/declared").text


@pytest.mark.usefixtures("campaign")
def test_after_the_last_day_the_page_says_that_what_was_declared_holds(
    browser,
    session,
    staff,
    declare,
):
    declare(staff[0])
    with time_machine.travel(LATE, tick=False):
        sign_in(browser, session, staff[0])
        assert "1 declaration of an employer about you" in words_of(browser.get("/").text)
        assert "The last day for your answer was 24 December 2026" in words_of(
            browser.get("/declared").text
        )


def test_a_base_without_a_review_has_no_last_day(browser, session, staff, declare):
    declare(staff[0])
    sign_in(browser, session, staff[0])

    assert "1 declaration of an employer about you" in words_of(browser.get("/").text)
    page = browser.get("/declared").text
    assert "Answer by" not in page
    assert "The last day for your answer" not in page


@pytest.mark.usefixtures("staff")
def test_a_review_that_is_over_is_followed_by_the_next(
    browser,
    session,
    filer,
    home,
    employer,
    actor,
):
    open_bases(session, actor, closes_on=date(2026, 11, 1))
    assert "23 days late" in card(browser, "/", employer.name)
    assert "23 days late" in card(browser, home, TITLE)
