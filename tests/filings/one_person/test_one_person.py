"""One person is filed for in the browser: form, check, send, receipt; the employee says yes or no."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.filings.tables.filing import Filing, FilingState
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.sign_in import sign_in

MAN = factories.make_id_number(date(1990, 5, 1), serial=7101)
WOMAN = factories.make_id_number(date(1990, 5, 1), serial=7102)
NEW = {
    "id_number": MAN,
    "name": "陈新",
    "hired_on": "2026-11-02",
    "wage_fen": "9,000.50",
    "start_month": "2026-11",
    "insurances": ["pension", "medical"],
    "form": "full_time",
    "contract_type": "open",
    "reason": "new",
}


@pytest.fixture
def home(employer, act_as):
    act_as("filer")
    return f"/employer/{employer.uscc}"


@pytest.fixture
def employment(session, employer):
    person = factories.make_person(session, name="张伟", region_code="310000")
    factories.make_enrolment(session, person, employer=employer, from_month="2025-01")
    found = factories.make_employment(session, person, employer, hired_on=date(2025, 1, 6))
    session.commit()
    return found


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_new_employee_is_checked_before_anything_is_sent(browser, session, home):
    answer = browser.post(f"{home}/hire", data=NEW)
    page = text_of(browser.get(answer.location))

    assert "Can be sent" in page
    assert "CNY 9,000.50" in page
    assert MAN not in page
    assert session.scalars(select(Employment)).all() == []


def test_sent_it_is_accepted_with_a_receipt(browser, session, home):
    draft = browser.post(f"{home}/hire", data=NEW).location

    page = text_of(browser.post(f"{draft}/confirm", follow_redirects=True))

    assert "Sent and accepted" in page
    assert "Show the receipt" in page
    assert session.scalars(select(Filing)).one().state is FilingState.CONFIRMED


def test_a_second_click_says_that_nothing_was_doubled(browser, home):
    draft = browser.post(f"{home}/hire", data=NEW).location
    browser.post(f"{draft}/confirm")

    assert "nothing was applied twice" in text_of(
        browser.post(f"{draft}/confirm", follow_redirects=True)
    )


def test_a_late_hire_is_told_what_follows(browser, home):
    typed = NEW | {"hired_on": "2026-10-01", "start_month": "2026-10"}

    page = text_of(browser.post(f"{home}/hire", data=typed, follow_redirects=True))

    assert "The last day was 31 October 2026, 24 days ago" in page
    assert "Can be sent" in page


def test_a_woman_is_asked_for_her_post(browser, home):
    answer = browser.post(f"{home}/hire", data=NEW | {"id_number": WOMAN})

    assert answer.status_code == 422
    assert "Choose her post" in text_of(answer)


def test_a_fixed_contract_needs_its_end(browser, home):
    answer = browser.post(f"{home}/hire", data=NEW | {"contract_type": "fixed"})

    assert "Enter the date on which the contract ends." in text_of(answer)


def test_a_finished_case_is_copied_without_its_person(browser, home):
    draft = browser.post(f"{home}/hire", data=NEW).location
    browser.post(f"{draft}/confirm")

    page = text_of(browser.get(f"{home}/hire?copy={draft.rsplit('/', 1)[1]}"))

    assert 'value="9000.50"' in page
    assert 'value="2026-11-02"' in page
    assert MAN not in page


def test_an_announced_hire_fills_the_form(browser, session, employer, home):
    person = factories.make_person(session, name="钱待办")
    waiting = factories.make_employment(session, person, employer, hired_on=date(2026, 11, 9))
    session.commit()

    page = text_of(browser.get(f"{home}/hire?employment={waiting.id}"))

    assert "钱待办" in page
    assert 'value="2026-11-09"' in page


def test_a_viewer_finds_no_form(browser, employer, act_as):
    act_as("viewer")

    assert browser.get(f"/employer/{employer.uscc}/hire").status_code == 404


def file(browser, home, employment, kind, **typed):
    draft = browser.post(f"{home}/people/{employment.id}/{kind}", data=typed).location
    return text_of(browser.post(f"{draft}/confirm", follow_redirects=True))


def test_leaving(browser, session, home, employment):
    page = file(
        browser,
        home,
        employment,
        "leave",
        ended_on="2026-11-20",
        end_reason="expired",
        is_voluntary="no",
        stop_month="2026-11",
    )

    assert "Sent and accepted" in page
    session.refresh(employment)
    assert employment.end_reason == "expired"


def test_pause_then_resume(browser, session, home, employment):
    file(browser, home, employment, "pause", stop_month="2026-10", reason="unpaid_leave")
    file(browser, home, employment, "resume", start_month="2026-12", wage_fen="8000")

    rows = session.scalars(select(Enrolment.from_month).order_by(Enrolment.from_month)).all()
    assert rows == ["2025-01", "2026-12"]


def test_a_change_of_wage(browser, session, home, employment):
    file(browser, home, employment, "change", wage_fen="9500", start_month="2026-12")

    assert session.scalars(select(DeclaredBase.declared_base_fen)).all() == [950_000]


def test_the_base_is_shown_with_its_limits_before_it_is_sent(browser, session, home, employment):
    typed = {"total_wage_fen": "36000", "months": "12", "preview": "yes"}

    page = text_of(browser.post(f"{home}/people/{employment.id}/base", data=typed))

    assert "CNY 3,000.00" in page
    assert "raised to the floor" in page
    assert session.scalars(select(Filing)).all() == []


def test_the_base_as_typed_is_a_piece(browser, home, employment):
    typed = {"total_wage_fen": "120000", "months": "12"}

    piece = text_of(
        browser.post(
            f"{home}/people/{employment.id}/base", data=typed, headers={"HX-Request": "true"}
        )
    )

    assert piece.lstrip().startswith('<div id="base"')
    assert "CNY 10,000.00" in piece


def test_a_base_that_cannot_be_is_answered_as_refused_and_a_look_ahead_is_not(
    browser, home, employment
):
    path = f"{home}/people/{employment.id}/base"
    good = {"total_wage_fen": "36000", "months": "12"}

    answers = [
        browser.get(path),
        browser.post(path, data=good | {"preview": "yes"}),
        browser.post(path, data=good | {"months": "13", "preview": "yes"}),
        browser.post(path, data=good | {"months": "13"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422, 422]


def test_the_yearly_base_is_the_average(browser, session, home, employment):
    file(browser, home, employment, "base", total_wage_fen="100000", months="12")

    base = session.scalars(select(DeclaredBase)).one()
    assert (base.declared_base_fen, base.from_month) == (833_333, "2026-07")


@pytest.fixture
def declared(browser, session, home, employment, client):
    """A pause that was sent; its employee is signed in afterwards."""
    file(browser, home, employment, "pause", stop_month="2026-10", reason="other")
    sign_in(client, session, session.get_one(factories.Person, employment.person_id))
    return client


def row_in(page):
    """Return what names the first row in the addresses of a page."""
    return "/".join(page.split("/declared/")[1].split("/")[:2])


def test_the_employee_confirms_on_their_own_phone(declared, session, home, filer):
    page = text_of(declared.get("/declared"))
    row = row_in(page)

    declared.post(f"/declared/{row}/agree")

    assert "You confirmed it" in text_of(declared.get("/declared"))
    sign_in(declared, session, filer)
    assert "1 confirmed by the employee" in text_of(declared.get(f"{home}/filings"))


def test_the_employee_objects_with_words_that_the_employer_reads(declared, session, home, filer):
    row = row_in(text_of(declared.get("/declared")))

    declared.post(f"/declared/{row}/object", data={"words": "我没有停薪"})

    sign_in(declared, session, filer)
    filing = session.scalars(select(Filing)).one()
    page = text_of(declared.get(f"{home}/filings/{filing.reference}"))
    assert "The employee objects" in page
    assert "我没有停薪" in page


def test_an_objection_needs_words(declared):
    row = row_in(text_of(declared.get("/declared")))

    assert declared.post(f"/declared/{row}/object", data={}).status_code == 422


def test_what_was_declared_of_others_does_not_exist(declared, session, filer):
    row = row_in(text_of(declared.get("/declared")))
    sign_in(declared, session, filer)

    assert declared.post(f"/declared/{row}/agree").status_code == 404
    assert declared.get(f"/declared/{row}/object").status_code == 404


def test_another_employers_filing_does_not_exist(browser, session, home, act_as):
    draft = browser.post(f"{home}/hire", data=NEW).location
    other = factories.make_employer(session, region_code="310000")
    act_as("filer", to=other)

    reference = draft.rsplit("/", 1)[1]

    assert browser.get(f"/employer/{other.uscc}/filings/{reference}").status_code == 404
