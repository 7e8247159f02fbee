"""A citizen and an employer read what they were told; that they did is kept."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.messages.kinds.bills import BILL_ISSUED
from siweb.messages.kinds.reviews import REVIEW_REMINDER
from siweb.messages.notify import notify
from siweb.messages.tables.message import Message
from siweb.registry.merge_keys import add_alias
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

REGION = "310000"
pytestmark = pytest.mark.usefixtures("_notes_are_kept")


def tell(session, reader, kind=REVIEW_REMINDER, subject=("campaign", 1), **more):
    given = {"region_code": REGION, "at": NOW, "until_on": date(2026, 12, 31)} | more
    told = notify(session, kind, reader.id, subject=subject, **given)
    session.commit()
    return told


@pytest.fixture
def browser(client, session, person):
    sign_in(client, session, person)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_home_counts_what_is_new_until_it_was_opened(browser, session, person):
    tell(session, person)
    one = "/messages/review_reminder/campaign-1/2026-11-24"

    assert "1 unread message" in browser.get("/").text
    assert one in browser.get("/messages").text
    assert "Your annual review ends on 31 December 2026" in browser.get(one).text

    message = session.scalars(select(Message).execution_options(populate_existing=True)).one()
    account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
    assert (message.read_at, message.read_by_account_id) == (NOW, account.id)
    assert "unread message" not in browser.get("/").text
    assert "New</span>" not in browser.get("/messages").text


def test_the_same_in_chinese(browser, session, person):
    tell(session, person)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"

    assert "1条未读消息" in browser.get("/").text
    assert "您的年度审核将于2026年12月31日截止" in browser.get("/messages").text


def test_the_same_twice_a_day_is_kept_once(session, person):
    assert tell(session, person)
    assert not tell(session, person)
    assert tell(session, person, subject=("campaign", 2))


def test_nobody_reads_anothers(browser, session, person):
    other = factories.make_person(session, name="李雷", region_code=REGION)
    tell(session, other)

    assert "No messages." in browser.get("/messages").text
    assert browser.get("/messages/review_reminder/campaign-1/2026-11-24").status_code == 404


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11", "today", "2026-11-24T00"])
def test_what_was_not_told_is_not_there(browser, session, person, day):
    tell(session, person)

    assert browser.get(f"/messages/review_reminder/campaign-1/{day}").status_code == 404


def test_an_employers_inbox_is_read_by_whoever_may_act_for_it(browser, session, person, employer):
    home = f"/employer/{employer.uscc}"
    tell(session, employer, BILL_ISSUED, ("bill", 7))
    one = f"{home}/messages/bill_issued/bill-7/2026-11-24"
    assert browser.get(f"{home}/messages").status_code == 404
    account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
    factories.make_mandate(session, account, employer, kind="viewer")
    session.commit()

    assert "1 new" in browser.get(home).text
    assert one in browser.get(f"{home}/messages").text
    assert f"{home}/bills" in browser.get(one).text
    assert "1 new" not in browser.get(home).text
    assert "No messages." in browser.get("/messages").text


def test_what_was_told_under_a_former_key_is_there(browser, session, person):
    former = factories.make_person(session, name="王芳", region_code=REGION)
    tell(session, former)
    add_alias(session, former.id, person.id, actor=SYSTEM, at=NOW)
    session.commit()

    assert "1 unread message" in browser.get("/").text
