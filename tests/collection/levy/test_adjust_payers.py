"""In adjustments too, a month of an insurance is charged to one payer, and wholly."""

import pytest
from sqlalchemy import func, select

from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyState
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.claim_enrolments import claim_enrolments, release_claims
from siweb.registry.codes import Insurance
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.collection.levy.test_adjust import balanced, levied
from tests.levies import BEIJING, INSURANCES, MONTH, SHANGHAI, adjust


def enrol(session, person, employer, insurances=INSURANCES, **values):
    for insurance in insurances:
        factories.make_enrolment(session, person, Insurance(insurance), employer=employer, **values)


def end_enrolments(session, person, employer, month):
    for one in session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == person.id, Enrolment.employer_id == employer.id
        )
    ):
        one.to_month = month
    release_claims(session, [person.id])


def charged_at(session, person, month=MONTH):
    """Employers whom a month of pension is charged to, with the base."""
    record = ContributionRecord
    rows = session.execute(
        select(record.employer_id, func.sum(record.base_fen))
        .where(
            record.person_id == person.id,
            record.contribution_month == month,
            record.insurance == Insurance.PENSION,
        )
        .group_by(record.employer_id)
        .having(func.sum(record.base_fen) != 0)
    )
    return {employer_id: int(base) for employer_id, base in rows}


def test_a_month_at_two_payers_is_billed_once(session, hire_at, insure, declare):
    """Leaving A and joining B in one month: whom the levy billed stays the payer."""
    old, new = hire_at(), hire_at()
    person = insure(1_000_000, old)
    end_enrolments(session, person, old, MONTH)
    enrol(session, person, new, from_month=MONTH)
    declare(person, new, MONTH, 1_000_000)
    levied(session)
    before = charged_at(session, person)

    run = adjust(session, months=(MONTH, MONTH))

    assert run.state is LevyState.CANCELLED
    assert charged_at(session, person) == before
    assert len(before) == 1


def test_of_two_new_payers_one_is_billed(session, hire_at, insure, declare):
    old, new, newer = hire_at(), hire_at(), hire_at()
    person = insure(1_000_000, old)
    levied(session)
    end_enrolments(session, person, old, "2026-07")
    enrol(session, person, new, from_month=MONTH, to_month=MONTH)
    enrol(session, person, newer, from_month=MONTH)
    for employer in (new, newer):
        declare(person, employer, MONTH, 1_000_000)

    adjust(session, months=(MONTH, MONTH))

    assert charged_at(session, person) == {new.id: 1_000_000}
    assert balanced(session)


def test_who_was_undone_and_is_charged_elsewhere_is_not_billed_again(
    session, hire_at, insure, declare
):
    old, new = hire_at(), hire_at()
    person = insure(1_000_000, old)
    levied(session)
    end_enrolments(session, person, old, "2026-07")
    enrol(session, person, new, from_month=MONTH)
    declare(person, new, MONTH, 1_200_000)
    adjust(session, months=(MONTH, MONTH))
    assert charged_at(session, person) == {new.id: 1_200_000}
    end_enrolments(session, person, old, MONTH)

    again = adjust(session, months=(MONTH, MONTH))

    # Only work injury is: each employer insures it.
    lines = select(BillLine.insurance).join(Bill).where(Bill.levy_run_id == again.id)
    assert set(session.scalars(lines)) == {Insurance.WORK_INJURY}
    assert charged_at(session, person) == {new.id: 1_200_000}


def test_who_is_charged_in_another_region_is_billed_here_once_that_is_taken_back(
    session, hire_at, insure, declare
):
    there, here = hire_at(SHANGHAI), hire_at()
    person = insure(1_000_000, there, SHANGHAI)
    insure(900_000, here)
    levied(session, SHANGHAI)
    enrol(session, person, here, region_code=BEIJING, from_month=MONTH)
    declare(person, here, MONTH, 1_000_000)
    levied(session)

    assert adjust(session, months=(MONTH, MONTH)).state is LevyState.CANCELLED
    assert charged_at(session, person) == {there.id: 1_000_000}

    end_enrolments(session, person, there, "2026-07")
    is_injury = Enrolment.insurance == Insurance.WORK_INJURY
    claim_enrolments(session, Enrolment.person_id == person.id, ~is_injury)
    adjust(session, SHANGHAI, months=(MONTH, MONTH))
    adjust(session, months=(MONTH, MONTH))
    assert charged_at(session, person) == {here.id: 1_000_000}
    assert balanced(session)


def test_two_enrolments_of_a_month_at_one_payer_change_it_once(session, hire_at, insure, declare):
    employer = hire_at()
    person = insure(1_000_000, employer)
    levied(session)
    end_enrolments(session, person, employer, MONTH)
    enrol(session, person, employer, from_month=MONTH)
    declare(person, employer, MONTH, 1_200_000)

    adjust(session, months=(MONTH, MONTH))

    assert charged_at(session, person) == {employer.id: 1_200_000}
    assert balanced(session)


@pytest.mark.parametrize("region", [BEIJING, SHANGHAI])
def test_an_employer_without_people_in_the_last_month_gets_all_its_lines(
    session, hire_at, insure, declare, region
):
    employer, other = hire_at(region), hire_at(region)
    person = insure(1_000_000, employer, region)
    insure(1_000_000, other, region)
    end_enrolments(session, person, employer, "2026-07")
    levied(session, region)
    declare(person, employer, "2026-07", 1_500_000)

    run = adjust(session, region)

    lines = select(BillLine.insurance).join(Bill).where(Bill.levy_run_id == run.id)
    assert {one.value for one in session.scalars(lines)} == set(INSURANCES)
    assert balanced(session)
