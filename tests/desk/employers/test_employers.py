"""The desk confirms registrations and follows up hires that fall short of the duty to insure."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.auth.staff.duties import Duty
from siweb.auth.tables.appointment import Function
from siweb.desk.home.waiting import count_waiting
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.conftest import NOW
from tests.filings.test_filing import TODAY, hire
from tests.sign_in import EVERY_FUNCTION, sign_in


@pytest.fixture
def desk(client, session):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


@pytest.fixture
def file(session):
    """Send a hire of an employer."""
    employer = factories.make_employer(session, name="甲公司", region_code="310000")
    person = factories.make_person(session)
    actor = Actor(factories.make_account(session, person).id, person.id)

    packs = packs_in_force(session)

    def sent(**changed):
        filing = open_filing(
            session, employer.id, FilingKind.HIRE, origin="form", actor=actor, at=NOW
        )
        add_rows(session, filing, [hire(**changed)], packs=packs, on=TODAY)
        confirm_filing(session, filing, packs=packs, actor=actor, on=TODAY, at=NOW, secret="s" * 32)
        session.commit()

    return sent


def waiting(session, endpoint):
    return next(
        found.count
        for found in count_waiting(session, TODAY, [Duty(Function.REGISTRATION, None, None)])
        if found.queue.leads_to == f"employer_desk.{endpoint}"
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"insurances": ["pension"]}, "Owed and not declared"),
        ({"wage_fen": 100}, "below the minimum wage"),
        ({"hired_on": "2026-10-20"}, "Not covered: October 2026."),
        ({"hired_on": "2026-10-01", "start_month": "2026-10"}, "24 days ago"),
    ],
)
def test_a_hire_that_falls_short_is_named_at_the_desk_until_it_is_followed_up(
    desk, session, file, changed, sentence
):
    file(**changed)

    page = desk.get("/desk/employers/hires").text
    assert "陈新 · 甲公司" in page
    assert sentence in page
    assert "below the floor" not in page
    assert waiting(session, "show_hires") == 1
    hire = session.scalars(select(HireFollowUp)).one()
    close = f"/desk/employers/hires/{hire.filing_id}/{hire.position}/close"
    assert desk.post(close).status_code == 303
    assert "Nothing to do here" in desk.get("/desk/employers/hires").text
    assert desk.post(close).status_code == 404
    assert waiting(session, "show_hires") == 0
    assert session.scalars(select(Activity).where(Activity.action == "hire.followed_up")).one()


def test_a_hire_with_everything_is_not_there(desk, session, file):
    file()

    assert "Nothing to do here" in desk.get("/desk/employers/hires").text


def test_a_registration_is_confirmed_once(desk, session):
    employer = factories.make_employer(session, name="乙公司", review_due_on=date(2026, 12, 9))
    factories.make_employer(session, name="丙公司")
    session.commit()
    page = desk.get("/desk/employers/registrations").text
    assert "乙公司" in page
    assert "丙公司" not in page
    assert waiting(session, "show_registrations") == 1

    path = f"/desk/employers/registrations/{employer.uscc}/accept"
    done = desk.post(path, follow_redirects=True).text

    assert "can send its hires" in done
    session.expire_all()
    assert employer.reviewed_on == TODAY
    assert not employer.is_provisional
    assert "Done already" in desk.post(path, follow_redirects=True).text
    assert session.scalars(select(Activity).where(Activity.action == "employer.accepted")).one()


@pytest.mark.parametrize("path", ["registrations", "hires"])
def test_nobody_else_sees_it(client, session, path):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session))

        assert client.get(f"/desk/employers/{path}").status_code in {403, 404}
