"""Of many bills that may be meant the likeliest are looked at, in one order."""

from datetime import date
from types import SimpleNamespace as Some

import pytest

from siweb.collection.payments import suggest_bills
from siweb.collection.payments.suggest_bills import suggestions
from siweb.collection.posting.post_paid import is_paid
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.factories import make_employer, make_person

NAME = "示范运输有限公司"
IN_TIME = date(2026, 3, 1)


@pytest.fixture
def engine(sqlite_engine):
    """The order is the same on either database."""
    return sqlite_engine


@pytest.fixture
def billed(session):
    """The later a bill is made here, the earlier it is due: the order is none of the days'."""

    def billed(employer, fen):
        month = f"2026-{next(months):02}"
        person = make_person(session, region_code=PACK_REGION)
        bill = make_bill(session, [person], employer=employer, run=make_levy_run(session, month))
        bill.employer_fen, bill.employee_fen, bill.total_fen = fen, 0, fen
        session.flush()
        return bill

    months = iter(range(12, 0, -1))
    return billed


def test_the_likeliest_are_kept_where_there_are_too_many(session, billed, monkeypatch):
    firm = make_employer(session, region_code=PACK_REGION, name=NAME)
    alike = make_employer(session, region_code=PACK_REGION, name=f"{NAME[:4]}集团")
    stranger = make_employer(session, region_code=PACK_REGION, name="别家公司")
    bills = [
        billed(stranger, 1), billed(firm, 10_000), billed(firm, 2), billed(stranger, 10_000),
        billed(alike, 3),
    ]  # fmt: skip
    named = f"{bills[0].bank_reference:012d}"
    payment = receive(session, 10_000, IN_TIME, payer_name=NAME, remittance=named)
    packs = packs_in_force(session)

    for most in range(1, 6):
        monkeypatch.setattr(suggest_bills, "_CANDIDATES", most)
        found = suggestions(session, payment, packs=packs)
        assert {each.bill.id for each in found} == {bill.id for bill in bills[:most]}, most
    assert [(each.by_reference, each.by_amount, each.by_payer) for each in found][:2] == [
        (True, False, False), (False, True, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "bill", "paid"),
    [
        ((5, 5), (9, 9), True), ((5, 4), (9, 9), False), ((5, 5), (9, 8), True),
        # A line of nothing is paid with its bill.
        ((0, 0), (9, 9), True), ((0, 0), (9, 8), False),
    ],
)  # fmt: skip
def test_a_line_is_paid_once_nothing_is_left_of_it(line, bill, paid):
    total, done = (Some(total_fen=fen, paid_fen=paid_fen) for fen, paid_fen in (bill, line))
    assert is_paid(total, done) is paid
