"""Somebody applies for a transfer, follows each step, and two people move the account."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.tables.appointment import Function
from siweb.ledgers.account.close import account_balance
from siweb.ledgers.account.transfer import paid_months
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.ledgers.tables.transfer_segment import TransferSegment
from siweb.messages.tables.message import Message
from siweb.registry.register_death import register_death
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.tasks.tables.task import Task, TaskState
from siweb.transfers.tables.pension_transfer import PensionTransfer, TransferEvent, TransferState
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.sign_in import sign_in

REGION, OTHER, HOME, DESK = "310000", "330100", "/transfer", "/desk/transfers"
TODAY = date(2026, 11, 24)
LETTER = paper("paper", "同意接收函8号", on="2026-11-24")
CERTIFIED = {
    "from_month": "2010-01", "through_month": "2012-12", "months": "30", "amount": "12,345.60",
    **paper("papers", "信息表8号"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(session):
    """Somebody who paid three months here, left, and has 2,400 yuan in the account."""
    found = factories.make_person(session, name="王芳", region_code=REGION)
    for month in ("2026-01", "2026-02", "2026-03"):
        factories.make_record(session, found, month)
    factories.make_account_entry(session, found, 2025, EntryKind.OPENING, 240_000)
    session.commit()
    return found


@pytest.fixture
def insured(session, person):
    """Let the person take part in pension in a region from this month on."""

    def begun(region_code=REGION):
        code = factories.make_region(session, region_code).code
        factories.make_enrolment(session, person, from_month="2026-11", region_code=code)
        session.commit()

    return begun


@pytest.fixture
def browser(app, session):
    def signed_in(who, *functions):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, who, functions)
        session.commit()
        return client

    return signed_in


@pytest.fixture
def me(browser, person):
    return browser(person)


@pytest.fixture
def clerks(browser, session):
    return [
        browser(factories.make_person(session, name=name), Function.FINANCE)
        for name in ("甲", "乙")
    ]


def answer(client, direction, region="江苏省南京市"):
    case = client.post(f"{HOME}/start").location.rpartition("/")[0]
    client.post(f"{case}/direction", data={"seen": 0, "direction": direction})
    client.post(f"{case}/region", data={"seen": 0, "other_region": region})
    return case


def apply(client, direction):
    return client.post(f"{answer(client, direction)}/check").location


def transfers(session):
    session.expire_all()
    return session.scalars(select(PensionTransfer).order_by(PensionTransfer.id)).all()


def desk_of(session):
    return f"{DESK}/{transfers(session)[-1].reference}"


def note(clerk, session, **changed):
    return clerk.post(f"{desk_of(session)}/step", data=LETTER | changed)


def check(clerk, session):
    task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
    return clerk.post(f"/desk/tasks/{task.reference}/approve", follow_redirects=True).text


def to_the_form(client, session, clerks, direction):
    address = apply(client, direction)
    assert note(clerks[0], session).status_code == 303
    assert (
        note(clerks[0], session, **paper("paper", "信息表8号", on="2026-11-24")).status_code == 303
    )
    return address


def test_who_left_reads_what_goes_along_and_applies(me, session, person):
    page = me.get(HOME).text
    assert "3 months" in page
    assert "2,400.00" in page

    address = apply(me, "out")

    [transfer] = transfers(session)
    # 15 working days a step (国办发〔2009〕66号 8): 15 December, then 6 and 27 January.
    assert transfer.due_on == date(2026, 12, 15)
    shown = me.get(address).text
    assert "Applied for" in shown
    assert "At the latest on 15 December 2026." in shown
    assert "江苏省南京市" in shown
    assert "Receipt to print" in shown
    assert set(session.scalars(select(Message.kind))) == {"transfer_applied"}
    assert me.get("/record").text.count('href="/transfer"') == 1


def test_one_at_a_time_and_sent_twice_it_is_one(me, session):
    case = answer(me, "out")
    me.post(f"{case}/check")
    me.post(f"{case}/check")

    assert me.post(f"{HOME}/start").location == HOME
    assert "one at a time" in me.get(HOME).text
    assert len(transfers(session)) == 1


def test_the_account_goes_out_when_a_second_person_has_checked_it(me, session, person, clerks):
    first, second = clerks
    address = to_the_form(me, session, clerks, "out")
    first.post(f"{desk_of(session)}/fund", data=paper("papers", "函8号"))

    assert account_balance(session, person.id) == 240_000
    assert "You made this yourself" in check(first, session)
    assert "Checked and done." in check(second, session)

    session.expire_all()
    [segment] = session.scalars(select(TransferSegment)).all()
    assert (segment.direction.value, segment.months, segment.other_region) == (
        "out", 3, "江苏省南京市",
    )  # fmt: skip
    assert account_balance(session, person.id) == 0
    note(first, session, **paper("paper", "办结确认", on="2026-11-24"))
    [transfer] = transfers(session)
    assert (transfer.state, transfer.due_on) == (TransferState.DONE, None)
    page = me.get(address).text
    for step in ("Applied for", "Letter of acceptance", "Information form", "Account transferred"):
        assert step in page
    assert "办结确认" in page
    kinds = set(session.scalars(select(Message.kind)))
    assert kinds == {"transfer_applied", "transfer_moves", "transfer_done"}


def test_what_another_region_certifies_comes_in(me, session, person, clerks, insured):
    insured()
    to_the_form(me, session, clerks, "in")
    wrong = clerks[0].post(f"{desk_of(session)}/fund", data=CERTIFIED | {"months": "40"})
    assert wrong.status_code == 422
    assert "There are fewer months than that" in wrong.text
    clerks[0].post(f"{desk_of(session)}/fund", data=CERTIFIED)
    check(clerks[1], session)

    assert transfers(session)[0].state is TransferState.FUND
    assert account_balance(session, person.id) == 240_000 + 1_234_560
    assert "from 江苏省南京市" in me.get("/record").text


def test_between_two_regions_of_the_office_books_and_relation_move(
    me, session, person, clerks, insured
):
    insured(OTHER)
    case = me.post(f"{HOME}/start").location.rpartition("/")[0]
    me.post(f"{case}/direction", data={"seen": 0, "direction": "within"})
    me.post(f"{case}/check")
    note(clerks[0], session)
    note(clerks[0], session)
    clerks[0].post(f"{desk_of(session)}/fund", data=paper("papers", "函8号"))
    assert "Checked and done." in check(clerks[1], session)

    session.expire_all()
    assert person.region_code == OTHER
    sent, came = session.scalars(select(TransferSegment).order_by(TransferSegment.id)).all()
    assert (sent.direction.value, came.direction.value) == ("out", "in")
    assert sent.months == came.months == 3
    # Interest of the year up to this month came along.
    assert account_balance(session, person.id) == came.amount_fen > 240_000
    assert paid_months(session, person.id) == []
    assert "3 months count for you" in me.get("/pension").text


def test_withdrawn_while_nothing_has_moved_and_not_after(me, session, clerks):
    address = apply(me, "out")
    note(clerks[0], session)
    me.post(f"{address}/withdraw")
    me.post(f"{address}/withdraw")
    assert transfers(session)[0].state is TransferState.WITHDRAWN

    again = to_the_form(me, session, clerks, "out")
    clerks[0].post(f"{desk_of(session)}/fund", data=paper("papers", "函8号"))
    check(clerks[1], session)

    page = me.post(f"{again}/withdraw", follow_redirects=True).text
    assert "The account has moved already." in page
    assert "Withdraw the application" not in page


def test_two_people_refuse_with_reasons_and_remedies(me, session, clerks):
    address = apply(me, "out")
    clerks[0].post(f"{desk_of(session)}/refuse", data={"reasons": "已在当地领取待遇"})
    assert transfers(session)[0].state is TransferState.APPLIED
    check(clerks[1], session)

    page = me.get(address).text
    assert "已在当地领取待遇" in page
    assert "administrative review until 25 January 2027" in page
    assert "transfer_refused" in set(session.scalars(select(Message.kind)))
    assert note(clerks[0], session).status_code == 422
    apply(me, "out")
    assert len(transfers(session)) == 2


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2026-11-25", "This date lies in the future."),
     ("2026-11-23", "This day is before the step before it.")],
)  # fmt: skip
def test_a_step_is_dated_between_the_last_one_and_today(me, session, clerks, day, sentence):
    apply(me, "out")

    refused = note(clerks[0], session, **paper("paper", "8", on=day))

    assert refused.status_code == 422
    assert sentence in refused.text
    assert len(session.scalars(select(TransferEvent)).all()) == 1


def test_each_step_gives_the_next_its_last_day(me, session, browser):
    apply(me, "out")
    with time_machine.travel(NOW.replace(month=12, day=1), tick=False):
        clerk = browser(factories.make_person(session), Function.FINANCE)
        for number in ("同意接收函8号", "信息表8号"):
            note(clerk, session, **paper("paper", number, on="2026-12-01"))
            # Form and money have one last day together.
            assert transfers(session)[0].due_on == date(2026, 12, 22)


def test_who_draws_a_pension_has_nothing_here_or_is_elsewhere_cannot(browser, session):
    foreign = factories.make_region(session, "530000", is_hosted=False)
    drawing = factories.make_person(session, region_code=REGION)
    session.add(
        Benefit(
            person_id=drawing.id, region_code=REGION, kind=BenefitKind.PENSION, monthly_fen=1,
            from_month="2020-01", state=BenefitState.ACTIVE, certified_on=date(2026, 1, 1),
        )
    )  # fmt: skip
    for who, sentence in (
        (drawing, "nothing is transferred any more"),
        (factories.make_person(session, region_code=REGION), "There is nothing to transfer now"),
        (factories.make_person(session, region_code=foreign.code), "does not serve"),
    ):
        client = browser(who)
        assert sentence in client.get(HOME).text
        assert client.post(f"{HOME}/start").location == HOME


def test_of_who_died_nothing_moves(me, session, person, clerks):
    to_the_form(me, session, clerks, "out")
    register_death(session, person.id, TODAY, on=TODAY, actor=Actor(None, None), at=NOW)
    session.commit()

    refused = clerks[0].post(f"{desk_of(session)}/fund", data=paper("papers", "函8号"))

    assert "The person died" in refused.text
    assert account_balance(session, person.id) == 240_000


def test_nobody_takes_a_step_of_their_own_or_reads_anothers(browser, session, person):
    clerk = browser(person, Function.FINANCE)
    address = apply(clerk, "out")

    assert note(clerk, session).status_code == 403
    stranger = browser(factories.make_person(session))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/withdraw").status_code == 404
