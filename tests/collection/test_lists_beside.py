"""What of money and runs is listed, counted and possible, with others' beside it."""

from datetime import date
from itertools import count

import pytest

from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.collection.levy.find import Progress, billed_through
from siweb.collection.payments.find import bounce_of, find_payment, used_for
from siweb.collection.payouts import find as payouts
from siweb.collection.payouts.find import count_waiting_payouts, find_payout, list_payouts
from siweb.collection.tables.levy_run import LevyKind, LevyState
from siweb.collection.tables.payment import (
    Allocation,
    AllocationKind,
    Payment,
    PaymentKind,
)
from siweb.collection.tables.payout import Payout, PayoutKind, PayoutState
from siweb.queue.job import JobState
from siweb.registry.codes import Insurance
from tests import factories
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.conftest import NOW

ELSEWHERE = "110000"
HERE, THERE = Scope(frozenset({PACK_REGION})), Scope(frozenset({ELSEWHERE}))
NUMBERS = count(1)


@pytest.mark.parametrize(
    ("employers_done", "seconds", "left", "rate"),
    [(0, 100, None, 10), (10, 0, 1, 1_000), (10, 29, 4, 34), (10, 30, 5, 33), (90, 90, 1, 11)],
)
def test_the_time_left_is_in_minutes_and_at_least_one(employers_done, seconds, left, rate):
    found = Progress(JobState.RUNNING, employers_done, 100, 1_000, 0, seconds, None)

    assert (found.minutes_left, found.records_a_second) == (left, rate)


@pytest.mark.parametrize(
    ("values", "month"),
    [
        ({}, "2026-09"),
        ({"state": LevyState.COMPUTING, "issued_at": None}, "2026-09"),
        ({"state": LevyState.CANCELLED}, "2026-08"),
        ({"kind": LevyKind.ADJUSTMENT}, "2026-08"),
        ({"region_code": ELSEWHERE}, "2026-08"),
    ],
    ids=str,
)
def test_a_region_is_billed_through_its_last_regular_month(session, values, month):
    make_levy_run(session, "2026-08")
    make_levy_run(session, "2026-09", **values)

    assert billed_through(session, PACK_REGION) == month
    assert billed_through(session, "330100") is None


@pytest.mark.parametrize(
    ("back", "origin", "possible", "claim"),
    [
        ([], None, True, 0),
        ([], 7, False, 0),
        ([(PaymentKind.REFUND, -400)], None, True, 0),
        ([(PaymentKind.REFUND, -400), (PaymentKind.REFUND, -600)], None, False, 0),
        ([(PaymentKind.REVERSAL, -1_000)], None, False, 0),
        ([(PaymentKind.REVERSAL, -1_000), (PaymentKind.REFUND, -400)], None, False, 400),
    ],
)
def test_a_payment_bounces_once_and_not_after_all_was_paid_back(back, origin, possible, claim):
    payment = Payment(amount_fen=1_000, origin_payment_id=origin, kind=PaymentKind.TRANSFER)

    found = bounce_of(payment, [Payment(kind=kind, amount_fen=fen) for kind, fen in back])

    assert (found.is_possible, found.claim_fen) == (possible, claim)


def test_a_payment_is_found_with_what_came_back_of_it_and_what_it_paid(session):
    employer = factories.make_employer(session, region_code=PACK_REGION)
    bills = [
        make_bill(session, [factories.make_person(session, region_code=PACK_REGION)],
                  employer=employer, run=make_levy_run(session, month))
        for month in ("2026-08", "2026-07", "2026-06")
    ]  # fmt: skip
    payment, other = receive(session, 1_000), receive(session, 2_000)
    refund = receive(session, 3)
    refund.origin_payment_id, refund.kind = payment.id, PaymentKind.REFUND
    refund.amount_fen, refund.unallocated_fen = -3, 0
    for of, bill, kind, fen in (
        (payment, bills[1], AllocationKind.PREMIUM, 500),
        (payment, bills[1], AllocationKind.LATE_FEE, 30),
        (payment, bills[1], AllocationKind.PREMIUM, -100),
        (payment, bills[0], AllocationKind.PREMIUM, 200),
        (payment, bills[0], AllocationKind.PREMIUM, -200),
        (other, bills[2], AllocationKind.PREMIUM, 7),
    ):
        session.add(
            Allocation(
                payment_id=of.id, bill_id=bill.id, region_code=PACK_REGION, kind=kind,
                amount_fen=fen, insurance=Insurance.PENSION, paid_on=date(2026, 9, 1),
                allocated_at=NOW,
            )
        )  # fmt: skip
    session.flush()

    assert find_payment(session, payment.id) == (payment, [refund])
    assert find_payment(session, 10**6) is None
    (used,) = used_for(session, payment)
    assert used[:4] == (bills[1].bank_reference, "2026-07", 400, 30)
    assert used[4:] == (None, employer.id)


@pytest.fixture
def payout(session):
    factories.make_region(session, PACK_REGION)
    factories.make_region(session, ELSEWHERE)

    def payout(state=PayoutState.OPEN, kind=PayoutKind.REFUND, **values):
        number = next(NUMBERS)
        given = {
            "reference": f"PAYOUT{number:04}", "region_code": PACK_REGION, "kind": kind,
            "source": f"task:{number}", "amount_fen": 1, "state": state, "ordered_at": NOW,
            "paid_on": NOW.date() if state is PayoutState.PAID else None,
        }  # fmt: skip
        row = Payout(**(given | values))
        session.add(row)
        session.flush()
        return row

    return payout


def test_what_is_not_paid_stands_rejected_first_then_the_oldest(session, payout, monkeypatch):
    monkeypatch.setattr(payouts, "PAGE", 2)
    first, sent, rejected = payout(), payout(PayoutState.SENT), payout(PayoutState.REJECTED)
    payout(PayoutState.PAID)
    there = payout(region_code=ELSEWHERE)
    last = payout(kind=PayoutKind.HEIRS)

    def page(number, scope=HERE):
        rows, more = list_payouts(session, scope=scope, page=number)
        return [row.payout for row in rows], more

    assert [page(number) for number in (1, 2, 3)] == [
        ([rejected, first], True), ([sent, last], False), ([], False),
    ]  # fmt: skip
    assert page(1, THERE) == ([there], False)
    # Of one insurance's agency: what pays out another one's is not there.
    medical = frozenset({(PACK_REGION, Insurance.MEDICAL)})
    assert last not in page(2, Scope(frozenset({PACK_REGION}), medical))[0]
    for scope, number in ((EVERYWHERE, 4), (HERE, 3), (THERE, 1)):
        assert session.scalar(count_waiting_payouts(NOW.date(), scope)) == number
    assert find_payout(session, f" {first.reference.lower()}").payout is first
    assert find_payout(session, "NOTHING") is None
