"""What is held without any seal: late fees to base, days and rule, and all that says its digest."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from siweb.audit.actor import SYSTEM
from siweb.collection.books.digests import unlike_their_digests
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.late_fees_paid import fee_imbalances
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Allocation, AllocationKind, MatchedBy
from siweb.documents.tables.document import Document
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.former_number import FormerNumber
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.registry.tables.person_identity import PersonIdentity
from tests.audit.sealed_office import lay_rows
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.collection.books.test_sealed_columns import behind_the_back
from tests.factories import AT, make_employer, make_person

LATE = date(2025, 9, 1)
EVERYWHERE = Scope()


@pytest.fixture
def paid_late(session):
    """A bill that was paid after its day, with the fee of the days between."""
    employer = make_employer(session, region_code=PACK_REGION)
    people = [make_person(session, region_code=PACK_REGION)]
    bill = make_bill(session, people, employer=employer, run=make_levy_run(session, "2025-07"))
    money = receive(session, bill.total_fen + 9_000, LATE)
    packs = packs_in_force(session)
    by = {"matched_by": MatchedBy.STAFF, "actor": SYSTEM, "at": AT}
    allocate(session, money, [bill], packs=packs, **by)
    assert bill.late_fee_paid_fen > 0
    return session, bill, money


def fees(session):
    return [
        (each.subject, each.expected_fen, each.found_fen)
        for each in fee_imbalances(session, packs_in_force(session), EVERYWHERE)
    ]


def test_a_late_fee_that_was_raised_everywhere_is_named(paid_late):
    session, bill, _money = paid_late
    due = bill.late_fee_paid_fen
    assert fees(session) == []
    late = Allocation.kind == AllocationKind.LATE_FEE
    first = select(func.min(Allocation.allocation_number)).where(late)
    behind_the_back(
        session,
        update(Allocation)
        .where(late, Allocation.allocation_number == first.scalar_subquery())
        .values(amount_fen=Allocation.amount_fen + 100),
    )

    assert fees(session) == [(f"bill {bill.id}", due, due + 100)]


def test_a_due_day_that_was_put_off_is_named(paid_late):
    session, bill, _money = paid_late
    taken = bill.late_fee_paid_fen
    behind_the_back(session, update(Bill).values(due_on=LATE))
    session.expire_all()

    assert fees(session) == [(f"bill {bill.id}", 0, taken)]


def test_a_fee_that_was_undone_with_its_money_is_none(paid_late):
    session, _bill, money = paid_late
    reverse_payment(session, money, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session))

    assert fees(session) == []


def test_what_says_its_digest_is_held_to_it(session):
    lay_rows(session)
    assert list(unlike_their_digests(session)) == []

    identity, former = PersonIdentity.__table__, FormerNumber.__table__
    first = select(func.min(PersonIdentity.person_id)).scalar_subquery()
    one = update(identity).where(identity.c.person_id == first)
    for change, named in (
        (one.values(end_digest="0"), "the number is not that of its digest"),
        (one.values(digest="0"), "the number is not that of its digest"),
        (one.values(number="11010119900307001X"), "the number is not that of its digest"),
        (update(former).values(digest="0"), "former_number"),
        (update(Document).values(payload={"rows": [1]}), "document D1: what it says"),
        (update(ParameterPack).values(content="y"), "parameter_pack 110000"),
    ):
        with session.begin_nested() as attempt:
            behind_the_back(session, change)
            (line,) = unlike_their_digests(session)
            assert named in line
            attempt.rollback()
