"""Which bills a payment is for: others of nearly the same name, amount, region or day beside it."""

from datetime import date, timedelta

import pytest

from siweb.collection.payments.match import (
    bill_named,
    bills_named,
    bills_of_amount,
    find_match,
    payers_of,
)
from siweb.collection.payments.suggest_bills import suggestions
from siweb.collection.tables.payment import MatchedBy
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.factories import make_employer, make_person, make_region
from tests.levies import BEIJING

NAME, ACCOUNT = "示范运输有限公司", "6222000099"
IN_TIME = date(2026, 7, 1)


@pytest.fixture
def firm(session):
    return make_employer(session, region_code=PACK_REGION, name=NAME, bank_account=ACCOUNT)


@pytest.fixture
def billed(session):
    """Bill an employer, or a person of a name, so much for a month."""

    def billed(employer=None, fen=10_000, month="2026-06", name="张伟", **values):
        person = make_person(session, name=name, region_code=PACK_REGION)
        run = make_levy_run(session, month, region_code=values.pop("region_code", PACK_REGION))
        bill = make_bill(session, [person], employer=employer, run=run)
        bill.paid_fen = paid = values.pop("paid_fen", 0)
        bill.employer_fen, bill.employee_fen, bill.total_fen = fen + paid, 0, fen + paid
        for column, value in values.items():
            setattr(bill, column, value)
        session.flush()
        return bill

    return billed


@pytest.fixture
def pay(session):
    def pay(fen=10_000, on=IN_TIME, **stated):
        return receive(session, fen, on, **stated)

    return pay


def match(session, payment):
    found = find_match(session, payment, packs=packs_in_force(session))
    return found and (found.matched_by, [bill.id for bill in found.bills], found.named)


@pytest.mark.parametrize(
    "beside",
    [
        {"fen": 9_999},
        {"fen": 10_001},
        {"employer": "another"},
        {"region_code": BEIJING},
        {"issued_at": None},
    ],
    ids=str,
)
def test_one_bill_of_the_amount_is_the_payers(session, firm, billed, pay, beside):
    make_region(session, BEIJING)
    bill = billed(firm)
    given = {"employer": firm, "month": "2026-07"} | beside
    if given["employer"] == "another":
        given["employer"] = make_employer(session, region_code=PACK_REGION, name="别家公司")
    billed(**given)

    assert match(session, pay(payer_name=NAME)) == (MatchedBy.AMOUNT, [bill.id], bill)


def test_two_bills_of_the_amount_are_no_certainty_but_name_and_account_are(
    session, firm, billed, pay
):
    bills = [billed(firm, month=month) for month in ("2026-07", "2026-06")]
    make_region(session, BEIJING)
    elsewhere = billed(firm, month="2026-05", region_code=BEIJING)

    assert match(session, pay(payer_name=NAME)) is None
    assert match(session, pay(payer_account=ACCOUNT)) is None
    both = match(session, pay(payer_name=NAME, payer_account=f"{ACCOUNT[:4]} {ACCOUNT[4:]}"))
    assert both == (MatchedBy.PAYER, [bills[1].id, bills[0].id], None)
    assert elsewhere.id not in both[1]


@pytest.mark.parametrize(
    ("other", "is_certain"),
    [
        ({"name": NAME, "bank_account": "1"}, False),
        ({"name": "别家公司", "bank_account": ACCOUNT}, False),
        ({"name": NAME, "bank_account": ACCOUNT, "region_code": BEIJING}, True),
        ({"name": f"{NAME}分公司", "bank_account": f"{ACCOUNT}1"}, True),
    ],
    ids=str,
)
def test_a_payer_is_certain_where_nobody_else_has_the_name_or_the_account(
    session, firm, pay, other, is_certain
):
    make_region(session, BEIJING)
    make_employer(session, **({"region_code": PACK_REGION} | other))

    found = payers_of(session, pay(payer_name=f" {NAME} ", payer_account=ACCOUNT))

    assert firm.id in found.employer_ids
    assert found.certain_employer_id == (firm.id if is_certain else None)
    assert payers_of(session, pay(payer_name=" ")).employer_ids == frozenset()
    assert payers_of(session, pay(payer_name=NAME)).certain_employer_id is None
    assert payers_of(session, pay(payer_account=ACCOUNT)).certain_employer_id is None


def test_a_payer_who_owes_nothing_here_is_no_match(session, firm, billed, pay):
    billed(firm, fen=0, paid_fen=5)
    assert match(session, pay(payer_name=NAME, payer_account=ACCOUNT)) is None
    # A name of nobody with an amount of somebody is none either.
    billed(firm, month="2026-07")
    assert match(session, pay(payer_name="没有这家")) is None


def test_a_reference_is_of_a_bill_that_was_issued_here(session, firm, billed, pay):
    make_region(session, BEIJING)
    first, second = billed(firm, month="2026-07"), billed(firm)
    not_issued = billed(firm, month="2026-05", issued_at=None)
    elsewhere = billed(firm, month="2026-04", region_code=BEIJING)
    text = " / ".join(
        f"{bill.bank_reference:012d}" for bill in (first, second, second, not_issued, elsewhere)
    )

    assert bills_named(session, PACK_REGION, text) == [second, first]
    assert bills_named(session, PACK_REGION, "no number") == []
    # Several in one transfer are split by somebody; of one the amount does not matter.
    assert match(session, pay(remittance=text)) is None
    one = match(session, pay(7, remittance=f"{first.bank_reference:012d}"))
    assert one == (MatchedBy.REFERENCE, [first.id], first)
    assert bill_named(session, PACK_REGION, first.bank_reference) is first


@pytest.mark.parametrize(
    ("more_fen", "days", "is_found"),
    [(0, 0, True), (1, 0, False), (None, 10, True), (None, 9, False), (10_000, 10, False)],
)
def test_an_amount_with_its_late_fee_is_to_the_fen_and_to_the_day(
    session, firm, billed, pay, more_fen, days, is_found
):
    bill = billed(firm, fen=1_000_000)
    billed(firm, fen=2_000_000, month="2026-05")
    # Half a permille a day: ten days after the last one.
    fee = 1_000_000 * 5 * 10 // 10_000 if more_fen is None else more_fen
    payment = pay(1_000_000 + fee, bill.due_on + timedelta(days=days))

    found = bills_of_amount(session, payment, packs=packs_in_force(session))

    assert found == ([bill] if is_found else [])


def test_suggestions_are_of_this_region_open_and_the_likeliest_first(session, firm, billed, pay):
    make_region(session, BEIJING)
    by_name = billed(firm, fen=5, month="2026-07")
    by_both = billed(firm)
    by_amount = billed(make_employer(session, region_code=PACK_REGION, name="别家公司"))
    alike = billed(make_employer(session, region_code=PACK_REGION, name="示范运输总公司"), fen=6)
    named = billed(make_employer(session, region_code=PACK_REGION, name="第三家"), fen=8)
    for values in ({"region_code": BEIJING}, {"issued_at": None}, {"fen": 0, "paid_fen": 9}):
        billed(firm, month="2026-05", **values)
    billed(make_employer(session, region_code=PACK_REGION, name="第四家"), fen=9)

    found = suggestions(
        session,
        pay(payer_name=NAME, remittance=f"{named.bank_reference:012d}"),
        packs=packs_in_force(session),
    )

    assert [one.bill.id for one in found] == [
        each.id for each in (named, by_both, by_amount, by_name, alike)
    ]
    assert [(one.by_reference, one.by_amount, one.by_payer) for one in found] == [
        (True, False, False), (False, True, True), (False, True, False), (False, False, True),
        (False, False, False),
    ]  # fmt: skip


def test_a_person_of_the_name_is_suggested_and_never_matched(session, billed, pay):
    bill = billed(name="欧阳明")
    billed(name="欧阳明月", month="2026-07")

    payment = pay(3, payer_name="欧阳明")

    assert [
        one.bill.id for one in suggestions(session, payment, packs=packs_in_force(session))
    ] == [bill.id]
    assert match(session, pay(payer_name="欧阳明")) is None
