"""Who bears a late fee, from when, and when it pauses: employers, each month's own due day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import EVERYWHERE
from siweb.collection.arrears.daily import ArrearsRefused, count_arrears_day
from siweb.collection.arrears.find import find_arrears, list_arrears
from siweb.collection.arrears.instalments import plan_instalments
from siweb.collection.arrears.notify import Approval, defer, serve_notice
from siweb.collection.bills.find import BillState, Payer, load_bill, load_bills
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.late_fee import (
    first_due_day,
    late_fee_due,
    late_fee_on,
    late_fees_due,
)
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.bill import BillMonth
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
def own_bill(session):
    insurances = (Insurance.PENSION, Insurance.MEDICAL)
    return make_bill(session, [make_person(session)], insurances=insurances)


@pytest.fixture
def arrears(session, bill):
    count_arrears_day(session, on=FOUND, at=AT, packs=packs_in_force(session))
    return session.scalars(select(Arrears)).one()


def test_a_person_who_pays_alone_bears_no_fee_on_any_day(session, own_bill):
    for day in (DUE, FOUND, date(2030, 1, 1), date.max):
        assert late_fee_on(session, own_bill, day, packs=packs_in_force(session)) == 0
        assert late_fees_due(session, [own_bill], day, packs=packs_in_force(session)) == {
            own_bill.id: 0
        }


def test_a_person_who_pays_alone_has_no_arrears_and_no_notice(session, own_bill):
    assert (
        count_arrears_day(session, on=date(2027, 1, 1), at=AT, packs=packs_in_force(session)).found
        == 0
    )
    assert session.scalar(select(func.count(Arrears.id))) == 0


def test_a_person_who_pays_too_late_owes_nothing_and_pays_nothing_back(session, own_bill):
    payment = receive(session, own_bill.total_fen, on(30))
    allocate(
        session,
        payment,
        [own_bill],
        matched_by=MatchedBy.STAFF,
        **HOW,
        packs=packs_in_force(session),
    )

    assert count_arrears_day(session, on=on(31), at=AT, packs=packs_in_force(session)).found == 0
    assert (own_bill.paid_fen, payment.unallocated_fen) == (0, own_bill.total_fen)


@pytest.mark.parametrize(("day", "state"), [(DUE, BillState.OPEN), (FOUND, BillState.NOT_PAID)])
def test_an_unpaid_month_of_somebody_who_pays_alone_is_just_that(session, own_bill, day, state):
    (found,), _ = load_bills(
        session, Payer(person_id=own_bill.person_id), on=day, packs=packs_in_force(session)
    )

    assert (found.state, found.late_fee_fen) == (state, 0)


@pytest.mark.parametrize(("day", "state"), [(DUE, BillState.OPEN), (FOUND, BillState.OVERDUE)])
def test_an_employers_bill_is_overdue_the_day_after_its_last(session, bill, day, state):
    assert load_bill(session, bill, on=day, packs=packs_in_force(session)).now.state is state


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


def test_each_month_of_a_bill_is_late_from_its_own_day(session, bill, months):
    late = [(date(2026, 9, 1) - date(2026, month, 15)).days for month in (6, 7, 8)]

    assert late_fee_on(session, bill, date(2026, 9, 1), packs=packs_in_force(session)) == sum(
        plain(fen, days) for fen, days in zip(months, late, strict=True)
    )
    assert first_due_day(session, bill) == date(2026, 6, 15)


def test_a_bill_paid_by_its_last_day_still_owes_what_its_months_were_late(session, bill, months):
    payment = receive(session, bill.total_fen, DUE)
    allocate(
        session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )

    assert count_arrears_day(session, on=FOUND, at=AT, packs=packs_in_force(session)).found == 1
    assert (
        late_fee_due(session, bill, date.max, packs=packs_in_force(session))
        == late_fee_on(session, bill, DUE, packs=packs_in_force(session))
        > 0
    )
    assert (
        load_bill(session, bill, on=FOUND, packs=packs_in_force(session)).now.state
        is BillState.LATE_FEE
    )


def test_a_waiver_holds_for_each_month(session, bill, months):
    bill.late_fee_waived_until = date(2026, 12, 31)
    session.flush()

    assert late_fee_on(session, bill, date(2026, 12, 31), packs=packs_in_force(session)) == 0
    assert late_fee_on(session, bill, date(2027, 1, 1), packs=packs_in_force(session)) == sum(
        plain(fen, 1) for fen in months
    )


def test_first_due_day_of_a_plain_bill_is_its_own(session, bill):
    assert first_due_day(session, bill) == bill.due_on


def test_no_fee_is_added_while_a_deferral_lasts_and_it_goes_on_the_day_after(
    session, bill, arrears
):
    defer(session, arrears, (on(10), on(40)), LAW, **HOW)

    assert late_fee_on(session, bill, on(9), packs=packs_in_force(session)) == plain(
        bill.total_fen, 9
    )
    assert late_fee_on(session, bill, on(10), packs=packs_in_force(session)) == plain(
        bill.total_fen, 9
    )
    assert late_fee_on(session, bill, on(40), packs=packs_in_force(session)) == plain(
        bill.total_fen, 9
    )
    assert late_fee_on(session, bill, on(41), packs=packs_in_force(session)) == plain(
        bill.total_fen, 10
    )


@pytest.mark.parametrize(
    ("day", "state", "until"),
    [
        (9, BillState.OVERDUE, None),
        (10, BillState.DEFERRED, on(40)),
        (40, BillState.DEFERRED, on(40)),
        (41, BillState.OVERDUE, None),
    ],
)
def test_a_bill_says_that_it_is_deferred(session, bill, arrears, day, state, until):
    defer(session, arrears, (on(10), on(40)), LAW, **HOW)

    now = load_bill(session, bill, on=on(day), packs=packs_in_force(session)).now

    assert (now.state, now.deferred_until) == (state, until)


def test_a_shorter_deferral_takes_the_place_of_a_longer(session, bill, arrears):
    defer(session, arrears, (on(10), on(40)), LAW, **HOW)
    defer(session, arrears, (on(20), on(25)), LAW, **HOW)

    assert late_fee_on(session, bill, on(25), packs=packs_in_force(session)) == plain(
        bill.total_fen, 9
    )
    assert late_fee_on(session, bill, on(26), packs=packs_in_force(session)) == plain(
        bill.total_fen, 10
    )
    assert session.scalars(select(Deferral.ended_on).order_by(Deferral.id)).all() == [
        on(19),
        None,
    ]


def test_a_deferral_that_begins_earlier_takes_the_whole_place(session, bill, arrears):
    defer(session, arrears, (on(10), on(40)), LAW, **HOW)
    defer(session, arrears, (on(5), on(20)), LAW, **HOW)

    assert late_fee_on(session, bill, on(30), packs=packs_in_force(session)) == plain(
        bill.total_fen, 4 + 10
    )


def test_what_a_deferral_paused_before_it_ended_stays_paused(session, bill, arrears):
    defer(session, arrears, (on(3), on(4)), LAW, **HOW)
    defer(session, arrears, (on(10), on(11)), LAW, **HOW)

    assert late_fee_on(session, bill, on(12), packs=packs_in_force(session)) == plain(
        bill.total_fen, 12 - 4
    )


def test_a_missed_instalment_ends_the_pause_with_its_day(session, bill, arrears):
    first = on(30)
    plan_instalments(session, arrears, 3, first, LAW, **AGREED)

    session.expire_all()
    assert count_arrears_day(session, on=first, at=AT, packs=packs_in_force(session)).overdue == 0
    assert late_fee_on(session, bill, first, packs=packs_in_force(session)) == 0
    session.expire_all()
    assert count_arrears_day(session, on=on(45), at=AT, packs=packs_in_force(session)).overdue == 1
    assert late_fee_on(session, bill, on(45), packs=packs_in_force(session)) == plain(
        bill.total_fen, 15
    )


def test_instalments_that_are_paid_bear_no_fee(session, bill, arrears):
    steps = plan_instalments(session, arrears, 2, on(30), LAW, **AGREED)
    for step in steps:
        payment = receive(session, step.amount_fen, step.due_on)
        allocate(
            session,
            payment,
            [bill],
            matched_by=MatchedBy.STAFF,
            **HOW,
            packs=packs_in_force(session),
        )

    assert late_fee_on(session, bill, date.max, packs=packs_in_force(session)) == 0
    session.expire_all()
    assert (
        count_arrears_day(session, on=steps[-1].due_on, at=AT, packs=packs_in_force(session)).paid
        == 1
    )


@pytest.mark.parametrize(
    ("days", "code"),
    [((on(1), on(0)), "until_past"), ((on(0), FOUND), "until_past"), ((on(9), on(8)), "day_order")],
)
def test_days_that_cannot_be_are_refused(session, arrears, days, code):
    with pytest.raises(ArrearsRefused) as refused:
        defer(session, arrears, days, LAW, **HOW)

    assert refused.value.code == code
    assert session.scalar(select(func.count(Deferral.id))) == 0


def test_a_deferral_of_one_day_is_possible(session, arrears):
    assert defer(session, arrears, (on(2), on(2)), LAW, **HOW).state is ArrearsState.DEFERRED


@pytest.mark.parametrize("deed", ["notice", "defer", "plan"])
def test_nothing_is_done_about_arrears_that_are_paid(session, arrears, deed):
    arrears.state = ArrearsState.PAID
    deeds = {
        "notice": lambda: serve_notice(
            session, arrears, FOUND, **HOW, packs=packs_in_force(session)
        ),
        "defer": lambda: defer(session, arrears, (FOUND, on(9)), LAW, **HOW),
        "plan": lambda: plan_instalments(session, arrears, 2, on(9), LAW, **AGREED),
    }

    with pytest.raises(ArrearsRefused) as refused:
        deeds[deed]()

    assert refused.value.code == "paid"


def test_a_notice_is_not_received_before_there_were_arrears(session, arrears):
    with pytest.raises(ArrearsRefused) as refused:
        serve_notice(
            session,
            arrears,
            arrears.found_on - timedelta(days=1),
            **HOW,
            packs=packs_in_force(session),
        )
    assert refused.value.code == "before_found"

    assert (
        serve_notice(
            session, arrears, arrears.found_on, **HOW, packs=packs_in_force(session)
        ).noticed_on
        == arrears.found_on
    )


def test_staff_see_the_fee_capped_and_not(session, bill, arrears):
    found = find_arrears(session, arrears.id, on=on(2100), packs=packs_in_force(session))

    assert found.is_capped is False
    assert found.late_fee_fen == plain(bill.total_fen, 2100) > bill.total_fen
    assert found.otherwise_fen == bill.total_fen
    assert found.to_pay_fen == bill.total_fen + found.late_fee_fen


def test_both_sums_are_less_what_was_paid_of_the_fee(session, bill, arrears):
    bill.late_fee_paid_fen = 100
    session.flush()

    found = find_arrears(session, arrears.id, on=on(10), packs=packs_in_force(session))

    assert found.late_fee_fen == found.otherwise_fen == plain(bill.total_fen, 10) - 100


def test_arrears_are_listed_by_the_day_of_their_notice_page_by_page(session):
    for number in range(26):
        make_bill(
            session, [make_person(session)], employer=make_employer(session, name=f"厂{number}")
        )
    count_arrears_day(session, on=FOUND, at=AT, packs=packs_in_force(session))

    first, more = list_arrears(
        session, None, scope=EVERYWHERE, on=FOUND, packs=packs_in_force(session)
    )
    second, end = list_arrears(
        session,
        ArrearsState.FOUND,
        scope=EVERYWHERE,
        on=FOUND,
        page=2,
        packs=packs_in_force(session),
    )

    assert (len(first), more, len(second), end) == (25, True, 1, False)
    assert list_arrears(
        session, ArrearsState.PAID, scope=EVERYWHERE, on=FOUND, packs=packs_in_force(session)
    ) == (
        [],
        False,
    )
    assert {one.arrears.id for one in first}.isdisjoint({one.arrears.id for one in second})


def test_a_bill_that_is_not_issued_is_in_no_arrears(session, bill):
    bill.issued_at = None
    session.flush()

    assert (
        count_arrears_day(session, on=date(2027, 1, 1), at=AT, packs=packs_in_force(session)).found
        == 0
    )


@pytest.mark.parametrize(("days", "found"), [(60, 1), (61, 0)])
def test_a_fee_alone_is_found_for_sixty_days(session, bill, days, found):
    payment = receive(session, bill.total_fen, FOUND)
    allocate(
        session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )

    assert (
        count_arrears_day(session, on=on(days), at=AT, packs=packs_in_force(session)).found == found
    )
