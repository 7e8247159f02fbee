"""A register to levy: employers, people on declared bases."""

import pytest

from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.conftest import NOW
from tests.levies import BEIJING, INSURANCES


@pytest.fixture
def insure(session):
    """Insure somebody on a base in fen, as employee of an employer or alone."""

    def insure(base, employer=None, region=BEIJING, insurances=INSURANCES):
        person = factories.make_person(session, region_code=region)
        scheme = Scheme.EMPLOYEE if employer else Scheme.FLEXIBLE
        for insurance in insurances:
            factories.make_enrolment(
                session,
                person,
                employer=employer,
                insurance=Insurance(insurance),
                scheme=scheme,
                region_code=region,
                from_month="2026-01",
            )
        if base is not None:
            session.add(
                DeclaredBase(
                    person_id=person.id,
                    region_code=person.region_code,
                    employer_id=employer.id if employer else None,
                    insurance=None,
                    from_month="2026-01",
                    declared_base_fen=base,
                    origin="yearly",
                    declared_at=NOW,
                )
            )
        session.flush()
        return person

    return insure


@pytest.fixture
def hire_at(session):
    def make(region=BEIJING, **values):
        factories.make_region(session, region)
        return factories.make_employer(session, region_code=region, **values)

    return make


@pytest.fixture
def declare(session):
    """Declare a base in fen from a month on, for all insurances or for one."""

    def declare(person, employer, from_month, base, insurance=None):
        session.add(
            DeclaredBase(
                person_id=person.id,
                region_code=person.region_code,
                employer_id=employer.id if employer else None,
                insurance=insurance,
                from_month=from_month,
                declared_base_fen=base,
                origin="yearly",
                declared_at=NOW,
            )
        )
        session.flush()

    return declare
