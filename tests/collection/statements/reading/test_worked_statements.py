"""Statements that once went wrong, each with what an office should have of it."""

import pytest
from sqlalchemy import select

from siweb.collection.payments.by_staff import offered_split
from siweb.collection.tables.payment import Payment
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill
from tests.collection.statements.make_statements import booked, camt, detail, entry, held
from tests.factories import make_employer, make_person

OWED = "3520.00"


def paid(reference):
    return entry(OWED, ref="R1", details=detail(payer="示范公司", text=reference))


def bounced(reference):
    text = f"退汇 {reference}"
    return entry(OWED, ref="R1B", side="DBIT", reversal="true", details=detail(text=text))


# What stands in the statement; what is booked, what of it paid the bill, what waits.
STATEMENTS = {
    "a payment and its return": (
        lambda ref: [paid(ref), bounced(ref)], 352_000, 352_000, [("returned", "waiting")],
    ),
    "nobody but the amount": (
        lambda _ref: [entry(OWED, details=detail(payer="", text="货款 九月"))], 352_000, 0, [],
    ),
    "the second structured reference": (
        lambda ref: [entry(OWED, details=detail(OWED, payer="无名", text="", refs=("999", ref)))],
        352_000, 352_000, [],
    ),
    "a batch without amounts": (
        lambda _ref: [entry("3000.00", details=detail() + detail(payer="乙"))],
        300_000, 0, [("details", "booked")],
    ),
    "a batch of another sum": (
        lambda _ref: [entry("1474.00", details=detail("1000.00") + detail("500.00", payer="乙"))],
        147_400, 0, [("details", "booked")],
    ),
    "one line in dollars": (
        lambda _ref: [
            *(entry("11.00", ref=f"C{number}") for number in range(3)),
            entry("5.00", currency="USD", ref="USD7"),
        ], 3_300, 0, [("currency", "waiting")],
    ),
    "a filler twice": (lambda _ref: [entry(ref="NONREF"), entry(ref="NONREF")], 2_000, 0, []),
    "days in 2099 and in the year one": (
        lambda _ref: [entry(ref="FU", day="2099-01-01"), entry(ref="AN", day="0001-01-01")],
        0, 0, [("day_future", "waiting"), ("day_too_old", "waiting")],
    ),
    "nothing but zero": (lambda _ref: [entry("0.00")], 0, 0, [("zero", "dismissed")]),
}  # fmt: skip


@pytest.mark.parametrize("kind", STATEMENTS)
def test_an_office_has_of_it_what_it_should(office, session, kind):
    employer = make_employer(session, region_code=PACK_REGION, name="示范公司")
    bill = make_bill(session, [make_person(session)], employer=employer)
    entries, fen, used, waiting = STATEMENTS[kind]

    office(camt(*entries(f"{bill.bank_reference:012d}")))

    assert (booked(session), bill.paid_fen, held(session)) == (fen, used, waiting)


def test_the_same_file_under_another_bank_counts_once(office, session):
    content = camt(entry("10.00", ref="O1"), entry("20.00", ref="O2"))
    first, _total = office(content, bank="A")
    second, total = office(content, bank="B")

    assert (first.id, total.read, booked(session)) == (second.id, 0, 3_000)


@pytest.mark.parametrize("length", [480, 494, 600, 3_000])
def test_a_reference_far_behind_in_the_text_pays_its_bill(office, session, length):
    employer = make_employer(session, region_code=PACK_REGION, name="示范公司")
    bills = [make_bill(session, [make_person(session)], employer=employer) for _ in range(2)]
    first, second = (f"{bill.bank_reference:012d}" for bill in bills)
    filler = "社" * length

    office(camt(entry("1.00", ref="A", details=detail(text=f"{filler}{first}"))))
    office(camt(entry("2.00", ref="B", details=detail(text=f"{first} {filler} {second} 谢"))))

    payments = session.scalars(select(Payment).order_by(Payment.id)).all()
    assert all(len(payment.remittance) <= 500 for payment in payments)
    assert (bills[0].paid_fen, payments[1].unallocated_fen) == (100, 200)
    offered = offered_split(session, payments[1], packs=packs_in_force(session))
    assert [part.reference for part in offered] == [bill.bank_reference for bill in bills]
