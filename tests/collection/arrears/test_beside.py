"""What a day does to one employer's arrears it does to nobody else's that stand beside."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.collection.arrears.daily import ArrearsDay, count_arrears_day, end_deferrals
from siweb.collection.arrears.find import find_arrears, list_arrears
from siweb.collection.arrears.instalments import (
    ends_too_late,
    instalments_of,
    monthly_steps,
    plan_instalments,
)
from siweb.collection.arrears.notify import Approval, defer, latest_deferral, serve_notice
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.late_fee import late_fee_due
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.payment import MatchedBy
from siweb.messages.tables.message import Message
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill, receive
from tests.factories import AT, make_employer, make_person

FOUND = date(2026, 9, 16)
LAW = Approval("某法第一条", "征收机构")
HOW = {"actor": SYSTEM, "at": AT}
DEFERRED, OVERDUE = ArrearsState.DEFERRED, ArrearsState.OVERDUE


@pytest.fixture
def engine(sqlite_engine):
    """Whose arrears change is the same on either database."""
    return sqlite_engine


@pytest.fixture
def day(session):
    def day(on):
        session.expire_all()
        return count_arrears_day(session, on=on, at=AT, packs=packs_in_force(session))

    return day


@pytest.fixture
def four(session, day):
    """Four employers in arrears with the same month, by name."""
    names = ("甲", "乙", "丙", "丁")
    bills = {
        name: make_bill(session, [make_person(session)], employer=make_employer(session, name=name))
        for name in names
    }
    assert day(FOUND) == ArrearsDay(found=4, overdue=0, paid=0)
    found = {row.bill_id: row for row in session.scalars(select(Arrears))}
    return {name: (bills[name], found[bills[name].id]) for name in names}


def states(session, four):
    session.expire_all()
    return {name: arrears.state.value for name, (_bill, arrears) in four.items()}


def pay(session, bill, fen, on):
    payment = receive(session, fen, on)
    packs = packs_in_force(session)
    allocate(session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs)
    return payment


def test_each_employer_is_told_of_its_own_bill(session, four):
    rows = session.execute(
        select(Message.employer_id, Message.subject, Message.until_on).where(
            Message.kind == "bill_overdue"
        )
    )
    assert {tuple(row) for row in rows} == {
        (bill.employer_id, f"bill-{bill.id}", bill.due_on) for bill, _arrears in four.values()
    }


def test_a_missed_step_ends_the_plan_of_its_arrears_alone(session, day, four):
    first, last = date(2026, 10, 31), date(2026, 12, 31)
    for name, steps in (("甲", 3), ("乙", 2)):
        plan_instalments(session, four[name][1], steps, first, LAW, on=FOUND, **HOW)
    defer(session, four["丙"][1], (FOUND, first), LAW, **HOW)
    paid = instalments_of(session, four["乙"][1].id)[0].amount_fen
    pay(session, four["乙"][0], paid, first)

    assert day(first).overdue == 0
    assert states(session, four) == {
        "甲": "deferred", "乙": "deferred", "丙": "deferred", "丁": "found",
    }  # fmt: skip
    assert day(date(2026, 11, 1)).overdue == 2
    assert states(session, four) == {
        "甲": "overdue", "乙": "deferred", "丙": "overdue", "丁": "found",
    }  # fmt: skip
    ended = session.execute(select(Deferral.arrears_id, Deferral.ended_on)).all()
    of = {arrears.id: name for name, (_bill, arrears) in four.items()}
    assert {of[key]: ended_on for key, ended_on in ended} == {
        "甲": first, "乙": None, "丙": None,
    }  # fmt: skip
    assert latest_deferral(session, four["乙"][1].id).until == date(2026, 11, 30)
    assert latest_deferral(session, four["丁"][1].id) is None
    assert [len(instalments_of(session, arrears.id)) for _, arrears in four.values()] == [
        3, 2, 0, 0,
    ]  # fmt: skip
    # The days of one end with one: the other's lasts as it was approved.
    end_deferrals(session, four["丙"][1].id, date(2026, 10, 1))
    end_deferrals(session, four["丙"][1].id, last)
    kept = session.execute(select(Deferral.arrears_id, Deferral.ended_on)).all()
    assert {of[key]: ended_on for key, ended_on in kept} == {
        "甲": first, "乙": None, "丙": date(2026, 10, 1),
    }  # fmt: skip


def test_who_pays_with_the_fee_is_out_and_a_bounce_leads_back_to_where_each_was(session, day, four):
    packs, on = packs_in_force(session), date(2026, 9, 22)
    defer(session, four["甲"][1], (FOUND, date(2027, 1, 31)), LAW, **HOW)
    serve_notice(session, four["乙"][1], on, **HOW, packs=packs)
    payments = {}
    for name in ("甲", "乙", "丙"):
        bill = four[name][0]
        fee = late_fee_due(session, bill, on, packs=packs)
        payments[name] = pay(session, bill, bill.total_fen + fee, on)
    assert day(on) == ArrearsDay(found=0, overdue=0, paid=3)
    assert day(on) == ArrearsDay(found=0, overdue=0, paid=0)
    assert set(states(session, four).values()) == {"paid", "found"}

    for payment in payments.values():
        reverse_payment(session, payment, on=on, **HOW, packs=packs)
    day(on)

    assert states(session, four) == {
        "甲": "deferred", "乙": "noticed", "丙": "found", "丁": "found",
    }  # fmt: skip


def test_arrears_are_listed_with_their_own_bill_and_name(session, four):
    packs = packs_in_force(session)

    def listed(state=None, scope=EVERYWHERE):
        found, has_more = list_arrears(session, state, scope=scope, packs=packs, on=FOUND)
        assert not has_more
        return [(each.arrears.id, each.bill.id, each.payer_name) for each in found]

    every = [(arrears.id, bill.id, name) for name, (bill, arrears) in four.items()]
    assert listed() == sorted(every)
    assert listed(scope=Scope(frozenset({PACK_REGION}))) == sorted(every)
    assert listed(scope=Scope(frozenset({"110000"}))) == []
    defer(session, four["丙"][1], (FOUND, date(2027, 1, 31)), LAW, **HOW)
    assert listed(DEFERRED) == [every[2]]
    assert listed(OVERDUE) == []
    bill, arrears = four["乙"]
    found = find_arrears(session, arrears.id, packs=packs, on=FOUND)
    assert (found.bill.id, found.payer_name) == (bill.id, "乙")
    assert find_arrears(session, max(each[0] for each in every) + 1, packs=packs, on=FOUND) is None


@pytest.mark.parametrize(
    ("left", "count", "amounts"),
    [
        (100, 3, [33, 33, 34]),
        (101, 3, [33, 34, 34]),
        (90_000, 2, [45_000, 45_000]),
        (3, 3, [1] * 3),
    ],
)
def test_steps_come_month_by_month_and_add_up(left, count, amounts):
    steps = monthly_steps(left, count, date(2026, 12, 31))

    assert [fen for _day, fen in steps] == amounts
    days = [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)]
    assert [day for day, _fen in steps] == days[:count]


@pytest.mark.parametrize(
    ("count", "first", "is_late"),
    [
        (24, date(2026, 10, 16), False),
        (24, date(2026, 10, 17), True),
        (2, date(2028, 8, 16), False),
        (2, date(2028, 8, 17), True),
    ],
)
def test_the_last_step_lies_two_years_ahead_at_most(count, first, is_late):
    assert ends_too_late(count, first, on=FOUND) is is_late
