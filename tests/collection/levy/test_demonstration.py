"""The demonstration has months that the office levied itself, and its books balance."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.bill import Bill
from siweb.demo.plan import Plan
from siweb.demo.seed import seed
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from tests.bills import SEAL_KEY
from tests.suite.made_once import ON_EACH_DATABASE, session_within, taken_back

PLAN = Plan(date(2026, 11, 24), people=40, employers=5)


@pytest.fixture(**ON_EACH_DATABASE)
def office(request, tmp_path_factory):
    """A demonstration for all who look at it."""
    with taken_back(request) as connection, session_within(connection) as session:
        folder = tmp_path_factory.mktemp("demonstration")
        seed(session, PLAN, folder, at=datetime(2026, 11, 24, tzinfo=UTC))
        yield session


def test_its_books_balance(office):
    assert not list(
        check_books(office, packs_in_force(office), Scope(None, None), seals=SEAL_KEY).lines()
    )


def test_it_has_bills_paid_in_part_not_at_all_and_in_full(office):
    first = office.scalar(select(Employer.id).order_by(Employer.id))
    months = office.execute(
        select(Bill.contribution_month, Bill.paid_fen, Bill.total_fen)
        .where(Bill.employer_id == first)
        .order_by(Bill.contribution_month)
    ).all()

    assert [month for month, *_ in months] == PLAN.levied_months
    full, part, nothing = months
    assert full.paid_fen == full.total_fen
    assert 0 < part.paid_fen < part.total_fen
    assert nothing.paid_fen == 0


def test_what_is_overdue_waits_at_the_desk(office):
    assert office.scalars(select(Arrears.bill_id)).all()
