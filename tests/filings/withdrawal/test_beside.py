"""What a withdrawal puts back and what stands against it, with something else standing beside."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from siweb.collection.tables.levy_run import LevyKind, LevyState
from siweb.documents.tables.document import Document
from siweb.filings.withdrawal.obstacles import Obstacle, standings
from siweb.registry.codes import Insurance, RetirementCategory, Sex
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW
from tests.filings.withdrawal.test_withdraw import NEW, ROWS, hire, of, rights

FIVE_MINUTES = timedelta(minutes=5)


def open_insurances(session, person, employer=None):
    at = None if employer is None else employer.id
    found = session.scalars(
        select(Enrolment.insurance).where(
            Enrolment.person_id == person.id,
            Enrolment.employer_id.is_(None) if at is None else Enrolment.employer_id == at,
            Enrolment.to_month.is_(None),
        )
    )
    return {each.value for each in found}


def obstacle(session, filing):
    return [row.obstacle for row in standings(session, filing)]


def test_a_change_that_is_withdrawn_leaves_what_began_in_its_month(session, sent, take_back):
    sent("hire", hire())
    known = session.scalars(select(Person).where(Person.id_number == NEW)).one()
    before = rights(session)

    take_back(sent("change", of(known, wage_fen=990_000, start_month="2026-11")))

    assert rights(session) == before


def test_a_number_that_was_known_before_the_row_stays(session, person, sent, take_back):
    person.sex, person.mobile = Sex.FEMALE, "13800001234"
    person.retirement_category = RetirementCategory.FEMALE_55
    session.flush()

    take_back(sent("change", of(person, mobile=person.mobile, retirement_category="female50")))

    session.refresh(person)
    assert person.mobile == "13800001234"
    assert person.retirement_category is RetirementCategory.FEMALE_55


def test_a_resumption_ends_alone_only_what_goes_on(session, employer, person, sent, take_back):
    # Paused in pension and medical; the others ended long before and are paid alone, or not.
    for insurance in ("unemployment", "maternity", "work_injury"):
        session.execute(
            update(Enrolment)
            .where(Enrolment.person_id == person.id, Enrolment.insurance == Insurance(insurance))
            .values(to_month="2025-06")
        )
    sent("pause", of(person, stop_month="2026-10"))
    for insurance in ("pension", "unemployment"):
        factories.make_enrolment(session, person, Insurance(insurance), from_month="2025-07")
    other = factories.make_employer(session, region_code="310000")
    factories.make_enrolment(
        session, person, Insurance.MATERNITY, employer=other, from_month="2026-01",
        to_month="2026-10",
    )  # fmt: skip

    filing = sent("resume", of(person, start_month="2026-11", wage_fen=900_000))

    assert open_insurances(session, person, employer) == {"pension", "medical"}
    assert open_insurances(session, person) == {"unemployment"}
    take_back(filing)
    assert open_insurances(session, person, employer) == set()
    assert open_insurances(session, person) == {"pension", "unemployment"}


@pytest.mark.parametrize(
    ("values", "stands"),
    [
        ({}, True),
        ({"state": LevyState.COMPUTING, "issued_at": None}, True),
        ({"state": LevyState.CANCELLED}, False),
        ({"state": LevyState.SHOWN, "issued_at": None}, False),
        ({"issued_at": NOW}, False),
        ({"kind": LevyKind.PREVIEW}, False),
        ({"contribution_month": "2026-06", "through_month": "2026-06"}, False),
        ({"contribution_month": "2026-07", "through_month": "2026-07"}, True),
        ({"region_code": "110000"}, False),
    ],
    ids=str,
)
def test_a_levy_that_went_through_its_month_since_stands_against_it(
    session, person, sent, values, stands
):
    filing = sent("base", of(person, **ROWS["base"]))
    given = {"state": LevyState.ISSUED, "issued_at": filing.confirmed_at} | values
    run = make_levy_run(session, "2026-11", region_code=given.pop("region_code", "310000"))
    for name, value in given.items():
        setattr(run, name, value)
    session.flush()

    assert obstacle(session, filing) == [Obstacle.LEVIED if stands else None]


@pytest.mark.parametrize(
    ("kind", "deed", "found"),
    [
        ("hire", {"to_month": "2026-11"}, Obstacle.CHANGED),
        ("hire", {}, None),
        ("pause", {"died_on": date(2026, 11, 20)}, Obstacle.CHANGED),
        ("leave", {"hired_again": True}, Obstacle.CHANGED),
        ("leave", {"hired_elsewhere": True}, None),
        ("pause", {"hired_elsewhere": True}, None),
        ("change", {"died_on": date(2026, 11, 20)}, None),
    ],
    ids=str,
)
def test_what_happened_to_the_person_since_stands_against_it(
    session, employer, person, sent, kind, deed, found
):
    filing = sent(kind, hire() if kind == "hire" else of(person, **ROWS[kind]))
    if "to_month" in deed:
        session.execute(update(Enrolment).where(Enrolment.from_month == "2026-11").values(deed))
        # Somebody else's that is open is none of it.
        factories.make_enrolment(
            session, factories.make_person(session), employer=employer, from_month="2026-11"
        )
    if "died_on" in deed:
        person.died_on = deed["died_on"]
    factories.make_person(session, died_on=date(2026, 11, 20))
    at = employer if "hired_again" in deed else factories.make_employer(session)
    if deed.keys() & {"hired_again", "hired_elsewhere"}:
        factories.make_employment(session, person, at, hired_on=date(2026, 11, 23))
    session.flush()

    assert obstacle(session, filing) == [found]


def test_what_another_employer_filed_since_is_no_obstacle(session, employer, person, sent):
    first = sent("change", of(person, wage_fen=990_000, start_month="2026-11"))
    other = factories.make_employer(session, region_code="310000")
    factories.make_employment(session, person, other, hired_on=date(2026, 1, 5))
    sent("change", of(person, new_name="张玮"), of=other)
    colleague = factories.make_person(session, region_code="310000")
    factories.make_employment(session, colleague, employer, hired_on=date(2026, 1, 5))
    sent("change", of(colleague, new_name="张玮"))

    assert obstacle(session, first) == [None]


def test_of_two_employments_that_ended_on_a_day_the_later_one_goes_on(
    session, employer, person, sent, take_back
):
    other = factories.make_employer(session, region_code="310000")
    colleague = factories.make_person(session, region_code="310000")
    for whose, at, ended_on in (
        (person, employer, date(2025, 12, 31)), (person, other, date(2026, 11, 20)),
        (colleague, employer, date(2026, 11, 20)),
    ):  # fmt: skip
        factories.make_employment(session, whose, at, hired_on=date(2024, 1, 1), ended_on=ended_on)
    filing = sent("leave", of(person, **ROWS["leave"]))
    take_back(filing)

    reopened = session.scalars(select(Employment).where(Employment.ended_on.is_(None))).all()
    assert [(each.person_id, each.employer_id) for each in reopened] == [(person.id, employer.id)]


def test_a_base_that_was_withdrawn_before_keeps_its_moment(session, person, sent, take_back):
    filing = sent("change", of(person, wage_fen=990_000, start_month="2026-11"))
    (base,) = session.scalars(select(DeclaredBase).where(DeclaredBase.origin == "filing_change"))
    base.withdrawn_at = NOW
    session.flush()

    take_back(filing)

    session.refresh(base)
    assert base.withdrawn_at == NOW


def test_the_receipt_of_what_is_withdrawn_whole_ends_and_ends_once(
    session, person, sent, take_back
):
    filing = sent("pause", of(person, stop_month="2026-11"))
    receipt = session.get_one(Document, filing.document_id)
    receipt.revoked_at = NOW
    session.flush()

    take_back(filing)

    # What was no longer valid before keeps its own moment.
    assert receipt.revoked_at == NOW
    assert filing.content_hash is None
