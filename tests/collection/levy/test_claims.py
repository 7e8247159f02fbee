"""Which payer counts when several claim a month, and work injury, which each employer insures."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyKind, LevyPreview, LevyState
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.collection.levy.test_adjust import balanced, publish_late
from tests.collection.levy.test_adjust_payers import end_enrolments, enrol
from tests.levies import BEIJING, INSURANCES, MONTH, SHANGHAI, adjust, levy

INJURY = (Insurance.WORK_INJURY,)
THE_OTHERS = tuple(one for one in INSURANCES if one != "work_injury")
ONE = (MONTH, MONTH)


def payers(session, person, insurance=Insurance.PENSION):
    record = ContributionRecord
    rows = session.execute(
        select(record.employer_id, func.sum(record.base_fen))
        .where(record.person_id == person.id, record.insurance == insurance)
        .group_by(record.employer_id)
        .having(func.sum(record.base_fen) != 0)
    )
    return {employer_id: int(base) for employer_id, base in rows}


@pytest.fixture
def two_jobs(session, hire_at, insure, declare):
    """Somebody insured by one employer whom a second one insures against work injury alone."""
    first, second = hire_at(), hire_at(injury_class=5)
    person = insure(1_000_000, first)
    enrol(session, person, second, INJURY, from_month=MONTH)
    declare(person, second, MONTH, 800_000)
    return person, first, second


def test_work_injury_is_billed_to_each_employer_on_its_own_wage(session, two_jobs):
    person, first, second = two_jobs

    levy(session)

    assert payers(session, person, Insurance.WORK_INJURY) == {
        first.id: 1_000_000,
        second.id: 800_000,
    }
    assert payers(session, person) == {first.id: 1_000_000}
    bill = session.scalars(select(Bill).where(Bill.employer_id == second.id)).one()
    (line,) = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()
    assert (line.insurance, line.headcount) == (Insurance.WORK_INJURY, 1)
    assert balanced(session)


def test_a_month_that_another_region_billed_is_billed_once(session, hire_at, insure, declare):
    there, here = hire_at(SHANGHAI), hire_at()
    person = insure(1_000_000, there, SHANGHAI)
    insure(1_000_000, here)
    enrol(session, person, here, from_month=MONTH, region_code=BEIJING)
    declare(person, here, MONTH, 900_000)
    levy(session, SHANGHAI)

    levy(session)

    assert payers(session, person) == {there.id: 1_000_000}
    # Each employer insures work injury, wherever it is.
    assert payers(session, person, Insurance.WORK_INJURY) == {there.id: 1_000_000, here.id: 900_000}
    # Being open twice is named, and nothing else.
    lines = check_books(session, packs_in_force(session), Scope()).lines()
    assert {line.partition(": ")[2].partition(":")[0] for line in lines} == {
        "no claim stands for it (a count)"
    }


def test_a_second_run_bills_only_the_employer_that_came_later(session, hire_at, insure, declare):
    first, second = hire_at(), hire_at()
    person = insure(1_000_000, first)
    levy(session)
    enrol(session, person, second, INJURY, from_month=MONTH)
    declare(person, second, MONTH, 800_000)

    levy(session)

    assert payers(session, person, Insurance.WORK_INJURY) == {
        first.id: 1_000_000,
        second.id: 800_000,
    }
    assert levy(session).state is LevyState.CANCELLED
    assert balanced(session)


def test_both_employers_work_injury_is_adjusted(session, two_jobs):
    person, first, second = two_jobs
    levy(session)
    publish_late(session, BEIJING)

    adjust(session, months=ONE)

    assert payers(session, person, Insurance.WORK_INJURY) == {
        first.id: 1_000_000,
        second.id: 800_300,
    }
    assert adjust(session, months=ONE).state is LevyState.CANCELLED
    assert balanced(session)


def test_leaving_one_employer_takes_only_its_work_injury_back(session, two_jobs):
    person, first, second = two_jobs
    levy(session)
    end_enrolments(session, person, first, "2026-07")

    adjust(session, months=ONE)

    assert payers(session, person, Insurance.WORK_INJURY) == {second.id: 800_000}
    assert payers(session, person) == {}
    assert balanced(session)


def test_an_adjustment_bills_work_injury_at_a_new_employer_though_another_bills_it(
    session, hire_at, insure, declare
):
    first, second = hire_at(), hire_at()
    person = insure(1_000_000, first)
    levy(session)
    enrol(session, person, second, INJURY, from_month=MONTH)
    declare(person, second, MONTH, 800_000)

    adjust(session, months=ONE)

    assert payers(session, person, Insurance.WORK_INJURY) == {
        first.id: 1_000_000,
        second.id: 800_000,
    }


def test_a_preview_counts_what_would_be_billed(session, two_jobs):
    person, _first, second = two_jobs
    enrol(session, person, second, THE_OTHERS, from_month=MONTH, to_month=MONTH)

    shown = levy(session, kind=LevyKind.PREVIEW)
    heads = session.execute(
        select(LevyPreview.insurance, func.sum(LevyPreview.headcount)).group_by(
            LevyPreview.insurance
        )
    )
    counted = {insurance.value: int(number) for insurance, number in heads}
    billed = levy(session)

    assert counted == {"pension": 1, "medical": 1, "unemployment": 1, "work_injury": 2}
    assert shown.totals["total_fen"] == billed.totals["total_fen"]


def test_whoever_insured_first_is_billed_whatever_was_entered_first(
    session, hire_at, insure, declare
):
    later, earlier = hire_at(), hire_at()
    person = factories.make_person(session, region_code=BEIJING)
    enrol(session, person, later, from_month="2026-03", region_code=BEIJING)
    enrol(session, person, earlier, from_month="2026-02", to_month=MONTH, region_code=BEIJING)
    for employer in (later, earlier):
        declare(person, employer, "2026-03", 1_000_000)

    levy(session)

    assert payers(session, person) == {earlier.id: 1_000_000}


@pytest.mark.parametrize("alone_since", ["2026-01", MONTH])
def test_an_employer_goes_before_somebody_who_pays_alone(session, hire_at, declare, alone_since):
    employer = hire_at()
    person = factories.make_person(session, region_code=BEIJING)
    alone = {"from_month": alone_since, "to_month": MONTH, "region_code": BEIJING}
    factories.make_enrolment(session, person, scheme=Scheme.FLEXIBLE, **alone)
    enrol(session, person, employer, ("pension",), from_month="2026-05", region_code=BEIJING)
    declare(person, None, "2026-01", 900_000)
    declare(person, employer, "2026-05", 1_000_000)

    levy(session)

    assert payers(session, person) == {employer.id: 1_000_000}


def test_of_two_from_the_same_month_the_older_employer_is_billed(session, hire_at, declare):
    older, newer = hire_at(), hire_at()
    person = factories.make_person(session, region_code=BEIJING)
    enrol(session, person, newer, from_month=MONTH, region_code=BEIJING)
    enrol(session, person, older, from_month=MONTH, to_month=MONTH, region_code=BEIJING)
    for employer in (older, newer):
        declare(person, employer, MONTH, 1_000_000)

    levy(session)

    assert payers(session, person) == {older.id: 1_000_000}


@pytest.mark.parametrize(
    "ended", [{"to_month": "2026-07"}, {"to_month": None, "from_month": "2026-09"}]
)
def test_an_enrolment_of_other_months_claims_nothing(session, hire_at, declare, ended):
    other, employer = hire_at(), hire_at()
    person = factories.make_person(session, region_code=BEIJING)
    values = {"from_month": "2026-01", "region_code": BEIJING, "to_month": None} | ended
    if values["to_month"] is None:
        enrol(session, person, employer, from_month="2026-01", to_month=MONTH, region_code=BEIJING)
    else:
        enrol(session, person, employer, from_month=MONTH, region_code=BEIJING)
    enrol(session, person, other, **values)
    for one in (other, employer):
        declare(person, one, "2026-01", 1_000_000)

    levy(session)

    assert payers(session, person) == {employer.id: 1_000_000}


def test_only_work_injury_may_be_open_at_two_employers(session, hire_at):
    person = factories.make_person(session, region_code=BEIJING)
    for employer in (hire_at(), hire_at()):
        factories.make_enrolment(session, person, Insurance.WORK_INJURY, employer=employer)
    factories.make_enrolment(session, person, employer=hire_at())

    with pytest.raises(IntegrityError):
        factories.make_enrolment(session, person, employer=hire_at())
    session.rollback()


def test_work_injury_is_open_once_at_an_employer(session, hire_at):
    person, employer = factories.make_person(session, region_code=BEIJING), hire_at()
    factories.make_enrolment(session, person, Insurance.WORK_INJURY, employer=employer)

    with pytest.raises(IntegrityError):
        factories.make_enrolment(session, person, Insurance.WORK_INJURY, employer=employer)
    session.rollback()


@pytest.mark.parametrize("insurance", [Insurance.PENSION, Insurance.WORK_INJURY])
def test_a_month_is_recorded_once_at_an_employer(session, hire_at, insurance):
    person, employer = factories.make_person(session, region_code=BEIJING), hire_at()
    factories.make_record(session, person, MONTH, insurance, employer=employer, sequence=0)

    with pytest.raises(IntegrityError):
        factories.make_record(session, person, MONTH, insurance, employer=employer, sequence=0)
    session.rollback()
