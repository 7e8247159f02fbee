"""The proof of the funds holds the bills of employers and of people who pay alone to one measure."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import allocate
from siweb.collection.tables.payment import MatchedBy
from siweb.ledgers.tables.fund_entry import FundEntry, FundEntryKind
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, SEAL_KEY, make_bill, make_levy_run, receive
from tests.factories import AT, make_employer, make_person


@pytest.fixture
def engine(sqlite_engine):
    """What is proved is the same on either database."""
    return sqlite_engine


@pytest.fixture(params=["employer", "own"])
def bill(request, session):
    """A bill that was paid in time, and beside it one that was not paid."""
    person = make_person(session, region_code=PACK_REGION)
    employer = make_employer(session, region_code=PACK_REGION)
    of = employer if request.param == "employer" else None
    bills = [
        make_bill(
            session, [person], employer=of, run=make_levy_run(session, month),
            insurances=(Insurance.PENSION, Insurance.MEDICAL),
        )
        for month in ("2025-07", "2025-08")
    ]  # fmt: skip
    paid = bills[0]
    payment = receive(session, paid.total_fen, date(2025, 8, 1))
    allocate(
        session, payment, [paid], matched_by=MatchedBy.STAFF, actor=SYSTEM, at=AT,
        packs=packs_in_force(session),
    )  # fmt: skip
    session.flush()
    return paid


def found(session, scope=None):
    session.flush()
    proof = check_books(session, packs_in_force(session), scope or Scope(), seals=SEAL_KEY)
    return [line for line in proof.lines() if "sealed" not in line]


def entry_of(session, bill, insurance=Insurance.PENSION):
    (entry,) = session.scalars(
        select(FundEntry).where(
            FundEntry.bill_id == bill.id, FundEntry.insurance == insurance,
            FundEntry.kind == FundEntryKind.PREMIUM,
        )
    )  # fmt: skip
    return entry


def test_a_fund_that_has_something_else_is_named(session, bill):
    assert found(session) == []
    for column, insurance, fen, words in (
        ("amount_fen", Insurance.MEDICAL, 1, "posted to the fund"),
        ("account_fen", Insurance.PENSION, -1, "accounts' share in the fund"),
    ):
        entry = entry_of(session, bill, insurance)
        due = getattr(entry, column)
        setattr(entry, column, due + fen)
        named = f"bill {bill.id}, {insurance.value}: {words}: "
        assert f"{named}expected {due} fen, found {due + fen} fen" in found(session)
    for scope, number in (
        (Scope(PACK_REGION, "2025-07"), 2), (Scope(PACK_REGION, "2025-08"), 0),
    ):  # fmt: skip
        assert len(found(session, scope)) == number


def test_a_late_fee_that_nobody_paid_is_named(session, bill):
    entry = entry_of(session, bill)
    session.add(
        FundEntry(
            **{
                name: getattr(entry, name)
                for name in ("region_code", "fund", "insurance", "contribution_month", "bill_id")
            },
            kind=FundEntryKind.LATE_FEE, amount_fen=3, account_fen=0, posted_on=entry.posted_on,
        )
    )  # fmt: skip
    assert f"bill {bill.id}: late fees posted to funds: expected 0 fen, found 3 fen" in found(
        session
    )
