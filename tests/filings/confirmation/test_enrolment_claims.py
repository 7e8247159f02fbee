"""One open enrolment a person and insurance, whatever region asks; work injury is each employer's."""

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import Actor
from siweb.collection.books.causes import claim_imbalances
from siweb.collection.books.imbalance import Scope
from siweb.db.engine import make_sessions
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.registry.claim_enrolments import claim_enrolments
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.register_death import register_death
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW
from tests.levies import BEIJING, SHANGHAI
from tests.migrated import own_postgresql

TODAY = date(2026, 11, 24)
ALL = [one.value for one in Insurance]
NUMBER = factories.make_id_number(date(1990, 5, 1), serial=7011)
HIRE = {
    "id_number": NUMBER,
    "name": "陈新",
    "hired_on": "2026-11-02",
    "start_month": "2026-11",
    "wage_fen": 900_000,
    "insurances": ALL,
}


@pytest.fixture
def actor(session):
    return actor_of(session)


def actor_of(session):
    person = factories.make_person(session)
    return Actor(factories.make_account(session, person).id, person.id)


def draft(session, actor, region, kind="hire", employer=None, **values):
    """A draft of one row by an employer of a region."""
    employer = employer or factories.make_employer(session, region_code=region)
    filing = open_filing(session, employer.id, FilingKind(kind), origin="form", actor=actor, at=NOW)
    packs = packs_in_force(session)
    [row] = add_rows(session, filing, [values or HIRE], packs=packs, on=TODAY)
    return filing, row


def send(session, actor, filing):
    packs = packs_in_force(session)
    return confirm_filing(
        session, filing, packs=packs, actor=actor, on=TODAY, at=NOW, secret="s" * 32
    )


def claims(session):
    rows = session.scalars(select(EnrolmentClaim).order_by(EnrolmentClaim.insurance))
    return {(row.insurance.value, row.region_code, bool(row.employer_id)) for row in rows}


def named(session):
    return [str(one) for one in claim_imbalances(session, Scope())]


def test_a_hire_claims_each_insurance_and_leaving_gives_it_up(session, actor):
    employer = factories.make_employer(session, region_code=SHANGHAI)
    filing, _row = draft(session, actor, SHANGHAI, employer=employer)
    send(session, actor, filing)
    begun = claims(session)
    leaving = {
        "id_number": NUMBER,
        "name": "陈新",
        "ended_on": "2026-11-20",
        "stop_month": "2026-11",
        "end_reason": "resigned",
        "is_voluntary": "yes",
    }
    filing, _row = draft(session, actor, SHANGHAI, "leave", employer, **leaving)

    assert begun == {(each, SHANGHAI, each == "work_injury") for each in ALL}
    assert send(session, actor, filing).applied == 1
    assert claims(session) == set()
    assert named(session) == []


def test_another_region_is_refused_in_the_words_of_ones_own(session, actor):
    filing, _row = draft(session, actor, SHANGHAI)
    send(session, actor, filing)

    _filing, row = draft(session, actor, BEIJING)

    [found] = [one for one in row.findings if one["code"] == "enrolled_elsewhere"]
    assert row.state is RowState.REFUSED
    assert set(found["facts"]["insurances"]) == set(ALL) - {"work_injury"}


def test_two_employers_in_two_regions_both_insure_work_injury(session, actor):
    for region in (SHANGHAI, BEIJING):
        only = HIRE | {"insurances": ["work_injury"], "form": "part_time"}
        filing, _row = draft(session, actor, region, **only)
        assert send(session, actor, filing).applied == 1, filing

    assert claims(session) == {("work_injury", region, True) for region in (SHANGHAI, BEIJING)}


def test_who_pays_alone_in_another_region_stops_there_when_hired_here(session, actor):
    person = factories.make_person(session, id_number=NUMBER, name="陈新", region_code=BEIJING)
    alone = factories.make_enrolment(session, person, from_month="2026-01")
    filing, _row = draft(session, actor, SHANGHAI)

    assert send(session, actor, filing).applied == 1
    session.refresh(alone)
    assert (alone.region_code, alone.to_month) == (BEIJING, "2026-10")
    assert ("pension", SHANGHAI, False) in claims(session)
    assert named(session) == []


def test_a_death_gives_every_claim_up(session, actor):
    filing, _row = draft(session, actor, SHANGHAI)
    send(session, actor, filing)
    person = session.scalars(select(Person).where(Person.id_number == NUMBER)).one()

    register_death(session, person.id, TODAY, on=TODAY, actor=actor, at=NOW)

    assert claims(session) == set()


def test_the_database_refuses_a_second_claim(session):
    person = factories.make_person(session, region_code=SHANGHAI)
    factories.make_enrolment(session, person)
    factories.make_region(session, BEIJING)
    factories.make_enrolment(session, person, region_code=BEIJING)

    with pytest.raises(IntegrityError), session.begin_nested():
        claim_enrolments(session, Enrolment.region_code == BEIJING)


def test_an_enrolment_without_its_claim_and_a_claim_without_its_enrolment_are_named(session):
    person = factories.make_person(session, region_code=SHANGHAI)
    factories.make_enrolment(session, person)
    factories.make_enrolment(session, person, Insurance.MEDICAL)
    [pension, medical] = session.scalars(select(EnrolmentClaim).order_by(EnrolmentClaim.insurance))
    session.delete(pension)
    medical.region_code = factories.make_region(session, BEIJING).code
    session.flush()

    missing = "no claim stands for it (a count): expected 1 fen, found 0 fen"
    too_much = "nothing open stands behind it (a count): expected 0 fen, found 1 fen"
    assert named(session) == [
        f"enrolment {SHANGHAI} {person.id} pension -: {missing}",
        f"enrolment {SHANGHAI} {person.id} medical -: {missing}",
        f"claim of an enrolment {BEIJING} {person.id} medical -: {too_much}",
    ]
    assert list(claim_imbalances(session, Scope(region_code="440100"))) == []


@pytest.mark.postgresql
def test_of_two_regions_that_hire_one_person_at_once_one_wins(postgresql_url):
    """Neither sees the other's rows when it checks its own; the claim decides."""
    with own_postgresql(postgresql_url, "enrolment_race") as engine:
        offices = make_sessions(engine)
        with offices.begin() as session:
            actor = actor_of(session)
            filings = [draft(session, actor, region)[0].id for region in (SHANGHAI, BEIJING)]
        start, outcomes, failures = Barrier(2), {}, []

        def work(filing_id):
            try:
                with offices() as session:
                    filing = session.get_one(Filing, filing_id)
                    start.wait(60)
                    outcomes[filing_id] = send(session, actor, filing)
                    session.commit()
            except Exception as error:
                failures.append(error)
                raise

        threads = [Thread(target=work, args=(filing_id,)) for filing_id in filings]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert not failures
        assert sorted(outcome.applied for outcome in outcomes.values()) == [0, 1]
        [loser] = [key for key, outcome in outcomes.items() if not outcome.applied]
        with offices() as session:
            row = session.scalars(select(FilingRow).where(FilingRow.filing_id == loser)).one()
            assert {one["code"] for one in row.findings} == {"enrolled_elsewhere"}
            count = select(func.count())
            assert session.scalar(count.select_from(Enrolment)) == len(ALL)
            assert session.scalar(count.select_from(EnrolmentClaim)) == len(ALL)
            assert session.scalar(count.select_from(Person)) == 2  # with the filer
            assert named(session) == []
