"""The desk matches what nobody could, keeps it, pays it back, or takes back what bounced."""

from datetime import date

import pytest
from sqlalchemy import event, select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import allocate
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import MatchedBy
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from tests import factories
from tests.bills import make_bill, receive
from tests.collection.assessments.test_pages import text_of
from tests.desk.assessments.test_assessments import NOON, clock, desk  # noqa: F401 - fixtures
from tests.factories import AT
from tests.papers import paper
from tests.second_person import check_all


@pytest.fixture
def bill(session):
    employer = factories.make_employer(session, region_code="310000", name="示范运输有限公司")
    return make_bill(session, [factories.make_person(session)], employer=employer)


@pytest.fixture
def payment(session, bill):
    """Money whose sender the register does not know by exactly this name."""
    return receive(session, bill.total_fen, date(2026, 8, 19), payer_name="示范运输公司")


@pytest.fixture
def staff(desk):  # noqa: F811
    return desk()


REFUND = paper("refund-because", "退款申请〔2026〕3号")


def send(staff, payment, deed, **typed):
    return staff.post(f"/desk/payments/{payment.id}/{deed}", data=typed)


def books(session):
    return list(check_books(session, packs_in_force(session), Scope(None, None)).lines())


def test_it_waits_with_a_suggestion(staff, bill, payment):
    assert "示范运输公司" in text_of(staff.get("/desk/payments"))

    page = text_of(staff.get(f"/desk/payments/{payment.id}"))

    assert "示范运输有限公司" in page
    assert f'value="{bill.bank_reference}"' in page


def test_it_is_matched_by_hand(staff, session, bill, payment):
    typed = f"{bill.bank_reference:012d}"
    answer = send(staff, payment, "match", **{"match-reference": f"{typed[:4]} {typed[4:]}"})

    assert answer.status_code == 303
    session.refresh(bill)
    assert bill.outstanding_fen == 0
    assert "示范运输公司" not in text_of(staff.get("/desk/payments"))
    assert not books(session)


@pytest.mark.parametrize("deed", ["match", "keep", "split"])
def test_a_bill_of_another_region_is_said_to_be_of_it(staff, session, bill, payment, deed):
    payment.region_code = factories.make_region(session, "110000", name_en="Elsewhere").code
    session.commit()
    form = "split-parts-0-" if deed == "split" else f"{deed}-"
    typed = {f"{form}reference": f"{bill.bank_reference:012d}", f"{form}amount": "1.00"}

    refused = send(staff, payment, deed, **typed)

    assert refused.status_code == 422
    assert "That bill belongs to Shifan" in text_of(refused)


@pytest.mark.parametrize("deed", ["match", "keep", "split"])
def test_nobody_names_a_bill_of_a_firm_they_act_for(desk, session, bill, payment, deed):  # noqa: F811
    staff = desk("乙")
    clerk = session.scalars(select(Person).where(Person.name == "乙")).one()
    account = session.scalars(select(Account).where(Account.person_id == clerk.id)).one()
    factories.make_mandate(session, account, session.get_one(Employer, bill.employer_id))
    session.commit()
    form = "split-parts-0-" if deed == "split" else f"{deed}-"
    typed = {f"{form}reference": f"{bill.bank_reference:012d}", f"{form}amount": "1.00"}

    assert send(staff, payment, deed, **typed).status_code == 403

    session.refresh(payment)
    assert (payment.unallocated_fen, payment.kept_at) == (payment.amount_fen, None)


def test_nothing_is_not_paid_back_and_no_part_is_for_nothing(staff, bill, payment):
    reference = f"{bill.bank_reference:012d}"
    parts = {"split-parts-0-reference": reference, "split-parts-0-amount": "0"}
    for deed, typed in (("refund", REFUND | {"refund-amount": "0.00"}), ("split", parts)):
        answer = send(staff, payment, deed, **typed)

        assert answer.status_code == 422
        assert "Enter an amount of more than 0." in text_of(answer)


@pytest.mark.parametrize("typed", ["", "123", "no"])
def test_a_slip_in_a_reference_is_noticed(staff, payment, typed):
    assert send(staff, payment, "match", **{"match-reference": typed}).status_code == 422


def test_it_is_kept_for_whoever_a_bill_names(staff, session, bill, payment):
    send(staff, payment, "keep")
    session.refresh(payment)
    assert payment.kept_at is None

    send(staff, payment, "keep", **{"keep-reference": str(bill.bank_reference)})

    session.refresh(payment)
    assert payment.employer_id == bill.employer_id
    assert payment.unallocated_fen == payment.amount_fen
    assert "示范运输公司" not in text_of(staff.get("/desk/payments"))
    assert "示范运输公司" in text_of(staff.get("/desk/payments?state=kept"))


def test_some_of_it_is_paid_back(staff, session, payment):
    send(staff, payment, "refund", **REFUND | {"refund-amount": "10.50"})
    check_all(session)

    session.refresh(payment)
    assert payment.unallocated_fen == payment.amount_fen - 1_050
    assert "Refunded" in text_of(staff.get(f"/desk/payments/{payment.id}"))
    assert not books(session)


def test_what_waits_to_be_paid_back_is_used_for_no_bill(staff, session, bill, payment):
    payment.unallocated_fen = payment.amount_fen = bill.total_fen + 4_000
    session.commit()
    send(staff, payment, "refund", **REFUND | {"refund-amount": "100.00"})
    assert "A refund of CNY 100.00 waits" in text_of(staff.get(f"/desk/payments/{payment.id}"))
    part = {"split-parts-0-reference": f"{bill.bank_reference:012d}"}
    whole = f"{bill.total_fen // 100}.{bill.total_fen % 100:02d}"

    refused = send(staff, payment, "split", **part | {"split-parts-0-amount": whole})
    assert "only what is left beside it can be used" in text_of(refused)
    match = {"match-reference": f"{bill.bank_reference:012d}"}
    assert send(staff, payment, "match", **match).status_code == 303
    session.refresh(payment)
    session.refresh(bill)
    assert (payment.unallocated_fen, bill.outstanding_fen) == (10_000, 6_000)
    refused = send(staff, payment, "match", **match, form_key="again")
    assert 'id="match-reference-error">A refund of this payment waits' in text_of(refused)

    check_all(session)
    session.refresh(payment)
    assert payment.unallocated_fen == 0
    assert not books(session)


def test_who_checks_a_refund_reads_of_no_negative_balance(desk, staff, session, payment):  # noqa: F811
    send(staff, payment, "refund", **REFUND | {"refund-amount": "10.00"})
    send(staff, payment, "reverse", **{"reverse-on": "2026-08-20"})
    task = session.scalars(select(Task)).one()

    page = text_of(desk("复核员").get(f"/desk/tasks/{task.reference}"))

    assert "That is more than the balance left." in page
    assert "-10.00" not in page


def test_no_more_is_paid_back_than_is_left(staff, session, payment):
    send(staff, payment, "refund", **REFUND | {"refund-amount": "1000000"})
    check_all(session)

    session.refresh(payment)
    assert payment.unallocated_fen == payment.amount_fen


def test_what_bounced_opens_its_bills_again(staff, session, bill, payment):
    allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.STAFF,
        actor=SYSTEM,
        at=AT,
        packs=packs_in_force(session),
    )
    session.commit()

    send(staff, payment, "reverse", **{"reverse-on": "2026-08-20"})

    session.refresh(bill)
    assert bill.paid_fen == 0
    assert not books(session)


def test_what_was_paid_back_before_it_bounced_is_owed_by_the_payer(staff, session):
    more = receive(session, 1_000, date(2026, 8, 10))
    session.commit()
    send(staff, more, "refund", **REFUND | {"refund-amount": "4.00"})
    check_all(session)
    assert "Was it returned by the bank?" in text_of(staff.get(f"/desk/payments/{more.id}"))

    send(staff, more, "reverse", **{"reverse-on": "2026-08-20"})

    shown = text_of(staff.get(f"/desk/payments/{more.id}"))
    assert "4.00 was paid back before the payment was returned" in shown
    assert "Was it returned by the bank?" not in shown
    session.refresh(more)
    assert more.unallocated_fen == 0
    assert not books(session)


def test_what_was_paid_back_whole_cannot_bounce(staff, session):
    payment = receive(session, 1_000, date(2026, 8, 10))
    session.commit()
    send(staff, payment, "refund", **REFUND | {"refund-amount": "10.00"})
    check_all(session)

    assert "Was it returned by the bank?" not in text_of(staff.get(f"/desk/payments/{payment.id}"))
    refused = send(staff, payment, "reverse", **{"reverse-on": "2026-08-20"})
    assert refused.status_code == 422
    assert "nothing of it can be returned" in text_of(refused)
    assert not books(session)


def test_a_day_to_come_is_none(staff, payment):
    assert send(staff, payment, "reverse", **{"reverse-on": "2027-01-01"}).status_code == 422


def test_what_the_refund_refuses_stands_beside_its_amount_and_nothing_typed_is_lost(
    staff, session, payment
):
    too_much = REFUND | {"refund-amount": "99999.00"}

    page = text_of(send(staff, payment, "refund", **too_much))

    assert 'id="refund-amount-error">That is more than the balance left.' in page
    assert 'href="#refund-amount"' in page
    assert 'value="99999.00"' in page
    assert 'value="退款申请〔2026〕3号"' in page
    assert session.scalars(select(Task)).all() == []


def test_a_split_that_is_refused_leads_to_what_is_wrong_in_its_rows(staff, bill, payment):
    wrong = {"split-parts-0-reference": "12", "split-parts-0-amount": "1.00"}

    page = text_of(send(staff, payment, "split", **wrong))

    assert 'href="#split-parts-0-reference"' in page
    assert "{'reference'" not in page


def test_a_page_costs_the_same_for_many_bills(staff, session, engine, payment):
    employer = factories.make_employer(session, region_code="310000", name="示范运输一厂")
    for _number in range(8):
        make_bill(
            session,
            [factories.make_person(session)],
            employer=employer,
            insurances=(Insurance.PENSION,),
            due_on=date(2026, 7, 15),
        )
    staff.get("/contact")  # the office's name, which every page shows, is read once a minute
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    assert staff.get(f"/desk/payments/{payment.id}").status_code == 200
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 8


def test_others_do_not_find_it(desk, payment):  # noqa: F811
    client = desk("乙", ())

    for address in ("/desk/payments", f"/desk/payments/{payment.id}"):
        assert client.get(address).status_code == 404
    assert send(client, payment, "keep").status_code == 404


def test_a_payment_that_is_none_is_not_found(staff, session):
    assert staff.get("/desk/payments/999999").status_code == 404
    assert NOON
    assert Bill
