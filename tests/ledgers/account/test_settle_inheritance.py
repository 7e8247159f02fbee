"""Heirs who were paid by a provisional rate get the rest once the year's rate is published."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payouts.order import Payee, order_payout
from siweb.collection.tables.payout import PayoutKind
from siweb.ledgers.account.close import pay_out_to_heirs, transfer_out
from siweb.ledgers.account.interest_run import InterestRun, interest_terms, post_interest
from siweb.ledgers.account.settle_inheritance import settle_inheritances
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.benefits.account_interest import InterestTerms
from tests.bills import SEAL_KEY
from tests.factories import AT, make_account_entry, make_person

REGION = "310000"
PAID_ON = date(2025, 3, 10)
LATER = date(2026, 6, 20)
HIGHER = InterestTerms(48_000)


@pytest.fixture
def person(session):
    """Somebody whose heirs were paid in March by last year's rate."""
    person = make_person(session, region_code=REGION, died_on=date(2025, 3, 1))
    make_account_entry(session, person, 2025, EntryKind.OPENING, 10_000_000)
    return person


def settle(session, terms=HIGHER):
    run = InterestRun(REGION, 2025, terms)
    post_interest(session, run, (1, 10**9), LATER)
    return settle_inheritances(
        session, run, on=LATER, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )


def to_heirs(session):
    kind = AccountEntry.kind == EntryKind.INHERITANCE
    return -session.scalar(select(func.sum(AccountEntry.amount_fen)).where(kind))


def balance(session):
    return session.scalar(select(func.sum(AccountEntry.amount_fen)))


def test_the_difference_is_paid_once(session, person):
    paid = pay_out_to_heirs(
        session, person.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    assert [settle(session), settle(session)] == [1, 0]

    assert paid < to_heirs(session) == 10_000_000 + 10_000_000 * 3 * 48_000 // 12_000_000
    assert balance(session) == 0
    noted = session.scalars(
        select(Activity).where(Activity.action == "account.inheritance").order_by(Activity.id)
    ).all()
    assert noted[-1].facts == {"settles": "2025", "amount_fen": to_heirs(session) - paid}
    assert not list(check_books(session, packs_in_force(session), Scope(), seals=SEAL_KEY).lines())


def test_a_rate_published_again_adds_only_its_difference(session, person):
    pay_out_to_heirs(
        session, person.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )
    assert settle(session) == 1
    first = to_heirs(session)

    assert settle(session, InterestTerms(60_000)) == 1

    assert to_heirs(session) > first
    assert balance(session) == 0


def test_a_lower_rate_asks_nothing_back(session, person):
    paid = pay_out_to_heirs(
        session, person.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    assert settle(session, InterestTerms(1_000)) == 0
    assert to_heirs(session) == paid


def test_a_rate_that_is_not_settled_changes_nothing(session, person):
    pay_out_to_heirs(
        session, person.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    assert settle(session, InterestTerms(48_000, settled=False)) == 0


def test_what_came_after_the_heirs_were_paid_goes_to_them_as_well(session, person):
    pay_out_to_heirs(
        session, person.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )
    make_account_entry(
        session, person, 2025, EntryKind.CREDIT, 80_000, contribution_month="2025-02"
    )

    assert settle(session) == 1

    assert balance(session) == 0


def test_who_moved_away_is_settled_there(session, person):
    person.died_on = None
    transfer_out(
        session, person.id, "成都市", on=PAID_ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    assert settle(session) == 0


def pay_in_february(session, person):
    """The heirs are paid before the rate of last year is known, let alone that of this one."""
    paid_on = date(2026, 2, 10)
    return pay_out_to_heirs(
        session, person.id, on=paid_on, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )


def test_of_two_provisional_years_only_the_published_one_is_settled(session, person):
    packs = packs_in_force(session)
    rate = interest_terms(packs, REGION, 2025, date(2026, 2, 10)).rate
    paid = pay_in_february(session, person)
    assert paid > 10_000_000 + 10 * rate

    assert settle(session) == 1

    # All twelve months of last year; this year's two wait for their own rate.
    assert to_heirs(session) - paid == 10 * (48_000 - rate)
    assert settle(session) == 0
    assert balance(session) == 0


def test_settlements_of_two_years_do_not_count_for_each_other(session, person):
    packs = packs_in_force(session)
    pay_in_february(session, person)
    settle(session)
    first = to_heirs(session)
    run = InterestRun(REGION, 2026, InterestTerms(60_000))

    settled = settle_inheritances(session, run, on=LATER, actor=SYSTEM, at=AT, packs=packs)

    assert settled == 1
    assert to_heirs(session) > first
    again = settle_inheritances(session, run, on=LATER, actor=SYSTEM, at=AT, packs=packs)
    assert (again, settle(session)) == (0, 0)
    assert balance(session) == 0


def test_heirs_of_several_people_are_settled_each_and_only_in_the_region(session, person):
    second = make_person(session, region_code=REGION, died_on=date(2025, 3, 1))
    elsewhere = make_person(session, region_code="110000", died_on=date(2025, 3, 1))
    for each in (second, elsewhere):
        make_account_entry(session, each, 2025, EntryKind.OPENING, 10_000_000)
    paid = {
        each.id: pay_out_to_heirs(
            session, each.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
        )
        for each in (person, second, elsewhere)
    }

    assert settle(session) == 2

    received = dict(
        session.execute(
            select(AccountEntry.person_id, -func.sum(AccountEntry.amount_fen))
            .where(AccountEntry.kind == EntryKind.INHERITANCE)
            .group_by(AccountEntry.person_id)
        ).all()
    )
    assert received[person.id] == received[second.id] > paid[person.id]
    assert received[elsewhere.id] == paid[elsewhere.id]


def test_what_heirs_were_paid_by_the_settled_rate_is_not_settled_again(session, person):
    packs = packs_in_force(session)
    pay_out_to_heirs(session, person.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs)
    # What came late was paid to them by then, with its year's settled interest.
    for kind, fen in ((EntryKind.CREDIT, 80_000), (EntryKind.INTEREST, 1_000)):
        make_account_entry(session, person, 2025, kind, fen, contribution_month="2025-02")
    make_account_entry(session, person, 2026, EntryKind.INHERITANCE, -81_000)
    before = to_heirs(session)

    run = InterestRun(REGION, 2025, HIGHER)
    settle_inheritances(session, run, on=LATER, actor=SYSTEM, at=AT, packs=packs)

    # Three months of the first payment alone.
    first = 10_000_000 * 3 * 48_000 // 12_000_000
    provisional = before - 10_000_000 - 81_000
    assert to_heirs(session) - before == first - provisional


def test_an_inheritance_of_more_than_32_bits_of_fen_is_proved(session):
    person = make_person(session, region_code=REGION, died_on=date(2025, 3, 1))
    make_account_entry(session, person, 2025, EntryKind.OPENING, 2**31)
    packs = packs_in_force(session)
    paid = pay_out_to_heirs(session, person.id, on=PAID_ON, actor=SYSTEM, at=AT, packs=packs)
    order_payout(
        session, PayoutKind.HEIRS, "task:A", paid, region_code=REGION, person_id=person.id,
        payee=Payee("王芳", "1001 2345-6789", "102290000011"), actor=SYSTEM, at=AT,
    )  # fmt: skip

    assert not list(check_books(session, packs, Scope(), seals=SEAL_KEY).lines())
