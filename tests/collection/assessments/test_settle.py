"""What was assessed is settled once a registration or a declaration came and was billed."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.collection.assessments.decide import count_days_to_pay, decide, pay_by
from siweb.collection.assessments.kept_steps import steps_of
from siweb.collection.assessments.overtaken import mark_overtaken
from siweb.collection.assessments.propose import propose_all
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.assessments.settle import settle, settle_all
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.levy.employers import keep_employers
from siweb.collection.levy.records_from_enrolments import premium_rows
from siweb.collection.levy.terms import keep_terms
from siweb.collection.payments.allocate import allocate
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.hire_report import HireReport
from siweb.collection.tables.levy_run import LevyKind, LevyState
from siweb.collection.tables.payment import MatchedBy, Payment
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.numbers.arithmetic import Rounding
from tests import factories
from tests.bills import make_bill, make_levy_run, receive
from tests.collection.make_cases import (
    AT,
    DECIDER,
    ON,
    PROPOSER,
    REGION,
    declare,
    find,
    make_staff,
    propose,
)
from tests.served import serve

AFTER = date(2026, 9, 10)
LATER = date(2026, 9, 16)


def bill_months(session, employer, person, months=("2026-07",), base_fen=1_000_000):
    return [
        make_bill(
            session, [person], employer=employer, base_fen=base_fen,
            run=make_levy_run(session, month, region_code=REGION),
        )
        for month in months
    ]  # fmt: skip


def decide_undeclared(session, employer):
    find(session)
    propose_all(session, REGION, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))
    serve(session, ON)
    case = session.scalars(select(Assessment).where(Assessment.employer_id == employer.id)).one()
    return case, decide(
        session, case, "", actor=DECIDER, on=AFTER, at=AT, packs=packs_in_force(session)
    )


def run_settle(session):
    return settle_all(
        session, REGION, actor=PROPOSER, on=LATER, at=AT, packs=packs_in_force(session)
    )


def left(session, employer):
    return session.scalar(
        select(func.sum(Payment.unallocated_fen)).where(Payment.employer_id == employer.id)
    )


@pytest.fixture
def hire(session):
    """A decided case about a hire whom nobody registered, and the person."""
    case = propose(session)
    bill = decide(session, case, "", actor=DECIDER, on=AFTER, at=AT, packs=packs_in_force(session))
    return case, bill, session.get(Person, case.person_id)


def test_a_registration_overtakes_and_the_levy_settles(session, hire):
    case, bill, person = hire
    employer = session.get_one(Employer, case.employer_id)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")

    assert run_settle(session) == (1, 0)
    assert case.state is AssessmentState.OVERTAKEN
    billed = bill_months(session, employer, person, ("2026-07", "2026-08"))
    assert run_settle(session) == (0, 1)

    assert case.state is AssessmentState.SETTLED
    assert bill.paid_fen == bill.total_fen
    assert sum(one.outstanding_fen for one in billed) == sum(one.total_fen for one in billed)
    assert left(session, employer) == 0
    assert not check_books(session, packs_in_force(session), Scope())


def test_what_was_paid_is_used_for_the_levys_bills_and_the_rest_is_left(session, hire):
    case, bill, person = hire
    employer = session.get_one(Employer, case.employer_id)
    payment = receive(session, bill.total_fen, AFTER)
    allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.REFERENCE,
        actor=PROPOSER,
        at=AT,
        packs=packs_in_force(session),
    )
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")
    billed = bill_months(session, employer, person, ("2026-07", "2026-08"), 500_000)

    assert run_settle(session) == (1, 1)

    assert [one.outstanding_fen for one in billed] == [0, 0]
    assert left(session, employer) > 0
    assert left(session, employer) + sum(one.paid_fen for one in billed) <= bill.total_fen
    assert not check_books(session, packs_in_force(session), Scope())


def test_a_registration_from_a_later_month_settles_nothing(session, hire):
    case, _, person = hire
    employer = session.get_one(Employer, case.employer_id)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-08")

    assert mark_overtaken(session, packs_in_force(session), REGION, on=LATER, at=AT) == 0


def test_an_open_case_ends_when_the_registration_comes(session):
    case = propose(session)
    person = session.get(Person, case.person_id)
    employer = session.get_one(Employer, case.employer_id)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")

    mark_overtaken(session, packs_in_force(session), REGION, on=LATER, at=AT)

    assert (case.state, case.overtaken_on) == (AssessmentState.DROPPED, LATER)


def test_who_registers_before_the_decision_pays_nothing(session):
    case = propose(session)
    person, employer = session.get(Person, case.person_id), session.get(Employer, case.employer_id)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")

    assert (
        decide(session, case, "", actor=DECIDER, on=AFTER, at=AT, packs=packs_in_force(session))
        is None
    )

    assert case.state is AssessmentState.DROPPED
    assert session.scalars(select(Bill)).all() == []


def test_the_later_declaration_settles_the_difference(session):
    employer, person = make_staff(session)
    case, _ = decide_undeclared(session, employer)
    declare(session, employer, person, "2026-07", 1_200_000)
    mark_overtaken(session, packs_in_force(session), REGION, on=LATER, at=AT)
    [billed] = bill_months(session, employer, person, base_fen=1_200_000)

    difference = settle(
        session, case, packs=packs_in_force(session), actor=PROPOSER, on=LATER, at=AT
    )

    taken_back = session.scalars(select(Assessment).where(Assessment.settles_id == case.id)).one()
    assert difference.balance == billed.total_fen - case.total_fen
    assert taken_back.kind is AssessmentKind.SETTLEMENT
    assert taken_back.total_fen == -case.total_fen
    assert str(steps_of(taken_back.calculation[0]["steps"])[0].result.value) == str(
        difference.balance
    )
    credit = session.scalars(select(Bill).where(Bill.assessment_id == taken_back.id)).one()
    assert credit.total_fen == credit.paid_fen == -case.total_fen
    assert not check_books(session, packs_in_force(session), Scope())


def test_nothing_is_settled_before_it_is_due_and_billed(session):
    employer, person = make_staff(session)
    case, _ = decide_undeclared(session, employer)

    with pytest.raises(AssessmentRefused, match="not_overtaken"):
        settle(session, case, packs=packs_in_force(session), actor=PROPOSER, on=LATER, at=AT)
    declare(session, employer, person, "2026-07")
    mark_overtaken(session, packs_in_force(session), REGION, on=LATER, at=AT)
    with pytest.raises(AssessmentRefused, match="not_billed"):
        settle(session, case, packs=packs_in_force(session), actor=PROPOSER, on=LATER, at=AT)


def test_settling_twice_is_refused(session):
    employer, person = make_staff(session)
    case, _ = decide_undeclared(session, employer)
    declare(session, employer, person, "2026-07")
    bill_months(session, employer, person)
    run_settle(session)

    assert run_settle(session) == (0, 0)
    with pytest.raises(AssessmentRefused, match="not_overtaken"):
        settle(session, case, packs=packs_in_force(session), actor=PROPOSER, on=LATER, at=AT)


def test_the_levy_leaves_out_who_is_assessed_until_the_declaration_comes(session):
    employer, person = make_staff(session)
    find(session)
    run = open_run(session, "2026-07")

    assert insured(session, run, person) == set()
    declare(session, employer, person, "2026-07")
    mark_overtaken(session, packs_in_force(session), REGION, on=LATER, at=AT)
    assert insured(session, run, person) == {Insurance.PENSION, Insurance.MEDICAL}


def test_who_is_assessed_as_not_registered_is_billed_where_registered(session, hire):
    case, _bill, person = hire
    assessed, other = session.get_one(Employer, case.employer_id), factories.make_employer(session)
    for employer, insurance in ((assessed, Insurance.MEDICAL), (other, Insurance.PENSION)):
        # At the employer that was assessed only for the last of the months.
        factories.make_enrolment(
            session, person, insurance, employer=employer, from_month=case.to_month
        )
        declare(session, employer, person, case.to_month)
    run = open_run(session, case.to_month)

    assert insured(session, run, person) == {Insurance.PENSION}


def open_run(session, month):
    run = make_levy_run(
        session, month, region_code=REGION, kind=LevyKind.REGULAR, state=LevyState.COMPUTING
    )
    keep_employers(session, run, month)
    keep_terms(session, run.id, month, packs_in_force(session).parameters(REGION, month))
    return run


def insured(session, run, person):
    """In what the levy would bill a person."""
    owed = premium_rows(run, run.contribution_month, (1, person.id), Rounding.HALF_UP_FEN)
    return {row.insurance for row in session.execute(owed)}


def test_a_case_found_by_a_list_is_settled_when_the_person_is_registered(session):
    case = propose(session)
    number = session.get(Person, case.person_id).id_number
    case.person_id = None
    report = session.get(HireReport, case.report_id)
    report.id_number, report.number_digest = number, number_digest(number)
    session.flush()

    mark_overtaken(session, packs_in_force(session), REGION, on=LATER, at=AT)

    assert session.get(Person, case.person_id).id_number == number


def raised(amounts):
    """The same amounts, one of them a fen higher."""
    pension = amounts["pension"] | {"employer_fen": amounts["pension"]["employer_fen"] + 1}
    return amounts | {"pension": pension}


def test_the_proof_names_an_assessment_that_is_not_its_bill(session, hire):
    case, bill, _ = hire
    case.amounts = raised(case.amounts)
    session.flush()

    (said,) = check_books(session, packs_in_force(session), Scope(REGION)).lines()

    assert said == (
        f"assessment {case.id}: its bill: expected {bill.total_fen + 1} fen, "
        f"found {bill.total_fen} fen"
    )


def test_the_proof_names_a_settlement_that_is_no_mirror(session):
    employer, person = make_staff(session)
    case, _ = decide_undeclared(session, employer)
    declare(session, employer, person, "2026-07")
    bill_months(session, employer, person)
    run_settle(session)
    back = session.scalars(select(Assessment).where(Assessment.settles_id == case.id)).one()
    back.amounts = raised(back.amounts)
    session.flush()

    said = "\n".join(
        check_books(session, packs_in_force(session), Scope(REGION, "2026-07")).lines()
    )

    assert f"assessment {back.id}: its bill" in said
    assert f"assessment {case.id}: what was taken back" in said


def test_a_credit_stays_in_its_region(session, hire):
    case, _, person = hire
    employer = session.get_one(Employer, case.employer_id)
    elsewhere = make_bill(session, [factories.make_person(session)], employer=employer)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")
    bill_months(session, employer, person, ("2026-07", "2026-08"))

    run_settle(session)

    assert elsewhere.paid_fen == 0


def test_the_proof_names_a_settlement_whose_credit_was_not_used(session):
    employer, person = make_staff(session)
    case, _ = decide_undeclared(session, employer)
    declare(session, employer, person, "2026-07")
    bill_months(session, employer, person)
    run_settle(session)
    back = session.scalars(select(Assessment).where(Assessment.settles_id == case.id)).one()
    credit = session.scalars(select(Bill).where(Bill.assessment_id == back.id)).one()
    credit.paid_fen = 0
    session.flush()

    lines = list(check_books(session, packs_in_force(session), Scope(REGION)).lines())

    billed = credit.total_fen
    assert billed < 0
    assert (
        f"assessment {back.id}: credit that was not used: expected {billed} fen, found 0 fen"
        in lines
    )


def test_the_proof_names_an_assessment_without_a_bill(session, hire):
    case, bill, _person = hire
    owed = bill.total_fen
    bill.assessment_id, bill.levy_run_id = None, make_levy_run(session, region_code=REGION).id
    bill.kind = BillKind.LEVY
    session.flush()

    lines = list(check_books(session, packs_in_force(session), Scope(REGION)).lines())

    assert f"assessment {case.id}: its bill: expected {owed} fen, found 0 fen" in lines


def test_the_days_to_pay_run_anew_for_the_bill_that_was_served(session, hire):
    packs, served_on = packs_in_force(session), date(2026, 9, 24)
    case, bill, _person = hire
    others = []
    for _number in range(2):
        other = propose(session)
        others.append(decide(session, other, "", actor=DECIDER, on=AFTER, at=AT, packs=packs))
    late = others[1]
    session.add(
        Arrears(
            bill_id=late.id, region_code=REGION, state=ArrearsState.FOUND, found_on=served_on,
            notice_by=served_on, changed_at=AT,
        )
    )  # fmt: skip
    session.flush()
    before = [each.due_on for each in others]
    references = [session.get_one(Assessment, each.assessment_id).reference for each in others]

    count_days_to_pay(session, REGION, case.reference, served_on, packs=packs)

    after = pay_by(packs, REGION, served_on)
    assert after > pay_by(packs, REGION, AFTER)
    assert [each.due_on for each in (bill, *others)] == [after, *before]
    # What is in arrears already keeps the day after which it was.
    count_days_to_pay(session, REGION, references[1], served_on, packs=packs)
    assert [each.due_on for each in (bill, *others)] == [after, *before]
