"""Months that an earlier system recorded: an adjustment reaches every one of them (补差)."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from siweb.collection.levy.not_billed import people_without_base
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyState
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import EmployerStatus, Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.contributions.premium import compute_employer_total, compute_premium
from tests import factories
from tests.collection.levy.test_adjust import balanced
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, ON, SHANGHAI, adjust, levy

BASE = 1_000_000
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = ("2026-07", MONTH)
ONE = (MONTH, MONTH)


def terms(session, insurance="pension", month=MONTH, region=BEIJING, scheme="employee"):
    return (
        packs_in_force(session).parameters(region, month, as_of=ON).premium_terms(insurance, scheme)
    )


@pytest.fixture
def record(session):
    """A month as an earlier system wrote it: one fen of each side, without any run."""

    def record(person, employer, month=MONTH, insurance=Insurance.PENSION, **values):
        given = {
            "employer": employer,
            "region_code": BEIJING,
            "declared_base_fen": BASE,
            "base_fen": BASE,
            "employer_fen": 1,
            "employee_fen": 1,
            "account_fen": 1,
            "recorded_at": EARLIER,
        }
        return factories.make_record(session, person, month, insurance, **(given | values))

    return record


@pytest.fixture
def person(session):
    return factories.make_person(session, region_code=BEIJING)


def sums(session, person, insurance=Insurance.PENSION):
    row = ContributionRecord
    return tuple(
        session.execute(
            select(
                func.sum(row.base_fen), func.sum(row.employer_fen), func.sum(row.employee_fen)
            ).where(row.person_id == person.id, row.insurance == insurance)
        ).one()
    )


def test_a_recorded_month_of_somebody_the_register_never_saw_is_adjusted(
    session, hire_at, record, person
):
    employer = hire_at()
    record(person, employer)

    run = adjust(session, months=ONE)

    due = compute_premium(terms(session), BASE)
    assert run.state is LevyState.ISSUED
    assert sums(session, person) == (due.base, due.employer, due.employee)
    bill = session.scalars(select(Bill)).one()
    assert (bill.employer_id, bill.total_fen) == (employer.id, due.employer + due.employee - 2)
    assert adjust(session, months=ONE).state is LevyState.CANCELLED
    assert balanced(session)


def test_whoever_left_later_is_reached_too(session, hire_at, record, person):
    employer = hire_at()
    employer.status = EmployerStatus.CANCELLED
    factories.make_enrolment(
        session, person, employer=employer, from_month="2025-01", to_month=MONTH
    )
    record(person, employer)

    adjust(session, months=ONE)

    due = compute_premium(terms(session), BASE)
    assert sums(session, person) == (due.base, due.employer, due.employee)


def test_a_month_after_a_leaving_that_is_known_here_is_taken_back(session, hire_at, record, person):
    employer = hire_at()
    factories.make_enrolment(
        session, person, employer=employer, from_month="2025-01", to_month="2026-07"
    )
    record(person, employer)

    adjust(session, months=ONE)

    assert sums(session, person) == (0, 0, 0)


def test_months_recorded_before_the_register_begins_are_not_taken_back(
    session, hire_at, record, person
):
    employer = hire_at()
    factories.make_enrolment(session, person, employer=employer, from_month=MONTH)
    record(person, employer, "2026-07")
    record(person, employer)

    adjust(session)

    due = compute_premium(terms(session), BASE)
    assert sums(session, person) == (due.base * 2, due.employer * 2, due.employee * 2)


def test_the_recorded_base_counts_unless_another_was_declared_since(
    session, hire_at, record, person, declare
):
    employer = hire_at()
    declare(person, employer, "2026-06", 1_200_000)
    record(person, employer, recorded_at=NOW)
    adjust(session, months=ONE)
    assert sums(session, person)[0] == BASE

    declare(person, employer, MONTH, 1_300_000)
    newest = session.scalars(
        select(ContributionRecord).order_by(ContributionRecord.sequence.desc())
    ).first()
    for row in session.scalars(select(ContributionRecord)):
        row.recorded_at = EARLIER
    session.flush()
    assert newest is not None
    adjust(session, months=ONE)
    assert sums(session, person)[0] == 1_300_000


def test_a_missing_base_is_named_and_never_guessed(session, hire_at, record, person):
    employer = hire_at(name="示范旧厂")
    record(person, employer, declared_base_fen=0)

    run = adjust(session, months=ONE)

    assert (run.state, run.totals["not_billed"]["no_base"]) == (LevyState.CANCELLED, 1)
    ((named,), more) = people_without_base(session, run, page=1)
    assert (named.person_name, named.employer_name, named.from_month, more) == (
        person.name,
        "示范旧厂",
        MONTH,
        False,
    )


def test_a_recorded_month_of_another_region_is_left_alone(session, hire_at, record, person):
    hire_at()
    there = hire_at(SHANGHAI)
    record(person, there, region_code=SHANGHAI)

    with pytest.raises(LevyRefused, match="not_billed"):
        adjust(session, months=ONE)


def test_a_month_between_that_nobody_recorded_is_refused(session, hire_at, record, person):
    record(person, hire_at())

    with pytest.raises(LevyRefused, match="not_billed"):
        adjust(session, months=MONTHS)


def test_what_the_earlier_system_asked_too_much_is_a_credit(session, hire_at, record, person):
    employer = hire_at()
    record(person, employer, employer_fen=900_000)

    run = adjust(session, months=ONE)

    due = compute_premium(terms(session), BASE)
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()
    assert bill.employer_fen == due.employer - 900_000 < 0
    assert balanced(session)


def test_where_the_total_is_rounded_what_was_recorded_is_taken_off_once(
    session, hire_at, record, insure
):
    employer = hire_at(SHANGHAI)
    person = factories.make_person(session, region_code=SHANGHAI)
    record(person, employer, region_code=SHANGHAI, employer_fen=100_000)

    run = adjust(session, SHANGHAI, months=ONE)

    due = compute_employer_total(terms(session, region=SHANGHAI), [BASE])
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()
    assert bill.employer_fen == due.employer - 100_000


def test_a_flexible_amount_inside_the_limits_does_not_change(session, record, person):
    due = compute_premium(terms(session, scheme="flexible"), BASE)
    rate = packs_in_force(session).parameters(BEIJING, MONTH, as_of=ON).account_rate("flexible")
    record(
        person,
        None,
        employer_fen=due.employer,
        employee_fen=due.employee,
        account_fen=BASE * rate // 1_000_000,
    )

    assert adjust(session, months=ONE).state is LevyState.CANCELLED


def test_levied_and_taken_over_months_are_adjusted_in_one_run(
    session, hire_at, insure, record, person
):
    employer = hire_at()
    insure(BASE, employer)
    levy(session)
    record(person, employer, "2026-07")

    adjust(session)

    due = compute_premium(terms(session, month="2026-07"), BASE)
    assert sums(session, person) == (due.base, due.employer, due.employee)
    assert balanced(session)


def test_an_adjustment_in_small_batches_reaches_the_last_person(session, hire_at, record):
    employer = hire_at()
    people = [factories.make_person(session, region_code=BEIJING) for _ in range(5)]
    for person in people:
        record(person, employer)
    assert session.scalar(select(func.count(Enrolment.person_id))) == 0

    run = adjust(session, months=ONE)

    assert run.totals["records"] == 5
    assert run.due_on == date(2026, 12, 15)
