"""Hiding somebody is never cheaper than reporting and not paying (SIL 58, 86; Order 20 Art. 16)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.assessments.bill import amounts_by_month
from siweb.collection.assessments.decide import decide, drop
from siweb.collection.assessments.propose import Basis, propose_all
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.bills.find import BillState, load_bill
from siweb.collection.levy.start import due_day
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.late_fee import late_fee_due, late_fee_on
from siweb.collection.tables.assessment import Assessment, AssessmentState, BaseRule
from siweb.collection.tables.bill import Bill, BillMonth
from siweb.collection.tables.payment import MatchedBy
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.bills import receive
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
    report,
)
from tests.levies import levy
from tests.served import serve

MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08")
DECIDED = date(2026, 9, 10)
DAYS = [date(2026, 9, 16), date(2026, 9, 17), date(2026, 9, 30), date(2027, 2, 1)]


def insurances_of(session):
    parameters = packs_in_force(session).parameters(REGION, MONTHS[0])
    return [Insurance(one) for one in parameters.insurances("employee")]


def reported(session, base_fen):
    """The same person, registered in time: four bills that nobody pays."""
    employer = factories.make_employer(session, region_code=REGION)
    person = factories.make_person(session, region_code=REGION)
    for insurance in insurances_of(session):
        factories.make_enrolment(
            session, person, insurance, employer=employer, from_month=MONTHS[0]
        )
    declare(session, employer, person, MONTHS[0], base_fen)
    for month in MONTHS:
        levy(session, REGION, month)
    return session.scalars(select(Bill).where(Bill.employer_id == employer.id)).all()


def hidden(session, base_fen, on=DECIDED):
    basis = Basis(MONTHS[0], MONTHS[-1], BaseRule.WAGE, base_fen, words="工资流水")
    case = propose(session, basis)
    return decide(session, case, "", actor=DECIDER, on=on, at=AT, packs=packs_in_force(session))


@pytest.mark.parametrize("base_fen", [1, 700_033, 1_234_567, 99_999_999])
def test_hidden_then_assessed_costs_at_least_what_reported_but_unpaid_costs(session, base_fen):
    assessed = hidden(session, base_fen)
    bills = reported(session, base_fen)

    assert assessed.total_fen == sum(bill.total_fen for bill in bills)
    for day in DAYS:
        fees = [late_fee_on(session, bill, day, packs=packs_in_force(session)) for bill in bills]
        assert late_fee_on(session, assessed, day, packs=packs_in_force(session)) == sum(fees) > 0


@pytest.mark.parametrize("later", [0, 1, 30])
def test_a_later_decision_makes_no_later_arrears(session, later):
    bill = hidden(session, 1_000_000, DECIDED + timedelta(days=later))

    due = session.scalars(
        select(BillMonth.due_on).where(BillMonth.bill_id == bill.id).order_by(BillMonth.due_on)
    ).all()
    packs = packs_in_force(session)
    assert due == [due_day(packs, REGION, month, on=DECIDED) for month in MONTHS]
    assert bill.due_on > DECIDED


def test_the_months_of_an_assessed_bill_add_up_to_it(session):
    bill = hidden(session, 1_234_567)

    months = select(BillMonth).where(BillMonth.bill_id == bill.id)
    rows = session.scalars(months.order_by(BillMonth.contribution_month)).all()

    assert [row.contribution_month for row in rows] == list(MONTHS)
    assert sum(row.amount_fen for row in rows) == bill.total_fen


def test_what_is_paid_by_the_day_of_the_decision_still_bears_the_fee(session):
    bill = hidden(session, 1_000_000)
    fee = late_fee_due(session, bill, bill.due_on, packs=packs_in_force(session))

    payment = receive(session, bill.total_fen + fee, bill.due_on)
    allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.STAFF,
        actor=SYSTEM,
        at=AT,
        packs=packs_in_force(session),
    )

    assert (payment.unallocated_fen, bill.late_fee_paid_fen, bill.outstanding_fen) == (0, fee, 0)
    assert fee > 0
    assert (
        load_bill(session, bill, on=DAYS[-1], packs=packs_in_force(session)).now.state
        is BillState.PAID
    )


def test_a_missing_declaration_is_late_from_the_months_own_day(session):
    make_staff(session)
    find(session)
    propose_all(session, REGION, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))
    serve(session, ON)
    case = session.scalars(select(Assessment)).one()

    bill = decide(
        session, case, "", actor=DECIDER, on=DECIDED, at=AT, packs=packs_in_force(session)
    )

    own_day = due_day(packs_in_force(session), REGION, "2026-07", on=DECIDED)
    assert late_fee_on(session, bill, own_day, packs=packs_in_force(session)) == 0
    assert (
        late_fee_on(session, bill, own_day + timedelta(days=1), packs=packs_in_force(session)) > 0
    )
    assert own_day < DECIDED < bill.due_on


def test_months_with_other_figures_have_their_own_amounts(session):
    case = propose(session, Basis("2025-12", "2026-08", BaseRule.WAGE, 1_000_000, words="x"))

    amounts = amounts_by_month(case)

    assert list(amounts) == ["2025-12", *(f"2026-0{month}" for month in range(1, 9))]
    assert sum(amounts.values()) == case.total_fen


@pytest.mark.parametrize("words", ["", "查明属实"])
def test_a_case_is_dropped_with_reasons_by_somebody_else(session, words):
    case = propose(session)
    with pytest.raises(AssessmentRefused) as refused:
        drop(session, case, "原因", actor=PROPOSER, at=AT)
    assert refused.value.code == "same_person"

    if not words:
        with pytest.raises(AssessmentRefused) as refused:
            drop(session, case, words, actor=DECIDER, at=AT)
        assert refused.value.code == "no_reasons"
        return
    drop(session, case, words, actor=DECIDER, at=AT)
    assert (case.state, case.decision) == (AssessmentState.DROPPED, words)
    with pytest.raises(AssessmentRefused) as refused:
        drop(session, case, words, actor=DECIDER, at=AT)
    assert refused.value.code == "not_proposed"


@pytest.mark.parametrize(("days", "is_early"), [(0, True), (1, False)])
def test_nobody_decides_before_the_last_day_of_the_hearing_is_over(session, days, is_early):
    case = propose(session)
    on = case.hearing_until + timedelta(days=days)

    if is_early:
        with pytest.raises(AssessmentRefused) as refused:
            decide(session, case, "", actor=DECIDER, on=on, at=AT, packs=packs_in_force(session))
        assert refused.value.code == "may_be_heard"
    else:
        assert (
            decide(session, case, "", actor=DECIDER, on=on, at=AT, packs=packs_in_force(session))
            is not None
        )


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-08", "2026-08", "assessed"),
        ("2026-06", "2026-07", "assessed"),
        ("2026-07", "2026-09", "future_months"),
        ("2026-05", "2026-06", None),
    ],
)
def test_two_cases_of_a_person_are_about_different_months(session, first, last, code):
    case = propose(session, Basis("2026-07", "2026-08", BaseRule.WAGE, 1_000_000, words="x"))
    employer = session.get(Assessment, case.id).employer_id
    known = {
        "employer": session.get_one(factories.Employer, employer),
        "person": session.get_one(factories.Person, case.person_id),
        "hired_on": date(2026, 5, 1),
    }
    basis = Basis(first, last, BaseRule.WAGE, 1_000_000, words="x")

    if code is None:
        assert propose(session, basis, **known).state is AssessmentState.PROPOSED
        return
    with pytest.raises(AssessmentRefused) as refused:
        propose(session, basis, **known)
    assert refused.value.code == code


def test_a_report_is_taken_up_once(session):
    employer = factories.make_employer(session, region_code=REGION)
    person = factories.make_person(session, region_code=REGION)
    first = report(session, employer=employer, person=person)

    assert report(session, employer=employer, person=person) is first
