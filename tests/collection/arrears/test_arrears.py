from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.daily import ArrearsRefused, count_arrears_day
from siweb.collection.arrears.instalments import instalments_of, plan_instalments
from siweb.collection.arrears.notify import Approval, defer, deferral_problem, serve_notice
from siweb.collection.payments.allocate import allocate, open_bills
from siweb.collection.payments.late_fee import late_fee_due
from siweb.collection.payments.match import find_match
from siweb.collection.payments.suggest_bills import suggestions
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.tables.arrears import Arrears, ArrearsState, Deferral
from siweb.collection.tables.payment import MatchedBy
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from tests.bills import make_bill, receive
from tests.factories import AT, make_employer, make_person

FOUND = date(2026, 9, 16)
LAW = Approval("某法第一条", "征收机构")
HOW = {"actor": SYSTEM, "at": AT}
AGREED = {**HOW, "on": FOUND}


@pytest.fixture
def bill(session):
    return make_bill(session, [make_person(session)], employer=make_employer(session))


def day(session, on):
    session.expire_all()
    return count_arrears_day(session, on=on, at=AT, packs=packs_in_force(session))


@pytest.fixture
def arrears(session, bill):
    day(session, FOUND)
    return session.scalars(select(Arrears)).one()


def test_a_bill_is_in_arrears_the_day_after_it_was_due(session, bill):
    assert day(session, bill.due_on).found == 0
    assert [day(session, FOUND).found, day(session, FOUND).found] == [1, 0]


def test_five_working_days_to_tell_and_five_to_pay(session, arrears):
    # The 20th is a working Sunday, 25 to 27 September are off.
    assert arrears.notice_by == date(2026, 9, 22)

    serve_notice(session, arrears, date(2026, 9, 22), **HOW, packs=packs_in_force(session))
    assert arrears.pay_by == date(2026, 9, 30)
    assert day(session, date(2026, 9, 30)).overdue == 0
    assert day(session, date(2026, 10, 1)).overdue == 1

    serve_notice(session, arrears, date(2026, 9, 28), **HOW, packs=packs_in_force(session))
    assert (arrears.noticed_on, arrears.state) == (date(2026, 9, 22), ArrearsState.OVERDUE)


def test_arrears_that_are_paid_end_and_come_back_when_the_payment_bounces(session, bill, arrears):
    payment = receive(session, bill.total_fen)
    allocate(
        session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )
    assert day(session, FOUND).paid == 1

    reverse_payment(session, payment, on=FOUND, **HOW, packs=packs_in_force(session))
    day(session, FOUND)

    assert session.get(Arrears, arrears.id).state is ArrearsState.FOUND


def test_arrears_end_when_the_late_fee_is_paid_too(session, bill, arrears):
    employer = session.get_one(Employer, bill.employer_id)
    employer.region_code = bill.region_code
    principal = receive(session, bill.total_fen, FOUND)
    allocate(
        session, principal, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )
    fee = late_fee_due(session, bill, FOUND, packs=packs_in_force(session))
    assert (day(session, FOUND).paid, fee > 0) == (0, True)
    assert open_bills(session, employer.id, None, packs=packs_in_force(session)) == [bill]

    payment = receive(session, fee, date(2026, 10, 9), payer_name=employer.name)

    assert [
        one.to_pay_fen for one in suggestions(session, payment, packs=packs_in_force(session))
    ] == [fee]
    # A name alone never uses money: a person says that it is for the fee.
    assert find_match(session, payment, packs=packs_in_force(session)) is None
    allocate(
        session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )
    assert (bill.late_fee_paid_fen, payment.unallocated_fen) == (fee, 0)
    assert open_bills(session, employer.id, None, packs=packs_in_force(session)) == []
    assert (
        suggestions(
            session, receive(session, fee, payer_name=employer.name), packs=packs_in_force(session)
        )
        == []
    )
    assert day(session, FOUND).paid == 1


def test_a_late_fee_is_owed_though_no_day_found_the_bill_unpaid(session, bill):
    late = receive(session, bill.total_fen, FOUND)
    allocate(
        session, late, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )

    assert [day(session, FOUND).found, day(session, FOUND).found] == [1, 0]
    assert session.scalars(select(Arrears.state)).one() is ArrearsState.FOUND
    fee = receive(session, late_fee_due(session, bill, FOUND, packs=packs_in_force(session)), FOUND)
    allocate(session, fee, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session))
    assert day(session, FOUND).paid == 1


def test_who_pays_in_time_or_with_the_fee_is_in_no_arrears(session, bill):
    other = make_bill(session, [make_person(session)], employer=make_employer(session))
    for one, on in ((bill, bill.due_on), (other, FOUND)):
        money = receive(
            session,
            one.outstanding_fen + late_fee_due(session, one, on, packs=packs_in_force(session)),
            on,
        )
        allocate(
            session, money, [one], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
        )

    assert day(session, FOUND).found == 0


def test_arrears_wait_only_where_a_law_says_so(session, arrears):
    with pytest.raises(ArrearsRefused, match="no_legal_basis"):
        defer(session, arrears, (FOUND, date(2026, 12, 31)), Approval(" ", "x"), **HOW)

    defer(session, arrears, (FOUND, date(2026, 12, 31)), LAW, **HOW)

    assert day(session, date(2026, 12, 31)).overdue == 0
    assert day(session, date(2027, 1, 1)).overdue == 1


def test_a_waived_bill_is_not_in_arrears_before_the_waiver_ends(session, bill):
    bill.late_fee_waived_until = date(2026, 12, 31)
    session.flush()

    assert day(session, date(2026, 12, 31)).found == 0
    assert day(session, date(2027, 1, 1)).found == 1


@pytest.fixture
def plan(session, arrears):
    """Three steps, on the 31st or the last of the month."""
    return plan_instalments(session, arrears, 3, date(2026, 10, 31), LAW, **AGREED)


def test_instalments_add_up_to_the_fen_by_the_month(bill, plan):
    assert [one.due_on for one in plan] == [
        date(2026, 10, 31),
        date(2026, 11, 30),
        date(2026, 12, 31),
    ]
    assert sum(one.amount_fen for one in plan) == bill.total_fen
    assert plan[-1].paid_by_then_fen == bill.total_fen


def test_a_missed_step_ends_the_plan(session, bill, arrears, plan):
    assert day(session, date(2026, 10, 31)).overdue == 0
    payment = receive(session, plan[0].amount_fen, date(2026, 10, 31))
    allocate(
        session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )
    assert day(session, date(2026, 11, 30)).overdue == 0

    assert day(session, date(2026, 12, 1)).overdue == 1


def test_a_new_plan_or_deferral_takes_the_place_of_the_old(session, arrears, plan):
    plan_instalments(session, arrears, 2, date(2026, 12, 15), LAW, **AGREED)
    assert len(instalments_of(session, arrears.id)) == 2

    defer(session, arrears, (FOUND, date(2027, 1, 31)), LAW, **HOW)
    assert not instalments_of(session, arrears.id)


@pytest.mark.parametrize(
    ("count", "law", "code"),
    [
        (1, LAW, "too_many"),
        (25, LAW, "too_many"),
        (3, Approval(" ", "x"), "no_legal_basis"),
        (3, Approval("x", " "), "no_deciding_body"),
    ],
)
def test_a_plan_needs_steps_and_a_law(session, arrears, count, law, code):
    with pytest.raises(ArrearsRefused, match=code):
        plan_instalments(session, arrears, count, date(2026, 10, 31), law, **AGREED)


def test_the_last_step_of_a_plan_lies_within_two_years(session, arrears):
    # FOUND is 16 September 2026; with the first of twelve steps the last is eleven months later.
    for late in (date(2027, 10, 17), date(9999, 12, 31)):
        with pytest.raises(ArrearsRefused, match="too_late"):
            plan_instalments(session, arrears, 12, late, LAW, **AGREED)

    steps = plan_instalments(session, arrears, 12, date(2027, 10, 16), LAW, **AGREED)

    assert steps[-1].due_on == date(2028, 9, 16)


def told(session, arrears, on):
    serve_notice(session, arrears, on, **HOW, packs=packs_in_force(session))
    return arrears.state


def pay(session, bill, fen, on):
    payment = receive(session, fen, on)
    allocate(
        session, payment, [bill], matched_by=MatchedBy.STAFF, **HOW, packs=packs_in_force(session)
    )
    return payment


def test_a_receipt_is_noted_while_a_plan_lasts_and_a_missed_step_ends_it_all_the_same(
    session, bill, arrears, plan
):
    assert told(session, arrears, date(2026, 9, 22)) is ArrearsState.DEFERRED
    assert (arrears.noticed_on, arrears.pay_by) == (date(2026, 9, 22), date(2026, 9, 30))
    # The notice's days are over, the plan is not.
    assert day(session, date(2026, 10, 31)).overdue == 0
    assert arrears.state is ArrearsState.DEFERRED

    assert day(session, date(2026, 11, 1)).overdue == 1
    ended = session.scalars(select(Deferral.ended_on)).one()
    assert (arrears.state, ended) == (ArrearsState.OVERDUE, date(2026, 10, 31))


def test_who_was_told_just_before_a_deferral_ended_has_the_days_of_the_notice(session, arrears):
    defer(session, arrears, (FOUND, date(2026, 9, 24)), LAW, **HOW)
    told(session, arrears, date(2026, 9, 22))

    assert day(session, date(2026, 9, 25)).overdue == 0
    session.refresh(arrears)
    assert arrears.state is ArrearsState.NOTICED
    assert day(session, date(2026, 10, 1)).overdue == 1


@pytest.mark.parametrize(
    ("bounced_on", "state"),
    [
        (date(2026, 10, 31), ArrearsState.DEFERRED),
        # The first step would have been missed: nothing was paid for it after all.
        (date(2026, 11, 1), ArrearsState.OVERDUE),
        (date(2027, 2, 1), ArrearsState.OVERDUE),
    ],
)
def test_a_payment_that_bounces_leaves_the_plan_as_if_it_never_came(
    session, bill, arrears, plan, bounced_on, state
):
    told(session, arrears, date(2026, 9, 22))
    fee = late_fee_due(session, bill, date(2026, 10, 9), packs=packs_in_force(session))
    payment = pay(session, bill, bill.total_fen + fee, date(2026, 10, 9))
    assert day(session, date(2026, 10, 9)).paid == 1

    reverse_payment(session, payment, on=bounced_on, **HOW, packs=packs_in_force(session))
    day(session, bounced_on)

    session.refresh(arrears)
    assert arrears.state is state
    missed = None if state is ArrearsState.DEFERRED else date(2026, 10, 31)
    assert session.scalars(select(Deferral.ended_on)).one() == missed


def test_a_plan_that_a_missed_step_ended_does_not_come_back_with_a_bounced_payment(
    session, bill, arrears, plan
):
    day(session, date(2026, 11, 1))
    fee = late_fee_due(session, bill, date(2026, 11, 2), packs=packs_in_force(session))
    payment = pay(session, bill, bill.total_fen + fee, date(2026, 11, 2))
    assert day(session, date(2026, 11, 2)).paid == 1

    reverse_payment(session, payment, on=date(2026, 11, 3), **HOW, packs=packs_in_force(session))
    day(session, date(2026, 11, 3))

    session.refresh(arrears)
    assert arrears.state is ArrearsState.FOUND


@pytest.mark.parametrize(
    ("from_on", "until", "problem"),
    [
        (date(2026, 11, 30), date(2027, 12, 1), None),
        (date(2026, 11, 30), date(2027, 12, 2), "too_long"),
        (date(2026, 12, 1), date(2027, 1, 1), "from_ahead"),
    ],
)
def test_a_deferral_begins_today_at_the_latest_and_lasts_a_year(from_on, until, problem):
    assert deferral_problem(from_on, until, on=date(2026, 11, 30)) == problem
