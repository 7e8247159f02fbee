from datetime import date

import pytest

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import EVERYWHERE
from siweb.collection.payments.allocate import PaymentRefused
from siweb.collection.payments.by_staff import match_by_staff
from siweb.collection.payments.find import PaymentsShown, list_payments
from siweb.collection.payments.keep_credit import keep_credit
from siweb.collection.payments.suggest_bills import suggestions
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.factories import AT, make_employer, make_person, make_region
from tests.levies import BEIJING


def waiting(session):
    return list_payments(session, PaymentsShown.WAITING, scope=EVERYWHERE)[0]


@pytest.fixture
def bills(session):
    employer = make_employer(session, region_code=PACK_REGION, name="示范运输有限公司")
    runs = [make_levy_run(session, month) for month in ("2026-06", "2026-07")]
    return [
        make_bill(session, [make_person(session)], employer=employer, run=run, base_fen=base)
        for run, base in zip(runs, (500_000, 600_000), strict=True)
    ]


def test_the_likeliest_bill_stands_first(session, bills):
    payment = receive(session, bills[1].total_fen, date(2026, 7, 1), payer_name="示范运输有限公司")

    found = suggestions(session, payment, packs=packs_in_force(session))

    assert [(one.bill.id, one.by_amount, one.by_payer) for one in found] == [
        (bills[1].id, True, True),
        (bills[0].id, False, True),
    ]


def test_a_name_that_is_only_like_it_is_suggested_too(session, bills):
    payment = receive(session, 7, date(2026, 7, 1), payer_name="示范运输公司")

    assert {
        one.bill.id for one in suggestions(session, payment, packs=packs_in_force(session))
    } == {bill.id for bill in bills}


def test_staff_say_what_a_payment_is_for(session, bills):
    payment = receive(session, bills[0].total_fen, date(2026, 7, 1))
    assert waiting(session) == [payment]

    match_by_staff(
        session,
        payment,
        bills[0].bank_reference,
        actor=SYSTEM,
        at=AT,
        packs=packs_in_force(session),
    )

    assert waiting(session) == []
    with pytest.raises(PaymentRefused, match="nothing_left"):
        match_by_staff(
            session,
            payment,
            bills[1].bank_reference,
            actor=SYSTEM,
            at=AT,
            packs=packs_in_force(session),
        )
    with pytest.raises(PaymentRefused, match="no_such_bill"):
        match_by_staff(session, payment, 5, actor=SYSTEM, at=AT, packs=packs_in_force(session))


def test_a_bill_of_another_region_is_named_with_it(session, bills):
    payment = receive(session, 500, date(2026, 7, 1))
    payment.region_code = make_region(session, BEIJING).code
    how = {"actor": SYSTEM, "at": AT}

    for use in (
        lambda reference: match_by_staff(
            session, payment, reference, packs=packs_in_force(session), **how
        ),
        lambda reference: keep_credit(session, payment, reference, **how),
    ):
        with pytest.raises(PaymentRefused, match="other_region") as refused:
            use(bills[0].bank_reference)
        assert refused.value.facts == {"region": bills[0].region_code}


def test_staff_are_told_when_a_bill_asks_for_nothing(session, bills):
    paid, more = (receive(session, fen, date(2026, 7, 1)) for fen in (bills[0].total_fen, 1))
    match_by_staff(
        session, paid, bills[0].bank_reference, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    with pytest.raises(PaymentRefused, match="nothing_owed"):
        match_by_staff(
            session,
            more,
            bills[0].bank_reference,
            actor=SYSTEM,
            at=AT,
            packs=packs_in_force(session),
        )


def test_what_is_used_up_is_not_kept(session, bills):
    payment = receive(session, bills[0].total_fen, date(2026, 7, 1))
    reference = bills[0].bank_reference
    match_by_staff(session, payment, reference, actor=SYSTEM, at=AT, packs=packs_in_force(session))

    with pytest.raises(PaymentRefused, match="nothing_left"):
        keep_credit(session, payment, None, actor=SYSTEM, at=AT)
    assert payment.kept_at is None


def test_money_is_kept_for_one_payer_who_has_been_named(session, bills):
    payment = receive(session, 500, date(2026, 7, 1))
    with pytest.raises(PaymentRefused, match="no_payer"):
        keep_credit(session, payment, None, actor=SYSTEM, at=AT)
    assert payment.kept_at is None

    keep_credit(session, payment, bills[0].bank_reference, actor=SYSTEM, at=AT)
    assert (payment.employer_id, payment.kept_at) == (bills[0].employer_id, AT)

    others = make_bill(session, [make_person(session)], run=make_levy_run(session, "2026-08"))
    with pytest.raises(PaymentRefused, match="two_payers"):
        keep_credit(session, payment, others.bank_reference, actor=SYSTEM, at=AT)
    assert payment.person_id is None
