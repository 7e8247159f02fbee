"""Who somebody is is set right: the key stays, a replaced number still finds, a wrong one does not."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.auth.credentials.attempt import Attempt
from siweb.auth.sign_in.authenticate import reserve_sign_in
from siweb.auth.tables.account import Account
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.books.seal_day import seal_day
from siweb.collection.corrections.identity.correct import correct_identity
from siweb.collection.corrections.identity.identity import Identity, IdentityRefused
from siweb.collection.corrections.identity.replace_number import former_numbers
from siweb.collection.tables.record_correction import IdentityBasis
from siweb.db.sealing.field_keys import number_digest
from siweb.filings.validation.register_snapshot import registered_people
from siweb.ledgers.tables.book_change import BookChange
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.find_person import find_person, people_by_number
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.register_person import PersonRefused, register_person
from siweb.registry.tables.former_number import FormerNumber
from siweb.registry.tables.person import Person
from siweb.rules.identifiers.identity_number import parse_identity_number
from tests import factories
from tests.bills import PACK_REGION, SEAL_KEY
from tests.conftest import NOW
from tests.sign_in import sign_in

TODAY = NOW.date()
BY = {"actor": SYSTEM, "at": NOW}
REPLACED, MISTAKEN = IdentityBasis.REPLACED, IdentityBasis.MISTAKEN
# As it was before October 1999, and what it became.
OLD, NEW = "310101850305123", factories.make_id_number(date(1985, 3, 5), serial=9123)


@pytest.fixture
def person(session):
    return factories.make_person(session, id_number=OLD, region_code=PACK_REGION)


def set_right(session, person, basis=MISTAKEN, **right):
    identity = replace(Identity.of(person), **right)
    return correct_identity(session, person.id, identity, basis, on=TODAY, **BY)


def register(session, number):
    given = replace(parse_identity_number(NEW), number=number)
    return register_person(session, given, "某人", PACK_REGION, **BY)


def account_behind(session, number):
    attempt = Attempt(number, "192.0.2.0/24", "device", "k")
    return reserve_sign_in(session, attempt, at=NOW).account_id


def findings(session):
    return list(check_books(session, packs_in_force(session), Scope(), seals=SEAL_KEY).lines())


def said(session, person):
    """All that the register says of somebody and their numbers."""
    session.flush()
    session.expire_all()
    by_number = {number: find_person(session, number) for number in (OLD, NEW)}
    return Identity.of(person), person.retirement_category, by_number


def test_a_replaced_number_goes_on_finding_the_person_and_signing_in(session, person):
    account = factories.make_account(session, person)

    set_right(session, person, REPLACED, number=NEW)

    found = registered_people(session, 0, map(number_digest, (OLD, NEW)))
    assert person.id_number == NEW
    assert people_by_number(session, [OLD, NEW]) == {OLD: person.id, NEW: person.id}
    assert {number: one.id for number, one in found.items()} == dict.fromkeys(found, person.id)
    assert session.scalar(select(Person.id).where(Person.id_number == OLD)) == person.id
    assert {account_behind(session, number) for number in (OLD, NEW)} == {account.id}
    assert former_numbers(session, person.id) == [OLD]
    with pytest.raises(PersonRefused):
        register(session, OLD)


def test_a_wrong_number_finds_nobody_and_is_its_owners(client, session, person):
    sign_in(client, session, person)

    set_right(session, person, number=NEW)
    session.commit()

    assert find_person(session, OLD) is None
    assert account_behind(session, OLD) is None
    assert client.get("/record").status_code == 303
    assert register(session, OLD).id != person.id


def test_what_was_corrected_is_corrected_back_and_rows_are_only_added(session, person):
    seal_day(session, key=SEAL_KEY, on=TODAY, **BY)
    before = said(session, person)

    woman = {"name": "李梅", "sex": Sex.FEMALE, "born_on": date(1985, 3, 6), "number": NEW}
    done = set_right(session, person, REPLACED, **woman)
    assert done.changed == ("name", "sex", "born_on", "number")
    assert person.retirement_category is RetirementCategory.FEMALE_50
    assert findings(session) == []
    identity = before[0]
    set_right(session, person, **{name: getattr(identity, name) for name in woman})

    assert said(session, person) == before
    assert former_numbers(session, person.id) == []
    assert findings(session) == []
    rows = (FormerNumber, BookChange)
    assert [bool(session.scalar(select(func.count()).select_from(row))) for row in rows] == [
        True,
        True,
    ]
    # A number may come back once more, and is kept once more.
    set_right(session, person, REPLACED, number=NEW)
    assert former_numbers(session, person.id) == [OLD]


def test_a_change_past_the_office_is_named(session, person):
    set_right(session, person, REPLACED, number=NEW)
    seal_day(session, key=SEAL_KEY, on=TODAY, **BY)
    kept = FormerNumber.__table__

    session.connection().execute(kept.update().values(freed_at=NOW, end_digest="0"))

    lines = "\n".join(findings(session))
    assert "former_number" in lines
    assert "changed since it was sealed" in lines
    assert "the number is not that of its digest" in lines


@pytest.mark.parametrize(
    ("right", "code"),
    [
        ({}, "nothing_changes"),
        ({"born_on": date(2027, 1, 1)}, "born_to_come"),
        ({"born_on": date(2026, 2, 2)}, "born_after_death"),
        ({"number": "taken"}, "number_taken"),
        ({"number": "former"}, "number_taken"),
        ({"number": "own"}, "number_own"),
    ],
)
def test_what_cannot_be_corrected(session, person, right, code):
    person.died_on = date(2026, 2, 1)
    other = factories.make_person(session)
    own = factories.make_person(session)
    numbers = {"former": other.id_number, "own": own.id_number}
    set_right(session, other, REPLACED, number=factories.make_id_number())
    numbers["taken"] = other.id_number
    add_alias(session, own.id, person.id, **BY)
    if "number" in right:
        right = {"number": numbers[right["number"]]}

    with pytest.raises(IdentityRefused, match=code):
        set_right(session, person, **right)
    with pytest.raises(IdentityRefused, match="former"):
        set_right(session, own, name="另名")


def test_only_the_account_of_who_is_found_is_tried(session, person):
    assert account_behind(session, OLD) is None
    assert session.scalar(select(func.count(Account.id))) == 0
