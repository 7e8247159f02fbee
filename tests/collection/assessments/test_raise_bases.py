"""Whose base a city raises: of who was there before the year, and from which base."""

import pytest
from sqlalchemy import select

from siweb.collection.assessments.undeclared.conditions import RAISED
from siweb.collection.assessments.undeclared.raise_bases import raise_bases
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.person import Person
from siweb.rules.contributions.assessment import AssessmentTerms
from tests import factories
from tests.collection.make_cases import AT, REGION, declare

ELSEWHERE = "110000"
START, FIRST = "2026-07", "2026-09"


@pytest.fixture
def engine(sqlite_engine):
    """Whose base is raised is the same on either database."""
    return sqlite_engine


@pytest.fixture
def firm(session):
    factories.make_region(session, ELSEWHERE)
    return factories.make_employer(session, region_code=REGION)


@pytest.fixture
def staff(session, firm):
    """Somebody of the firm since 2024, in two insurances, with a base of a year before."""

    def staff(name, fen=100_000, at=firm, **enrolled):
        whose = factories.make_person(session, name=name, region_code=REGION)
        for insurance in (Insurance.PENSION, Insurance.MEDICAL):
            factories.make_enrolment(session, whose, insurance, employer=at, **enrolled)
        if fen:
            declare(session, at, whose, "2025-07", fen)
        return whose

    return staff


def raised(session):
    rows = session.execute(
        select(
            Person.name, DeclaredBase.employer_id, DeclaredBase.from_month,
            DeclaredBase.declared_base_fen, DeclaredBase.region_code,
        )
        .join(Person, Person.id == DeclaredBase.person_id)
        .where(DeclaredBase.origin == RAISED)
    )  # fmt: skip
    return {row.name: tuple(row[1:]) for row in rows}


def test_the_last_base_before_the_year_is_raised_once_for_each(session, firm, staff):
    other = factories.make_employer(session, region_code=REGION)
    declare(session, firm, staff("newest of two", 110_000), "2024-07", 900_000)
    taken_back = declare(session, firm, staff("one withdrawn", 120_000), "2026-01", 900_000)
    alone = declare(session, firm, staff("one of an insurance", 130_000), "2026-01", 900_000)
    alone.insurance = Insurance.PENSION
    elsewhere = staff("another employer's as well", 140_000)
    declare(session, other, elsewhere, "2026-07", 900_000)
    again = declare(session, firm, staff("declared and withdrawn", 150_000), START, 900_000)
    taken_back.withdrawn_at = again.withdrawn_at = AT
    session.flush()
    # Whoever came back has their base of then, and the employer has declared nothing for the year.
    declare(session, firm, staff("came back"), START, 900_000, origin="filing_resume")
    declare(session, other, staff("none here", 0), "2025-07", 900_000)
    staff("from the year on", from_month=START)
    staff("left", to_month="2026-06")
    staff("to this month", 160_000, to_month=START)
    staff("in another region", region_code=ELSEWHERE)
    declared = factories.make_employer(session, region_code=REGION)
    declare(session, declared, staff("of who declared", at=declared), START, 900_000)
    terms = AssessmentTerms(1_100_000)

    assert raise_bases(session, REGION, START, (START, FIRST), terms, AT) == 6

    assert raised(session) == {
        name: (firm.id, FIRST, fen, REGION)
        for name, fen in {
            "newest of two": 121_000, "one withdrawn": 132_000, "one of an insurance": 143_000,
            "another employer's as well": 154_000, "declared and withdrawn": 165_000,
            "to this month": 176_000,
        }.items()
    }  # fmt: skip
    # Whoever was raised has a base of the year: looking again raises nobody twice.
    assert raise_bases(session, REGION, START, (START, FIRST), terms, AT) == 0
