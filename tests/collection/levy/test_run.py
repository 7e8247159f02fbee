"""A levy bills everybody once, to the fen of the rules, and may be stopped at any moment."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope as Asked
from siweb.collection.books.prove import check_books
from siweb.collection.levy import not_billed
from siweb.collection.levy.not_billed import people_without_base
from siweb.collection.levy.previews.compare import oddest_changes
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import due_day, open_levy
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.contributions.premium import Scope, compute_premium
from tests import factories
from tests.conftest import NOW
from tests.levies import BEIJING, INSURANCES, MONTH, ON, SHANGHAI, levy


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
    assert {line.insurance.value for line in lines} == set(INSURANCES)
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
    run = open_levy(
        session,
        BEIJING,
        MONTH,
        actor=SYSTEM,
        on=ON,
        at=NOW,
        may_be_provisional=True,
        packs=packs_in_force(session),
    )
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

    run = open_levy(
        session,
        BEIJING,
        MONTH,
        actor=SYSTEM,
        on=ON,
        at=NOW,
        may_be_provisional=True,
        packs=packs_in_force(session),
    )

    assert run.as_of == ON
    assert run.due_on == date(2026, 9, 15)  # the 15th of the month after, as the pack says


def test_the_books_balance_after_a_levy(session, hire_at, insure):
    employer, other = hire_at(), hire_at()
    for base in (500_000, 1_234_567):
        insure(base, employer)
        insure(base, other)
    insure(800_000, insurances=("pension", "medical"))

    levy(session)

    assert not list(check_books(session, packs_in_force(session), Asked(None, None)).lines())


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


def test_an_injury_class_that_changes_meanwhile_is_the_next_runs(session, hire_at, insure):
    employer = hire_at(injury_class=3)
    insure(900_000, employer)
    run = open_levy(
        session,
        BEIJING,
        MONTH,
        actor=SYSTEM,
        on=ON,
        at=NOW,
        may_be_provisional=True,
        packs=packs_in_force(session),
    )
    list(compute_batches(session, run, at=NOW))
    session.commit()
    employer.injury_class = 8
    session.commit()

    levy(session)

    lines = session.scalars(select(BillLine)).all()
    assert {line.insurance.value for line in lines} == set(INSURANCES)
    due = premium(session, "work_injury", 900_000, injury_class=3)
    assert [one.employer_fen for one in lines if one.insurance == "work_injury"] == [due.employer]
    assert not list(check_books(session, packs_in_force(session), Asked(None, None)).lines())


def test_an_employer_that_came_meanwhile_is_the_next_runs(session, hire_at, insure):
    insure(900_000, hire_at())
    run = open_levy(
        session,
        BEIJING,
        MONTH,
        actor=SYSTEM,
        on=ON,
        at=NOW,
        may_be_provisional=True,
        packs=packs_in_force(session),
    )
    session.commit()
    insure(900_000, new := hire_at(injury_class=8))

    finished = levy(session)

    assert finished.id == run.id
    second = levy(session)
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == second.id)).one()
    assert bill.employer_id == new.id


def test_a_month_that_has_not_begun_is_refused(session, hire_at, insure):
    insure(900_000, hire_at())

    with pytest.raises(LevyRefused, match="not_begun"):
        open_levy(
            session,
            BEIJING,
            add_months(month_of(ON), 1),
            actor=SYSTEM,
            on=ON,
            at=NOW,
            packs=packs_in_force(session),
        )


def test_who_is_left_out_is_counted_and_named(session, hire_at, insure):
    employer = hire_at(name="甲公司")
    insure(900_000, employer)
    nobody = insure(None, employer)

    run = levy(session)

    assert run.totals["not_billed"] == {"no_base": 1, "assessed": 0, "other": 0}
    (named,), _ = people_without_base(session, run, page=1)
    assert (named.person_name, named.employer_name) == (nobody.name, "甲公司")


def test_whom_another_region_or_month_leaves_out_is_not_named_here(session, hire_at, insure):
    """Nor is anybody counted twice, or on two pages, who is without a base in every insurance."""
    employer, elsewhere = hire_at(), hire_at(SHANGHAI)
    insure(900_000, employer)
    insure(None, elsewhere, region=SHANGHAI)
    here, left, comes = (insure(None, employer) for _person in range(3))
    spans = {left.id: {"to_month": "2026-07"}, comes.id: {"from_month": "2026-09"}}
    for person_id, span in spans.items():
        session.execute(update(Enrolment).where(Enrolment.person_id == person_id).values(**span))

    run = levy(session)

    named, has_more = people_without_base(session, run, page=1)
    assert ([each.person_id for each in named], has_more) == ([here.id], False)
    assert people_without_base(session, run, page=2) == ([], False)
    assert run.totals["not_billed"] == {"no_base": 1, "assessed": 0, "other": 0}


def test_who_is_left_out_is_named_page_by_page(session, hire_at, insure, monkeypatch):
    monkeypatch.setattr(not_billed, "PAGE", 2)
    employer = hire_at()
    people = [insure(None, employer).id for _person in range(3)]
    insure(900_000, employer)
    run = levy(session)

    pages = [people_without_base(session, run, page=page) for page in (1, 2)]

    assert [[each.person_id for each in named] for named, _more in pages] == [
        people[:2],
        people[2:],
    ]
    assert [more for _named, more in pages] == [True, False]


def test_a_newer_base_for_all_goes_before_an_older_one_for_one_insurance(
    session, hire_at, insure, declare
):
    employer = hire_at()
    person = insure(1_500_000, employer)
    declare(person, employer, "2025-01", 800_000, Insurance.PENSION)

    levy(session)

    assert {line.base_fen for line in session.scalars(select(BillLine))} == {1_500_000}


def test_of_the_same_month_the_base_declared_last_holds(session, hire_at, insure, declare):
    employer = hire_at()
    person = insure(1_500_000, employer, insurances=("pension", "medical", "unemployment"))
    declare(person, employer, "2026-01", 800_000, Insurance.PENSION)
    declare(person, employer, "2026-01", 800_000, Insurance.MEDICAL)
    declare(person, employer, "2026-02", 900_000)
    declare(person, employer, "2026-02", 750_000, Insurance.MEDICAL)

    levy(session)

    bases = {line.insurance.value: line.base_fen for line in session.scalars(select(BillLine))}
    assert bases == {"pension": 900_000, "medical": 750_000, "unemployment": 900_000}


def test_the_due_day_is_moved_off_holidays(session):
    factories.make_region(session, BEIJING)

    # 15 February 2026 is a Sunday in the Spring Festival; work begins again on the 24th.
    assert due_day(packs_in_force(session), BEIJING, "2026-01", on=ON) == date(2026, 2, 24)
