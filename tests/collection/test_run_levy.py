"""A levy bills everybody once, to the fen of the rules, and may be stopped at any moment."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.bill import Bill, BillLine
from siweb.collection.check_books import check_books
from siweb.collection.compare_levy import oddest_changes
from siweb.collection.imbalance import Scope as Asked
from siweb.collection.levy_run import LevyRun, LevyState
from siweb.collection.run_levy import compute_batches, issue_levy, open_levy
from siweb.ledgers.contribution_record import ContributionRecord
from siweb.registry.declared_base import DeclaredBase
from siweb.registry.packs_in_force import packs_in_force
from siweb.registry.words import Insurance, Scheme
from siweb.rules.premium import Scope, compute_premium
from tests import factories
from tests.conftest import NOW

ON = NOW.date()
MONTH = "2026-08"
BEIJING, SHANGHAI = "110000", "310000"
FIVE = ("pension", "medical", "unemployment", "work_injury")


@pytest.fixture
def insure(session):
    """Insure somebody on a base in fen, as employee of an employer or alone."""

    def insure(base, employer=None, region=BEIJING, insurances=FIVE):
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


def levy(session, region=BEIJING, month=MONTH, most=2):
    run = open_levy(session, region, month, actor=SYSTEM, on=ON, at=NOW)
    for _batch in compute_batches(session, run, at=NOW, most=most):
        session.commit()
    issue_levy(session, run, actor=SYSTEM, at=NOW)
    session.commit()
    return run


def premium(session, insurance, base, region=BEIJING, scheme="employee", **risk):
    parameters = packs_in_force(session).parameters(region, MONTH, as_of=ON)
    return compute_premium(parameters.premium_terms(insurance, scheme, **risk), base)


def test_a_bill_is_what_the_rules_say_to_the_fen(session, hire_at, insure):
    employer = hire_at()
    bases = [500_000, 716_200, 1_234_567, 9_999_900]
    for base in bases:
        insure(base, employer)

    levy(session)

    bill = session.scalars(select(Bill)).one()
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()
    assert {line.insurance.value for line in lines} == set(FIVE)
    for line in lines:
        risk = (
            {"injury_class": employer.injury_class, "injury_tier": employer.injury_tier_ppm}
            if line.insurance is Insurance.WORK_INJURY
            else {}
        )
        due = [premium(session, line.insurance.value, base, **risk) for base in bases]
        assert line.employer_fen == sum(one.employer for one in due)
        assert line.employee_fen == sum(one.employee for one in due)
        assert line.base_fen == sum(one.base for one in due)
    assert bill.total_fen == sum(line.total_fen for line in lines)
    assert bill.headcount == len(bases)


def test_a_flexible_worker_gets_a_bill_of_their_own(session, hire_at, insure):
    hire_at()
    person = insure(800_000, insurances=("pension", "medical"))

    levy(session)

    bill = session.scalars(select(Bill)).one()
    assert (bill.person_id, bill.employer_id) == (person.id, None)
    due = [premium(session, one, 800_000, scheme="flexible") for one in ("pension", "medical")]
    assert bill.total_fen == sum(one.employee for one in due)


def test_where_the_employers_total_is_rounded_the_line_says_the_difference(
    session, hire_at, insure
):
    employer = hire_at(SHANGHAI)
    for base in (1_000_001, 1_000_003, 1_000_007):
        insure(base, employer, SHANGHAI)

    levy(session, SHANGHAI)

    for line in session.scalars(select(BillLine)).all():
        records = session.execute(
            select(
                func.sum(ContributionRecord.employer_fen),
                func.sum(ContributionRecord.employee_fen),
            ).where(ContributionRecord.insurance == line.insurance)
        ).one()
        assert line.employer_fen - line.rounding_fen == records[0]
        assert line.employee_fen == records[1]
        assert line.scope in set(Scope)


def test_a_second_run_bills_only_what_was_not_billed(session, hire_at, insure):
    employer = hire_at()
    insure(900_000, employer)
    levy(session)
    late = insure(700_000, employer)

    second = levy(session)

    assert second.sequence == 1
    records = session.scalars(
        select(ContributionRecord.person_id).where(ContributionRecord.levy_run_id == second.id)
    )
    assert set(records) == {late.id}


def test_a_third_run_finds_nothing_and_leaves_nothing(session, hire_at, insure):
    insure(900_000, hire_at())
    levy(session)

    again = levy(session)

    assert again.state is LevyState.CANCELLED
    assert session.scalar(select(func.count()).select_from(Bill)) == 1


def test_a_run_that_was_stopped_goes_on_and_ends_as_if_never_stopped(session, hire_at, insure):
    employer = hire_at()
    for number in range(7):
        insure(700_000 + number, employer)
    run = open_levy(session, BEIJING, MONTH, actor=SYSTEM, on=ON, at=NOW)
    next(compute_batches(session, run, at=NOW, most=2))
    session.commit()
    next(compute_batches(session, run, at=NOW, most=2))
    session.rollback()
    session.expire_all()

    again = levy(session)

    assert again.id == run.id
    assert session.scalars(select(Bill)).one().headcount == 7
    assert session.scalar(select(func.count()).select_from(LevyRun)) == 1


def test_who_declared_no_base_is_left_for_a_person(session, hire_at, insure):
    employer = hire_at()
    insure(900_000, employer)
    insure(None, employer)

    levy(session)

    assert session.scalars(select(Bill)).one().headcount == 1


def test_the_parameters_are_those_known_on_the_day(session, hire_at, insure):
    insure(900_000, hire_at())

    run = open_levy(session, BEIJING, MONTH, actor=SYSTEM, on=ON, at=NOW)

    assert run.as_of == ON
    assert run.due_on == date(2026, 9, 15)  # the 15th of the month after, as the pack says


def test_the_books_balance_after_a_levy(session, hire_at, insure):
    employer, other = hire_at(), hire_at()
    for base in (500_000, 1_234_567):
        insure(base, employer)
        insure(base, other)
    insure(800_000, insurances=("pension", "medical"))

    levy(session)

    assert not list(check_books(session, Asked(None, None), seals=False).lines())


def test_the_largest_changes_come_first(session, hire_at, insure):
    steady, grown = hire_at(name="甲公司"), hire_at(name="乙公司")
    insure(900_000, steady)
    insure(900_000, grown)
    levy(session, month="2026-07")
    insure(900_000, grown)

    run = levy(session)

    largest = oddest_changes(session, run)[0]
    assert largest.employer_name == "乙公司"
    assert largest.difference_fen > 0


def test_a_second_run_shows_the_month_not_only_itself(session, hire_at, insure):
    steady, grown = hire_at(name="甲公司"), hire_at(name="乙公司")
    insure(900_000, steady)
    insure(900_000, grown)
    levy(session, month="2026-07")
    levy(session)
    insure(700_000, grown)

    second = levy(session)

    (change,) = oddest_changes(session, second)
    assert change.employer_name == "乙公司"
    assert change.difference_fen == second.totals["total_fen"]


def test_people_with_different_insurances_are_all_counted(session, hire_at, insure):
    employer = hire_at()
    insure(900_000, employer, insurances=("pension",))
    insure(900_000, employer, insurances=("medical",))

    run = levy(session)

    assert session.scalars(select(Bill)).one().headcount == 2
    assert run.totals["people"] == 2
