"""What only an owner does: give programs tokens and people mandates, each to a last day."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.tables.account import Account
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.mandate import Mandate
from siweb.filings.employers.done import done_for
from tests import factories
from tests.conftest import NOW

TODAY, A_DAY = NOW.date(), timedelta(days=1)
SECRET = re.compile(r"siweb_[\w-]{43}")


@pytest.fixture
def engine(sqlite_engine):
    """What an owner may do is the same on either database."""
    return sqlite_engine


@pytest.fixture
def home(employer, act_as):
    act_as("owner")
    return f"/employer/{employer.uscc}"


@pytest.fixture
def clerk(session):
    person = factories.make_person(session, name="李雷")
    account = factories.make_account(session, person)
    session.commit()
    return person, account


def issue(browser, home, **changed):
    typed = {"name": "工资程序", "scopes": ["read", "file"], "expires_on": TODAY.isoformat()}
    return browser.post(f"{home}/tokens", data=typed | changed)


def test_a_secret_is_shown_once_and_its_token_listed(browser, session, employer, home):
    before = browser.get(f"{home}/tokens")
    assert (before.status_code, SECRET.search(before.text)) == (200, None)

    page = issue(browser, home)

    token = session.scalars(select(ApiToken)).one()
    assert page.status_code == 200
    assert SECRET.search(page.text)[0].startswith(token.beginning)
    assert (token.name, token.scopes, token.expires_on, token.employer_id) == (
        "工资程序", ["read", "file"], TODAY, employer.id,
    )  # fmt: skip
    # The form is empty again, and the page that is loaded later shows no secret.
    assert 'value="工资程序"' not in page.text
    later = browser.get(f"{home}/tokens").text
    assert "工资程序" in later and SECRET.search(later) is None


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"expires_on": (TODAY - A_DAY).isoformat()}, 422),
        ({"expires_on": (TODAY + 366 * A_DAY).isoformat()}, 200),
        ({"expires_on": (TODAY + 367 * A_DAY).isoformat()}, 422),
        ({"expires_on": ""}, 422),
        ({"scopes": []}, 422),
        ({"name": ""}, 422),
        ({"name": "长" * 80}, 200),
        ({"name": "长" * 81}, 422),
    ],
)
def test_a_token_needs_a_name_something_to_do_and_a_day_within_a_year(
    browser, session, home, changed, status
):
    page = issue(browser, home, **changed)

    assert page.status_code == status
    assert ("Choose a date within the next year." in page.text) == (
        status == 422 and bool(changed.get("expires_on"))
    )
    assert len(session.scalars(select(ApiToken)).all()) == (status == 200)


def test_a_token_is_ended_once_by_its_own_employer(browser, session, act_as, home):
    other = factories.make_employer(session)
    act_as("owner", to=other)
    issue(browser, home)
    issue(browser, f"/employer/{other.uscc}")
    mine, theirs = session.scalars(select(ApiToken).order_by(ApiToken.id))

    def end(token):
        return browser.post(f"{home}/tokens/{token.id}/revoke")

    assert end(theirs).status_code == 404
    ended = end(mine)
    assert (ended.status_code, ended.location) == (303, f"{home}/tokens")
    assert "The token is ended." in browser.get(f"{home}/tokens").text
    assert end(mine).status_code == 404
    session.expire_all()
    assert (mine.revoked_at, theirs.revoked_at) == (NOW, None)


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 303), (3_653, 303), (3_654, 422)])
def test_a_mandate_lasts_to_today_at_least_and_ten_years_at_most(
    browser, session, home, clerk, days, status
):
    person, account = clerk
    until_on = TODAY + days * A_DAY
    typed = {"id_number": person.id_number, "name": "李雷", "kind": "filer"}

    sent = browser.post(f"{home}/mandates/grant", data=typed | {"until_on": until_on.isoformat()})

    assert sent.status_code == status
    given = session.scalars(select(Mandate.until_on).where(Mandate.account_id == account.id)).all()
    assert given == ([until_on] if status == 303 else [])


def test_an_owner_ends_mandates_and_is_led_on_by_whose_it_was(
    browser, session, filer, employer, act_as, home, clerk
):
    _person, account = clerk
    other = factories.make_mandate(session, account, factories.make_employer(session))
    given = factories.make_mandate(session, account, employer, "owner")
    viewer = factories.make_mandate(
        session, factories.make_account(session, factories.make_person(session)), employer, "viewer"
    )
    session.commit()

    def end(mandate):
        return browser.post(f"{home}/mandates/{mandate.id}/revoke")

    assert end(other).status_code == 404
    ended = end(viewer)
    assert (ended.status_code, ended.location) == (303, f"{home}/mandates")
    assert (
        "Ended. This person can no longer act for the employer."
        in browser.get(f"{home}/mandates").text
    )
    assert end(viewer).status_code == 404
    mine = session.scalars(
        select(Mandate)
        .join(Account, Account.id == Mandate.account_id)
        .where(Account.person_id == filer.id)
    ).one()
    out = end(mine)
    # Whoever is out has no page of the employer's any more.
    assert (out.status_code, out.location) == (303, "/employer")
    session.expire_all()
    assert [each.revoked_at for each in (other, given, viewer, mine)] == [None, None, NOW, NOW]


def test_what_was_done_is_told_of_this_employer_the_latest_first(session, employer, clerk):
    _person, account = clerk
    other = factories.make_employer(session)
    for minutes, of, by in (
        (1, employer, account.id), (2, other, account.id), (3, employer, None), (3, employer, account.id),
    ):  # fmt: skip
        record_activity(
            session, f"step.{minutes}", actor=Actor(by, None, on_behalf_of_employer_id=of.id),
            at=NOW + timedelta(minutes=minutes), subject=("employer", of.id),
        )  # fmt: skip
    session.flush()
    assert session.query(Activity).count() == 4

    found = done_for(session, employer.id)

    assert [(each.action, each.name) for each in found] == [
        ("step.3", "李雷"), ("step.3", None), ("step.1", "李雷"),
    ]  # fmt: skip
