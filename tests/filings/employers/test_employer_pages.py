"""The employer's home with its 30-day clock, the roster with its export, one employee."""

import re
from datetime import date

import pytest
from sqlalchemy import event, select

from siweb.audit.access_log.read import access_page
from siweb.audit.activity import Activity
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def home(employer, act_as):
    act_as("filer")
    return f"/employer/{employer.uscc}"


def hire(session, employer, name, hired_on, **values):
    person = factories.make_person(session, name=name, region_code=employer.region_code)
    return person, factories.make_employment(session, person, employer, hired_on=hired_on, **values)


@pytest.fixture
def staff(session, employer):
    """One insured, one paused, one who left, one to register, one of another employer."""
    people = {}
    for name, month, ended_on in (
        ("张参保", None, None),
        ("李暂停", "2026-08", None),
        ("赵离职", "2026-09", date(2026, 9, 30)),
    ):
        person, people[name] = hire(session, employer, name, date(2025, 1, 6), ended_on=ended_on)
        factories.make_enrolment(
            session,
            person,
            Insurance.PENSION,
            employer=employer,
            from_month="2025-01",
            to_month=month,
        )
    _, people["钱待办"] = hire(session, employer, "钱待办", date(2026, 11, 2))
    _, people["孙别家"] = hire(
        session, factories.make_employer(session), "孙别家", date(2026, 1, 5)
    )
    session.commit()
    return people


@pytest.mark.parametrize(
    ("hired_on", "said"),
    [
        (date(2026, 11, 20), "27 days left"),  # 20 December is a Sunday
        (date(2026, 10, 25), "Today is the last day"),
        (date(2026, 10, 1), "22 days late"),  # 31 October is a Saturday
    ],
)
def test_the_clock_counts_to_a_working_day(browser, session, employer, home, hired_on, said):
    hire(session, employer, "钱待办", hired_on)
    session.commit()

    page = browser.get(home).get_data(as_text=True)

    assert said in page


def test_the_nearest_last_day_stands_first(browser, session, employer, home):
    for name, day in (("后来", 20), ("先来", 3), ("中间", 9)):
        hire(session, employer, name, date(2026, 11, day))
    session.commit()

    page = browser.get(home).get_data(as_text=True)

    assert page.index("先来") < page.index("中间") < page.index("后来")


def test_whoever_is_insured_or_left_is_not_on_the_clock(browser, home, staff):
    page = browser.get(home).get_data(as_text=True)

    assert "钱待办" in page
    assert not [name for name in ("张参保", "李暂停", "赵离职", "孙别家") if name in page]


@pytest.mark.parametrize(
    ("state", "name"),
    [("enrolled", "张参保"), ("paused", "李暂停"), ("left", "赵离职"), ("waiting", "钱待办")],
)
def test_the_roster_is_filtered_by_state(browser, home, staff, state, name):
    page = browser.get(f"{home}/people?state={state}").get_data(as_text=True)

    assert name in page
    assert "1 found" in page


def test_the_roster_is_searched_by_name_or_last_characters(browser, session, home, staff):
    last = session.scalar(select(factories.Person).where(_named("李暂停"))).id_number[-4:]

    assert "1 found" in browser.get(f"{home}/people?q=离职").get_data(as_text=True)
    assert "李暂停" in browser.get(f"{home}/people?q={last}").get_data(as_text=True)


def _named(name):
    return factories.Person.name == name


def test_a_whole_number_leaves_the_address_at_once(browser, home, staff):
    answer = browser.get(f"{home}/people?q=110101199001011237")

    assert answer.status_code == 303
    assert "110101199001011237" not in answer.location


@pytest.mark.usefixtures("_notes_are_kept")
def test_the_export_has_the_filter_of_the_screen(browser, session, home, staff):
    text = browser.get(f"{home}/people.csv?state=left").get_data(as_text=True)
    noted = session.scalars(select(Activity).where(Activity.action == "roster.exported")).one()

    assert "赵离职" in text
    assert len(text.strip().splitlines()) == 2
    assert noted.employer_id is not None


def test_no_cell_of_the_export_is_a_formula(browser, session, employer, home):
    hire(session, employer, "=HYPERLINK(1)", date(2026, 11, 2))
    session.commit()

    assert "\n'=HYPERLINK(1)," in browser.get(f"{home}/people.csv").get_data(as_text=True)


def test_one_employee_and_that_the_page_was_shown_is_noted(app, browser, home, staff):
    page = browser.get(f"{home}/people/{staff['张参保'].id}").get_data(as_text=True)
    (day,) = access_page(app.extensions["siweb_access_log"], [staff["张参保"].person_id]).days

    assert "Pension insurance: since January 2025" in page
    assert [(entry.reason, entry.function) for entry in day.entries] == [("employment", "filer")]


def test_of_one_employee_is_shown_what_is_theirs_here(browser, session, employer, home, staff):
    one, other = staff["张参保"], staff["李暂停"]
    elsewhere = staff["孙别家"].employer_id
    factories.make_enrolment(
        session,
        session.get_one(Person, one.person_id),
        Insurance.WORK_INJURY,
        employer=session.get_one(Employer, elsewhere),
    )
    for person_id, employer_id, yuan, withdrawn_at in (
        (one.person_id, employer.id, 8_001, None),
        (one.person_id, employer.id, 8_002, NOW),
        (one.person_id, elsewhere, 8_003, None),
        (other.person_id, employer.id, 8_004, None),
    ):
        session.add(
            DeclaredBase(
                person_id=person_id,
                employer_id=employer_id,
                region_code=employer.region_code,
                from_month="2026-01",
                declared_base_fen=yuan * 100,
                origin="test",
                declared_at=NOW,
                withdrawn_at=withdrawn_at,
            )
        )
    session.commit()

    page = browser.get(f"{home}/people/{one.id}").get_data(as_text=True)

    assert re.findall(r"<li>(\w[\w ]+ insurance)", page) == ["Pension insurance"]
    assert re.findall(r"8,00\d\.00", page) == ["8,001.00"]


def test_an_employee_of_another_employer_does_not_exist(browser, home, staff):
    assert browser.get(f"{home}/people/{staff['孙别家'].id}").status_code == 404


@pytest.mark.parametrize("page", ["", "/people", "/people/{id}"])
def test_a_page_runs_at_most_eight_statements(browser, connection, home, staff, page):
    ran = []

    def count(_connection, _cursor, statement, *_more):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            ran.append(statement)

    browser.get("/contact")  # the office's name, which every page shows, is read once a minute
    event.listen(connection, "before_cursor_execute", count)
    browser.get(home + page.format(id=staff["张参保"].id))
    event.remove(connection, "before_cursor_execute", count)

    assert 0 < len(ran) <= 8
