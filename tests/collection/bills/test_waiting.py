"""Which bills home tells of: one's own or one's employers', issued, open, and of the right days."""

from datetime import date, timedelta

import pytest

from siweb.auth.acting import employers_held
from siweb.collection.bills.waiting import (
    employers_bills_to_pay,
    own_bills_to_pay,
    own_months_not_paid,
)
from tests.bills import PACK_REGION, make_bill, make_levy_run
from tests.conftest import NOW
from tests.factories import make_account, make_employer, make_mandate, make_person

TODAY, A_DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def engine(sqlite_engine):
    """Which bills wait is the same on either database."""
    return sqlite_engine


@pytest.fixture
def person(session):
    return make_person(session, region_code=PACK_REGION)


@pytest.fixture
def billed(session):
    """Bill somebody, or an employer, so much that is due so many days from today."""

    def billed(whose, days, fen=10, paid_fen=0, employer=None, **values):
        run = make_levy_run(session, f"2026-{next(months):02}")
        bill = make_bill(session, [whose], employer=employer, run=run)
        bill.total_fen, bill.employer_fen, bill.employee_fen = fen, 0, fen
        bill.paid_fen, bill.due_on = paid_fen, TODAY + days * A_DAY
        for name, value in values.items():
            setattr(bill, name, value)
        session.flush()
        return bill

    months = iter(range(1, 13))
    return billed


def test_ones_own_bills_are_told_by_their_last_day(session, person, billed):
    late = billed(person, 2, fen=30, paid_fen=10)
    today = billed(person, 0)
    for values in ({"paid_fen": 10}, {"issued_at": None}):
        billed(person, 1, **values)
        billed(person, -1, **values)
    billed(make_person(session), 1)
    over = [billed(person, -1, fen=5), billed(person, -9, fen=9, paid_fen=2)]
    billed(make_person(session), -1)

    rows = session.execute(own_bills_to_pay(person.id, TODAY)).all()
    assert [(row.key, row.fen, row.last_day) for row in rows] == [
        (str(today.bank_reference), 10, TODAY), (str(late.bank_reference), 20, TODAY + 2 * A_DAY),
    ]  # fmt: skip
    (row,) = session.execute(own_months_not_paid(person.id, TODAY))
    assert (row.number, row.fen, f"{row.month}") == (
        2,
        12,
        over[0].contribution_month.replace("-", ""),
    )


def test_an_employers_bills_are_told_in_sum_to_who_acts_for_it(session, person, billed):
    account = make_account(session, person)
    firms = [make_employer(session, region_code=PACK_REGION, name=name) for name in "甲乙丙"]
    for firm in firms[:2]:
        make_mandate(session, account, firm, "viewer")
    make_mandate(session, account, firms[2], "viewer", until_on=date(2026, 1, 5))

    def bill(firm, days, **values):
        billed(make_person(session, region_code=PACK_REGION), days, employer=firm, **values)

    bill(firms[0], 5, fen=7)
    bill(firms[0], 9, fen=3, paid_fen=1)
    bill(firms[0], 1, issued_at=None)
    bill(firms[0], 1, paid_fen=10)
    bill(firms[1], -3, fen=1)
    bill(firms[2], 1)

    rows = session.execute(employers_bills_to_pay(employers_held(account.id, TODAY))).all()
    assert [(row.name, row.number, row.fen, row.last_day) for row in rows] == [
        ("乙", 1, 1, TODAY - 3 * A_DAY), ("甲", 2, 9, TODAY + 5 * A_DAY),
    ]  # fmt: skip
