"""Where only a share of the premium waits: the rest bears the fee, and is overdue."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.daily import ArrearsRefused, count_arrears_day
from siweb.collection.arrears.notify import Approval, defer
from siweb.collection.bills.find import load_bill
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.late_fee import (
    late_fee_on,
)
from siweb.collection.tables.arrears import Arrears, DeferredShare
from siweb.collection.tables.bill import BillLine, BillMonth
from siweb.collection.tables.payment import MatchedBy
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import make_bill, receive
from tests.factories import AT, make_employer, make_person

DUE = date(2026, 9, 15)
FOUND = date(2026, 9, 16)
LAW = Approval("社会保险法第六十条", "省人力资源和社会保障厅")
HOW = {"actor": SYSTEM, "at": AT}
AGREED = {**HOW, "on": FOUND}


def on(days):
    return DUE + timedelta(days=days)


def plain(principal, days):
    return (principal * days * 500 + 500_000) // 1_000_000


@pytest.fixture
def bill(session):
    return make_bill(session, [make_person(session)], employer=make_employer(session))


@pytest.fixture
def arrears(session, bill):
    count_arrears_day(session, on=FOUND, at=AT, packs=packs_in_force(session))
    return session.scalars(select(Arrears)).one()


@pytest.fixture
def months(session, bill):
    """The bill is over three months, each due a month after the other; paid by the end."""
    parts = (bill.total_fen // 2, bill.total_fen // 4, bill.total_fen - bill.total_fen * 3 // 4)
    session.add_all(
        BillMonth(
            bill_id=bill.id,
            contribution_month=f"2026-0{month}",
            due_on=date(2026, month + 1, 15),
            amount_fen=fen,
        )
        for month, fen in zip((5, 6, 7), parts, strict=True)
    )
    session.flush()
    return parts


def fee(session, bill, day):
    return late_fee_on(session, bill, day, packs=packs_in_force(session))


def some(share, *insurances):
    return replace(LAW, share=share, insurances=insurances)


PENSION, EMPLOYER, WHOLE = Insurance.PENSION, DeferredShare.EMPLOYER, DeferredShare.WHOLE
SHARES = [
    (EMPLOYER, ()),
    (EMPLOYER, (PENSION,)),
    (WHOLE, (PENSION, Insurance.MEDICAL)),
    (WHOLE, ()),
]


def waiting_fen(session, bill, share, insurances):
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()
    meant = [line for line in lines if not insurances or line.insurance in insurances]
    return sum(line.employer_fen if share is EMPLOYER else line.total_fen for line in meant)


@pytest.mark.parametrize(("share", "insurances"), SHARES)
def test_only_what_waits_bears_no_fee(session, bill, arrears, share, insurances):
    """One day late before the deferral, ten days of it, one after."""
    waits = waiting_fen(session, bill, share, insurances)
    defer(session, arrears, (on(2), on(11)), some(share, *insurances), **HOW)

    rest = bill.total_fen - waits
    assert fee(session, bill, on(12)) == plain(bill.total_fen * 2 + rest * 10, 1)


def test_what_does_not_wait_is_paid_first(session, bill, arrears):
    waits = waiting_fen(session, bill, EMPLOYER, ())
    defer(session, arrears, (on(2), on(11)), some(EMPLOYER), **HOW)
    owed = plain(bill.total_fen, 1) + plain(bill.total_fen - waits, 1)
    payment = receive(session, bill.total_fen - waits, on(2))
    allocate(
        session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )

    assert fee(session, bill, on(11)) == plain(bill.total_fen * 2 - waits, 1)
    assert abs(owed - fee(session, bill, on(11))) <= 1
    assert fee(session, bill, on(12)) == plain(bill.total_fen * 2, 1)


@pytest.mark.parametrize(("paid", "state"), [(0, "overdue"), (-1, "overdue"), (1, "deferred")])
def test_a_bill_is_deferred_when_nothing_is_open_but_what_waits(
    session, bill, arrears, paid, state
):
    waits = waiting_fen(session, bill, EMPLOYER, ())
    defer(session, arrears, (on(2), on(11)), some(EMPLOYER), **HOW)
    if paid:
        payment = receive(session, bill.total_fen - waits + min(paid, 0), on(2))
        allocate(
            session,
            payment,
            [bill],
            matched_by=MatchedBy.STAFF,
            **HOW,
            packs=packs_in_force(session),
        )

    now = load_bill(session, bill, on=on(5), packs=packs_in_force(session)).now

    assert now.state == state


def test_a_part_of_a_bill_with_months_of_their_own_is_not_deferred(session, bill, arrears, months):
    with pytest.raises(ArrearsRefused, match="several_months"):
        defer(session, arrears, (on(2), on(11)), some(EMPLOYER), **HOW)
