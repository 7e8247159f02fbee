"""A list too long to be withdrawn while its filer waits: its first rows at once, the others later."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.filings.drafts import import_sheet
from siweb.filings.drafts.import_sheet import codes_of
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.withdrawal import find
from siweb.filings.withdrawal.obstacles import Obstacle
from siweb.filings.withdrawal.portions import begin_withdrawing
from siweb.filings.withdrawal.withdraw import WithdrawalRefused
from siweb.jobs import withdraw_filing
from siweb.jobs.worker import run_next_job
from siweb.queue import portions as sizes
from siweb.queue.job import Job
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW
from tests.filings.withdrawal.test_withdraw import hire
from tests.levies import levy

WHO = [factories.make_id_number(date(1990, 5, 1), serial=7301 + 2 * at) for at in range(3)]


@pytest.fixture
def filing(sent, monkeypatch):
    """Three hires, which count as a long list; a portion is one of them."""
    monkeypatch.setattr(sizes, "ROWS_A_PORTION", (1, 1))
    monkeypatch.setattr(import_sheet, "MOST_AT_ONCE", 2)
    # Of so many no boxes are shown.
    monkeypatch.setattr(find, "SHOWN", 2)
    return sent("hire", *(hire(id_number=number) for number in WHO))


@pytest.fixture
def begin(session, filing, actor):
    def begin(is_replaced=False):
        at = NOW + timedelta(hours=1)
        given = {"reason": "填错了人", "is_replaced": is_replaced, "actor": actor, "at": at}
        return begin_withdrawing(session, filing, **given)

    return begin


def work(sessions):
    # What is asked for at some hour is done later.
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert run_next_job(sessions, "w", secret="key")


def states(session):
    session.expire_all()
    in_order = FilingRow.filing_id, FilingRow.position
    return session.scalars(select(FilingRow.state).order_by(*in_order)).all()


def test_its_first_rows_are_withdrawn_at_once_and_the_others_later(
    browser, session, sessions, employer, act_as, filing
):
    act_as("filer")
    address = f"/employer/{employer.uscc}/filings/{filing.reference}"

    answer = browser.post(f"{address}/withdraw", data={"reason": "填错了人", "withdraw": "1"})

    assert answer.status_code == 303
    assert "Your list is being withdrawn, part by part" in browser.get(answer.location).text
    assert states(session) == [RowState.WITHDRAWN, RowState.APPLIED, RowState.APPLIED]
    work(sessions)
    assert states(session) == [RowState.WITHDRAWN] * 3
    assert not session.scalars(select(Enrolment)).all()


def test_asked_twice_it_is_one_withdrawal(session, begin):
    assert begin() is begin()
    assert states(session).count(RowState.WITHDRAWN) == 1


def test_when_nothing_is_left_nobody_is_asked(session, sessions, begin):
    begin()
    session.commit()
    work(sessions)

    assert begin() is None
    assert len(session.scalars(select(Job)).all()) == 1


def test_what_stands_against_all_of_it_is_said_at_once(session, employer, begin):
    run = levy(session, employer.region_code, "2026-11")
    run.issued_at = NOW + timedelta(minutes=40)
    session.commit()

    with pytest.raises(WithdrawalRefused) as refused:
        begin()

    assert refused.value.code == Obstacle.LEVIED
    assert states(session) == [RowState.APPLIED] * 3


def test_what_stands_against_some_rows_lets_the_others_go(session, sessions, sent, begin):
    # The row in the middle comes to be of somebody about whom something was filed since.
    base = {"id_number": WHO[1], "name": "陈新", "wage_fen": 990_000, "start_month": "2026-11"}
    sent("change", base)
    begin()
    session.commit()

    work(sessions)

    assert states(session).count(RowState.WITHDRAWN) == 2
    assert states(session)[1] is RowState.APPLIED


def test_one_that_stopped_goes_on_when_it_is_asked(
    browser, session, sessions, employer, act_as, filing, begin, monkeypatch
):
    act_as("filer")
    address = f"/employer/{employer.uscc}/filings/{filing.reference}"
    filing.origin = "api"
    session.flush()
    begin(is_replaced=True)
    session.commit()
    with monkeypatch.context() as patched:
        patched.setattr(withdraw_filing, "finish_withdrawing", lambda *_given, **_named: 1 / 0)
        work(sessions)
    # The draft's own are there as well, and nobody finds them yet.
    assert states(session) == [RowState.WITHDRAWN] * 3 + [RowState.GOOD] * 3
    page = browser.get(address).text
    assert "It stopped because of an error" in page
    assert "Go on with it" in page

    answer = browser.post(f"{address}/withdraw", data={"again": "1"})

    assert answer.status_code == 303
    work(sessions)
    assert "What was withdrawn waits as a draft" in browser.get(address).text
    drafts = select(Filing).where(Filing.replaces_id == filing.id, Filing.deleted_at.is_(None))
    assert codes_of(session.scalars(drafts).one())["good"] == 3


def test_nothing_goes_on_that_did_not_stop(browser, session, employer, act_as, filing):
    act_as("filer")
    address = f"/employer/{employer.uscc}/filings/{filing.reference}/withdraw"

    assert browser.post(address, data={"again": "1"}).status_code == 422
    assert states(session) == [RowState.APPLIED] * 3
