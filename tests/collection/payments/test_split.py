"""A payment that names several bills is split by a person, to the fen; all of it or nothing."""

from datetime import date

import pytest

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import PaymentRefused
from siweb.collection.payments.allocation_order import AllocationOrder
from siweb.collection.payments.by_staff import SplitPart, offered_split, split_payment
from siweb.collection.payments.take_back import refund
from siweb.collection.tables.payment import MatchedBy
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.factories import AT, make_employer, make_person

ON = date(2026, 7, 10)


@pytest.fixture
def bills(session):
    """Two months of one employer, and a month of another: 352,000 fen, 422,400 and 352,000."""
    mine, other = (make_employer(session, region_code=PACK_REGION) for _ in range(2))
    june, july = (make_levy_run(session, month) for month in ("2026-06", "2026-07"))
    return [
        make_bill(session, [make_person(session)], employer=employer, run=run, base_fen=base)
        for employer, run, base in (
            (mine, june, 1_000_000),
            (mine, july, 1_200_000),
            (other, july, 1_000_000),
        )
    ]


def naming(session, fen, *bills, on=ON):
    return receive(
        session, fen, on, remittance=" ".join(f"{bill.bank_reference:012d}" for bill in bills)
    )


def split(session, payment, *parts, **how):
    given = [SplitPart(bill.bank_reference, fen) for bill, fen in parts]
    return split_payment(
        session, payment, given, actor=SYSTEM, at=AT, **how, packs=packs_in_force(session)
    )


def test_every_bill_gets_what_it_asks_for_the_oldest_first(session, bills):
    payment = naming(session, 400_000, *reversed(bills))

    parts = offered_split(session, payment, packs=packs_in_force(session))

    assert [(part.reference, part.amount_fen) for part in parts] == [
        (bills[0].bank_reference, 352_000),
        (bills[1].bank_reference, 48_000),
        (bills[2].bank_reference, 0),
    ]


def test_a_late_fee_is_offered_with_its_bill(session, bills):
    payment = naming(session, 900_000, *bills[:2], on=date(2026, 7, 25))

    # Ten days at five in ten thousand.
    assert (
        offered_split(session, payment, packs=packs_in_force(session))[0].amount_fen
        == 352_000 + 1_760
    )


def test_one_bill_or_no_money_is_no_split(session, bills):
    assert (
        offered_split(session, naming(session, 500, bills[0]), packs=packs_in_force(session)) == []
    )
    used = naming(session, 500, *bills)
    refund(session, used, 500, on=ON, actor=SYSTEM, at=AT)
    assert offered_split(session, used, packs=packs_in_force(session)) == []


def test_a_payment_is_split_among_payers(session, bills):
    payment = naming(session, 500_000, *bills)

    split(session, payment, (bills[0], 352_000), (bills[2], 100_000))

    assert [bill.paid_fen for bill in bills] == [352_000, 0, 100_000]
    assert (payment.unallocated_fen, payment.matched_by) == (48_000, MatchedBy.STAFF)
    # It is of two payers: whose the rest is, a person says.
    assert (payment.employer_id, payment.person_id) == (None, None)
    assert not list(check_books(session, packs_in_force(session), Scope()).lines())


def test_a_split_within_one_payer_is_that_payers(session, bills):
    payment = naming(session, 500_000, *bills[:2])

    split(session, payment, (bills[0], 352_000), (bills[1], 148_000))

    assert payment.employer_id == bills[0].employer_id
    assert payment.unallocated_fen == 0


def test_a_part_goes_by_the_offices_order(session, bills):
    payment = naming(session, 1_000, *bills[:2], on=date(2026, 7, 25))

    split(session, payment, (bills[0], 1_000), order=AllocationOrder(late_fee_first=True))

    assert (bills[0].late_fee_paid_fen, bills[0].paid_fen) == (1_000, 0)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "no_parts"),
        ([(0, 0)], "no_parts"),
        ([(0, 100), (0, 100)], "same_bill"),
        ([(0, 300), (1, 201)], "too_much"),
        ([(0, 352_001)], "too_much"),
    ],
)
def test_a_split_that_does_not_fit_is_refused(session, bills, parts, code):
    payment = naming(session, 500, *bills)

    with pytest.raises(PaymentRefused, match=code):
        split(session, payment, *((bills[place], fen) for place, fen in parts))
    assert [bill.paid_fen for bill in bills] == [0, 0, 0]


def test_a_bill_gets_no_more_than_it_asks_for(session, bills):
    payment = naming(session, 900_000, *bills)

    with pytest.raises(PaymentRefused, match="nothing_owed"):
        split(session, payment, (bills[0], 352_001))


def test_the_whole_of_a_payment_may_be_split(session, bills):
    payment = naming(session, 500, *bills)

    split(session, payment, (bills[0], 300), (bills[1], 200))

    assert payment.unallocated_fen == 0


def test_money_of_one_payer_pays_nobody_else(session, bills):
    payment = naming(session, 500, *bills)
    split(session, payment, (bills[0], 100))

    with pytest.raises(PaymentRefused, match="two_payers"):
        split(session, payment, (bills[2], 100))
    split(session, payment, (bills[1], 100))


def test_a_bill_that_is_none_or_not_issued_is_refused(session, bills):
    payment = naming(session, 500, *bills)
    bills[1].issued_at = None
    session.flush()

    with pytest.raises(PaymentRefused, match="no_such_bill"):
        split(session, payment, (bills[0], 100), (bills[1], 100))


def test_a_refund_is_no_money_to_split(session, bills):
    payment = naming(session, 500, *bills)
    back = refund(session, payment, 500, on=ON, actor=SYSTEM, at=AT)

    with pytest.raises(PaymentRefused, match="no_money"):
        split(session, back, (bills[0], 100))
