"""Two registrations of one person: an alias joins them, and no row is rewritten."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import Scope as Regions
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.books.seal_day import seal_day
from siweb.db.sealing.field_keys import number_digest
from siweb.desk.subjects import of_person
from siweb.filings.validation.register_snapshot import registered_people
from siweb.ledgers.account.close import account_balance, transfer_out
from siweb.ledgers.account.year import load_account
from siweb.ledgers.record.year import load_year
from siweb.ledgers.record.years import load_years
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.claim_enrolments import claim_enrolments
from siweb.registry.codes import Insurance
from siweb.registry.find_person import find_person, people_by_number
from siweb.registry.merge_keys import MergeRefused, add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.person_keys import is_same_person, keys_of
from siweb.registry.register_death import register_death
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person_alias import PersonAlias
from tests import factories
from tests.bills import PACK_REGION, SEAL_KEY, make_bill, make_levy_run
from tests.conftest import NOW
from tests.sign_in import sign_in

TODAY = NOW.date()
ON = {"actor": SYSTEM, "at": NOW}
# Taken over from an earlier system, before there were bills.
EARLIER = {"recorded_on": date(2025, 1, 5)}


@pytest.fixture
def former(session):
    """The older registration: two months with an employer, an account, a bill paid alone."""
    person = factories.make_person(session, name="张伟", region_code=PACK_REGION)
    employer = factories.make_employer(session, name="先公司", region_code=PACK_REGION)
    factories.make_enrolment(
        session, person, employer=employer, from_month="2025-01", to_month="2025-02"
    )
    for month in ("2025-01", "2025-02"):
        factories.make_record(session, person, month, employer=employer)
    factories.make_account_entry(session, person, 2025, EntryKind.OPENING, 70_000, **EARLIER)
    make_bill(session, [person], run=make_levy_run(session, "2025-07"))
    return person


@pytest.fixture
def person(session):
    """The registration that stays: a month with another employer, open in pension."""
    found = factories.make_person(session, name="张伟", region_code=PACK_REGION)
    employer = factories.make_employer(session, name="后公司", region_code=PACK_REGION)
    factories.make_enrolment(session, found, employer=employer, from_month="2025-03")
    factories.make_record(session, found, "2025-03", employer=employer)
    factories.make_account_entry(session, found, 2025, EntryKind.OPENING, 20_000, **EARLIER)
    make_bill(session, [found], run=make_levy_run(session, "2025-08"))
    return found


@pytest.fixture
def merged(session, former, person):
    add_alias(session, former.id, person.id, **ON)
    return person


def findings(session):
    return list(check_books(session, packs_in_force(session), Scope(), seals=SEAL_KEY).lines())


def sums(session, person):
    year = load_year(session, person.id, 2025, on=TODAY)
    return (year.employer_fen, year.employee_fen, account_balance(session, person.id))


def test_any_key_gives_the_whole_set(session, former, merged):
    stranger = factories.make_person(session)

    for key in (former.id, merged.id):
        assert set(session.scalars(keys_of(key))) == {former.id, merged.id}
    assert list(session.scalars(keys_of(stranger.id))) == [stranger.id]
    assert is_same_person(session, former.id, merged.id)
    assert is_same_person(session, merged.id, former.id)
    assert not is_same_person(session, former.id, stranger.id)
    assert not is_same_person(session, None, None)


def test_a_second_merge_leads_to_the_newest_key_in_one_step(session, former, merged):
    newest = factories.make_person(session)

    add_alias(session, merged.id, newest.id, **ON)

    rows = session.execute(select(PersonAlias.former_id, PersonAlias.person_id)).all()
    assert sorted(map(tuple, rows)) == [(former.id, newest.id), (merged.id, newest.id)]
    assert set(session.scalars(keys_of(former.id))) == {former.id, merged.id, newest.id}


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [("former", "former", "itself"), ("former", "person", "former"), ("new", "former", "former")],
)
def test_what_cannot_be_merged(session, former, merged, one, other, code):
    keys = {"former": former.id, "person": merged.id, "new": factories.make_person(session).id}

    with pytest.raises(MergeRefused, match=code):
        add_alias(session, keys[one], keys[other], **ON)


def test_who_is_open_twice_ends_one_first(session, former, person):
    factories.make_enrolment(session, former, from_month="2026-01")

    with pytest.raises(MergeRefused, match="open_twice"):
        add_alias(session, former.id, person.id, **ON)
    assert session.scalar(select(func.count()).select_from(PersonAlias)) == 0


def test_both_histories_add_up_and_nothing_is_rewritten(session, former, person):
    seal_day(session, key=SEAL_KEY, on=TODAY, **ON)
    one, other = sums(session, former), sums(session, person)
    before = [list(session.scalars(select(table.person_id).order_by(table.person_id)))
              for table in (ContributionRecord, AccountEntry, Enrolment)]  # fmt: skip

    add_alias(session, former.id, person.id, **ON)

    assert (
        sums(session, former)
        == sums(session, person)
        == tuple(map(sum, zip(one, other, strict=True)))
    )
    assert before == [list(session.scalars(select(table.person_id).order_by(table.person_id)))
                      for table in (ContributionRecord, AccountEntry, Enrolment)]  # fmt: skip
    assert findings(session) == []
    note = session.scalars(select(Activity).where(Activity.action == "person.merged")).one()
    assert note.facts == {"former": former.id, "person": person.id}


def test_what_is_open_under_a_former_key_is_claimed_by_the_person(session, former, person):
    factories.make_enrolment(session, former, Insurance.MEDICAL, from_month="2026-01")

    add_alias(session, former.id, person.id, **ON)

    claims = set(session.scalars(select(EnrolmentClaim.person_id)))
    assert claims == {person.id}
    assert findings(session) == []
    with pytest.raises(IntegrityError), session.begin_nested():
        factories.make_enrolment(session, person, Insurance.MEDICAL, from_month="2026-02")
        claim_enrolments(session, Enrolment.person_id == person.id)
    register_death(session, person.id, TODAY, on=TODAY, **ON)
    assert former.died_on == person.died_on == TODAY
    assert session.scalar(select(func.count()).select_from(EnrolmentClaim)) == 0


def test_either_number_finds_the_person_with_everything(session, former, merged):
    numbers = [former.id_number, merged.id_number]

    found = registered_people(session, 0, map(number_digest, numbers))

    assert [find_person(session, number) for number in numbers] == [merged.id] * 2
    assert people_by_number(session, numbers) == dict.fromkeys(numbers, merged.id)
    assert {known.id for known in found.values()} == {merged.id}
    for known in found.values():
        assert sorted(span.from_month for span in known.enrolments) == ["2025-01", "2025-03"]


def test_under_any_key_a_person_is_a_matter_of_every_region(session, former, merged):
    elsewhere = factories.make_region(session, "440100").code
    factories.make_enrolment(
        session, former, Insurance.MEDICAL, region_code=elsewhere, to_month="2025-02"
    )

    for key in (former.id, merged.id):
        subject = of_person(session, key)
        assert subject.lies_in(session, Regions(frozenset({elsewhere})))
        assert not subject.lies_in(session, Regions(frozenset({"110000"})))


@pytest.mark.parametrize("whose", ["former", "person"])
def test_every_page_of_the_person_shows_both_histories(client, session, former, merged, whose):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    shown = {
        "/record": ("2025",),
        "/record/months/2025-01": ("先公司",),
        "/record/months/2025-03": ("后公司",),
        "/record/account/2025": ("CNY 900.00",),
        "/bills": ("July 2025", "August 2025"),
    }
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, {"former": former, "person": merged}[whose])
        for address, parts in shown.items():
            page = client.get(address).text
            assert [part for part in parts if part not in page] == [], address


def test_an_account_is_paid_out_of_every_key_and_none_owes(session, former, merged):
    whole = account_balance(session, merged.id)

    sent = transfer_out(session, merged.id, "440100", packs=packs_in_force(session), on=TODAY, **ON)

    session.flush()
    assert sent >= whole == 90_000
    assert account_balance(session, former.id) == 0
    left = select(AccountEntry.person_id, func.sum(AccountEntry.amount_fen))
    rows = session.execute(left.group_by(AccountEntry.person_id)).all()
    assert {person_id: int(fen) for person_id, fen in rows} == {former.id: 0, merged.id: 0}
    assert load_account(session, former.id, 2026).closing_fen == 0


def test_years_of_both_are_listed_once(session, former, merged):
    one, other = (load_years(session, key, on=TODAY) for key in (former.id, merged.id))

    assert one == other
    assert [line.year for line in one.lines].count(2025) == 1
