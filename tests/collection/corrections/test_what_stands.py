"""What stands in the books while months, raises and what takes them back are paid or not."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import allocate
from siweb.collection.posting.post_paid import scope_of
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import MatchedBy
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.ledgers.account.close import account_balance
from siweb.ledgers.posting.post import post_records
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from tests.bills import receive
from tests.collection.corrections.test_correct_record import (
    BASE,
    correct,
    correction,
    firm,
    person,
)
from tests.collection.levy.test_adjust import balanced
from tests.conftest import NOW
from tests.levies import adjust

__all__ = ["firm", "person"]
JULY = {"first_month": "2026-07", "last_month": "2026-07"}
# 8 % of what a month is raised by goes to the account.
RAISED = 1_200_000
SHARE = BASE * 8 // 100


@pytest.fixture
def colleague(session, person):
    others = select(ContributionRecord.person_id).where(ContributionRecord.person_id != person.id)
    return session.get_one(Person, session.scalars(others.distinct()).one())


def bills(session, **values):
    return session.scalars(select(Bill).filter_by(**values).order_by(Bill.id)).all()


def pay(session, bill, on=date(2026, 11, 20)):
    owed = bill.total_fen - bill.paid_fen
    allocate(
        session, receive(session, owed, on), [bill], matched_by=MatchedBy.STAFF, actor=SYSTEM,
        at=NOW, packs=packs_in_force(session),
    )  # fmt: skip
    session.commit()


def say(session, person, firm, base, minute):
    kind = CorrectionKind.BASE if base else CorrectionKind.NOT_INSURED
    given = correction(person, firm, kind=kind, declared_base_fen=base, **JULY)
    return correct(session, given, later=minute)


@pytest.mark.parametrize("base", [None, 600_000])
def test_a_raise_that_nobody_paid_stands_with_what_took_it_back(session, firm, person, base):
    month, _august = bills(session, employer_id=firm.id)
    for minute, each in enumerate((RAISED, base)):
        say(session, person, firm, each, minute)

    assert account_balance(session, person.id) == 0
    assert balanced(session)

    pay(session, month)
    due = 0 if base is None else session.scalar(
        select(func.sum(AccountEntry.amount_fen)).where(AccountEntry.person_id == person.id)
    )  # fmt: skip
    assert account_balance(session, person.id) == due < SHARE
    # Nobody's money was there before: none of it bears interest from an earlier month.
    entries = session.scalars(select(AccountEntry).where(AccountEntry.person_id == person.id)).all()
    assert {(entry.contribution_month, entry.interest_month) for entry in entries} == {
        ("2026-07", "2026-11")
    }
    assert balanced(session)


def test_the_proof_names_a_raise_that_stayed_alone(session, firm, person):
    for minute, each in enumerate((RAISED, None)):
        say(session, person, firm, each, minute)
    raised = bills(session, employer_id=firm.id)[2]
    line = session.scalars(
        select(BillLine).filter_by(bill_id=raised.id, insurance=Insurance.PENSION)
    ).one()

    post_records(session, scope_of(raised, line), raised.due_on, None)

    (said,) = check_books(session, packs_in_force(session), Scope()).lines()
    assert said == (
        f"bill {raised.id}, pension: records that say they are paid (a count): "
        "expected 0 fen, found 1 fen"
    )


def test_what_takes_part_of_an_unpaid_raise_back_takes_nothing_of_the_paid_month(
    session, firm, person
):
    pay(session, bills(session, employer_id=firm.id)[0])
    for minute, each in enumerate((RAISED, 1_100_000)):
        say(session, person, firm, each, minute)

    assert account_balance(session, person.id) == SHARE
    assert balanced(session)

    pay(session, bills(session, employer_id=firm.id)[2])
    assert account_balance(session, person.id) == 1_100_000 * 8 // 100
    assert balanced(session)


def test_one_persons_month_that_never_was_leaves_the_colleagues_raise_alone(
    session, firm, person, colleague, declare
):
    for each in (person, colleague):
        declare(each, firm, "2026-07", RAISED)
    adjust(session, months=("2026-07", "2026-07"))
    pay(session, bills(session, employer_id=firm.id)[2])
    raised = account_balance(session, colleague.id)

    say(session, person, firm, None, 1)

    assert account_balance(session, person.id) == 0
    assert account_balance(session, colleague.id) == raised > 0
    assert balanced(session)


def test_a_credit_settles_its_own_persons_bills_first(session, firm, person, colleague):
    say(session, person, firm, RAISED, 0)
    say(session, colleague, firm, RAISED, 1)

    say(session, person, firm, BASE, 2)

    raised, others = bills(session, employer_id=firm.id)[2:4]
    assert (raised.paid_fen, others.paid_fen) == (raised.total_fen, 0)
    assert account_balance(session, colleague.id) == 0
    assert balanced(session)


def test_a_months_credit_settles_nothing_of_another_month(session, firm, person):
    both = correction(person, firm, declared_base_fen=RAISED)
    correct(session, both)
    raised = bills(session, employer_id=firm.id)[2]

    say(session, person, firm, None, 1)

    # July's half of the raise was taken back, August's is still owed.
    assert raised.paid_fen * 2 == raised.total_fen
    pay(session, bills(session, employer_id=firm.id)[0])
    assert account_balance(session, person.id) == 0
    assert balanced(session)
