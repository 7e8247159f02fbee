"""What is proposed against whom: by their own people, months and cases, and in its own region."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.collection.assessments.propose import (
    Basis,
    base_of,
    count_hearing,
    hearing_until,
    propose_all,
    propose_for_report,
    propose_found,
)
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.assessments.undeclared.find import COMPARISON
from siweb.collection.tables.assessment import (
    Assessment,
    AssessmentKind,
    AssessmentState,
    BaseRule,
)
from siweb.collection.tables.hire_report import HireReport, ReportOrigin, ReportState
from siweb.db.sealing.field_keys import number_digest
from siweb.messages.tables.message import Message
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.collection.make_cases import AT, ON, REGION, declare

A_DAY = timedelta(days=1)
EARLIER = AT - A_DAY
MONTH = "2026-07"
WAGE = Basis(MONTH, MONTH, BaseRule.WAGE, 1_000_000, words="w")
AVERAGE = Basis(MONTH, MONTH, BaseRule.EMPLOYER_AVERAGE)


@pytest.fixture
def engine(sqlite_engine):
    """Against whom a case is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def employer(session):
    factories.make_region(session, "110000")
    return factories.make_employer(session, region_code=REGION)


@pytest.fixture
def works(session, employer):
    """Somebody of the employer with a declared base."""

    def works(fen, *, at=employer, insurance=Insurance.PENSION, since="2025-01", **values):
        person = factories.make_person(session, region_code=REGION)
        until = values.pop("to_month", None)
        factories.make_enrolment(
            session, person, insurance, employer=at, from_month=since, to_month=until
        )
        if fen:
            declare(session, values.pop("declared_at", at), person, "2025-07", fen)
        return person

    return works


def average(session, employer):
    return base_of(session, packs_in_force(session), employer, AVERAGE)


def test_an_average_is_of_those_who_are_insured_there_now(session, employer, works):
    other = factories.make_employer(session, region_code=REGION)
    with pytest.raises(AssessmentRefused, match="no_employer_average"):
        average(session, employer)
    first = works(100)
    works(201, to_month=MONTH)
    assert average(session, employer) == 151
    for values in (
        {"at": other}, {"insurance": Insurance.MEDICAL}, {"to_month": "2026-06"},
        {"since": "2026-08"}, {"declared_at": other},
    ):  # fmt: skip
        works(9_000, **values)
    works(None)
    assert average(session, employer) == 151
    # Of several bases the newest up to the month counts.
    declare(session, employer, first, MONTH, 300)
    declare(session, employer, first, "2026-08", 9_000)
    assert average(session, employer) == 251


def test_a_wage_and_a_local_average_are_taken_as_they_are(session, employer):
    packs = packs_in_force(session)
    assert base_of(session, packs, employer, WAGE) == 1_000_000
    local = base_of(session, packs, employer, Basis(MONTH, MONTH, BaseRule.LOCAL_AVERAGE))
    assert local == packs.parameters(REGION, MONTH).average_wage()
    with pytest.raises(AssessmentRefused, match="no_wage"):
        base_of(session, packs, employer, Basis(MONTH, MONTH, BaseRule.WAGE))


@pytest.fixture
def report(session, employer):
    def report(person=None, number=None, *, at=employer, **values):
        given = {
            "origin": ReportOrigin.LIST, "state": ReportState.OPEN, "person_name": "王",
            "number_digest": None if person else number_digest(number), "words": "",
        }  # fmt: skip
        serial = next(serials)
        row = HireReport(
            reference=f"R{serial}", source_key=f"s{serial}", region_code=REGION,
            employer_id=at and at.id, employer_named="甲", person_id=person and person.id,
            hired_on=date(2026, 1, 5), reported_at=AT, **(given | values),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    serials = iter(range(99))
    return report


def propose(session, row, basis=WAGE):
    return propose_for_report(
        session, row, basis, packs=packs_in_force(session), actor=SYSTEM, on=ON, at=AT
    )


def test_a_report_becomes_one_case_of_the_one_it_names(session, employer, report):
    person = factories.make_person(session, region_code=REGION)
    row = report(person)
    case = propose(session, row)

    assert (case.state, row.state) == (AssessmentState.PROPOSED, ReportState.CASE_OPENED)
    assert (case.person_id, case.employer_id, case.report_id) == (person.id, employer.id, row.id)
    assert case.hearing_until == hearing_until(packs_in_force(session), REGION, ON)
    with pytest.raises(AssessmentRefused, match="taken_up"):
        propose(session, row)
    with pytest.raises(AssessmentRefused, match="no_employer"):
        propose(session, report(person, at=None))


@pytest.mark.parametrize(
    ("before", "after", "is_assessed"),
    [
        ((MONTH, MONTH), (MONTH, MONTH), True),
        (("2026-05", "2026-06"), ("2026-06", MONTH), True),
        (("2026-05", "2026-06"), (MONTH, MONTH), False),
        ((MONTH, MONTH), ("2026-05", "2026-06"), False),
        (("2026-06", MONTH), ("2026-05", "2026-06"), True),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_month_is_assessed_once(session, report, before, after, is_assessed, known):
    who = (
        {"person": factories.make_person(session, region_code=REGION)}
        if known
        else {"number": factories.make_id_number()}
    )
    propose(session, report(**who), Basis(*before, BaseRule.WAGE, 1_000_000))
    if is_assessed:
        with pytest.raises(AssessmentRefused, match="assessed"):
            propose(session, report(**who), Basis(*after, BaseRule.WAGE, 1_000_000))
    else:
        assert propose(session, report(**who), Basis(*after, BaseRule.WAGE, 1_000_000))


@pytest.mark.parametrize("known", [True, False])
def test_a_case_of_another_person_or_employer_or_one_that_was_dropped_is_none(
    session, report, known
):
    def who():
        if known:
            return {"person": factories.make_person(session, region_code=REGION)}
        return {"number": factories.make_id_number()}

    mine, other = who(), factories.make_employer(session, region_code=REGION)
    propose(session, report(**who()))
    propose(session, report(**mine, at=other))
    propose(session, report(**mine)).state = AssessmentState.DROPPED
    session.flush()

    assert propose(session, report(**mine)).state is AssessmentState.PROPOSED


@pytest.mark.parametrize(("last", "code"), [("2026-08", None), ("2026-09", "future_months")])
def test_nothing_is_assessed_of_months_to_come(session, report, last, code):
    assert date(2026, 8, 1) <= ON < date(2026, 9, 1)
    row = report(factories.make_person(session, region_code=REGION))
    basis = Basis(MONTH, last, BaseRule.WAGE, 1_000_000)
    if code:
        with pytest.raises(AssessmentRefused, match=code):
            propose(session, row, basis)
    else:
        assert propose(session, row, basis).to_month == last


@pytest.fixture
def found(session, employer):
    def found(of=employer, **values):
        given = {
            "kind": AssessmentKind.UNDECLARED, "region_code": REGION, "from_month": MONTH,
            "to_month": MONTH, "origin": COMPARISON, "facts": "f", "calculation": [],
            "amounts": {}, "state": AssessmentState.FOUND, "opened_at": AT,
        }  # fmt: skip
        if values.get("state") in {AssessmentState.PROPOSED, AssessmentState.DECIDED}:
            given |= {"proposed_by_account_id": 1, "proposed_at": EARLIER, "hearing_until": ON}
        if values.get("state") is AssessmentState.DECIDED:
            given |= {"decided_by_account_id": 2, "decided_at": EARLIER}
        row = Assessment(employer_id=of.id, reference=f"A{next(serials)}", **(given | values))
        session.add(row)
        session.flush()
        return row

    serials = iter(range(99))
    return found


SOME = {"pension": {"base_fen": 0, "employer_fen": 1, "employee_fen": 0, "headcount": 1}}


def propose_one(session, case, basis=None):
    propose_found(session, case, basis, packs=packs_in_force(session), actor=SYSTEM, on=ON, at=AT)


def test_a_found_case_is_proposed_once_with_an_amount_and_reasons(session, found):
    case = found()
    with pytest.raises(AssessmentRefused, match="no_amount"):
        propose_one(session, case)
    with pytest.raises(AssessmentRefused, match="no_reasons"):
        propose_one(session, case, Basis(MONTH, MONTH, BaseRule.WAGE, 1_000_000))
    propose_one(session, case, WAGE)
    assert (case.state, case.reasons, case.base_fen) == (AssessmentState.PROPOSED, "w", 1_000_000)
    with pytest.raises(AssessmentRefused, match="not_found"):
        propose_one(session, case, WAGE)
    known = found(amounts=SOME, from_month="2026-06")
    propose_one(session, known)
    assert (known.state, known.amounts) == (AssessmentState.PROPOSED, SOME)


def test_all_that_the_comparison_found_in_a_region_is_proposed_at_once(session, found):
    def all_of(region=REGION):
        return propose_all(
            session, region, packs=packs_in_force(session), actor=SYSTEM, on=ON, at=AT
        )

    firms = [factories.make_employer(session, region_code=REGION) for _ in range(5)]
    one, two = (found(firm, amounts=SOME) for firm in firms[:2])
    beside = [
        found(firms[2], origin="report"), found(firms[3], state=AssessmentState.DECIDED),
        found(firms[4], region_code="110000"),
        found(firms[0], state=AssessmentState.PROPOSED, from_month="2026-06", to_month="2026-06"),
    ]  # fmt: skip
    states = [each.state for each in beside]

    assert (all_of(), all_of()) == (2, 0)

    assert {one.state, two.state} == {AssessmentState.PROPOSED}
    assert [each.state for each in beside] == states
    told = session.execute(select(Message.employer_id, Message.subject)).all()
    assert {row.employer_id for row in told} == {firms[0].id, firms[1].id} and len(told) == 2
    (noted,) = session.scalars(select(Activity))
    assert noted.facts == {"cases": 2}


def test_the_days_to_answer_run_from_the_day_of_service(session, found):
    packs, served = packs_in_force(session), ON + 5 * A_DAY
    proposed = {"state": AssessmentState.PROPOSED, "hearing_until": ON}
    case, beside = found(**proposed), found(**proposed, from_month="2026-06")
    heard = found(**proposed, heard_at=AT, from_month="2026-05")
    decided = found(state=AssessmentState.DECIDED, hearing_until=ON, from_month="2026-04")
    for each in (case, heard, decided):
        count_hearing(session, REGION, each.reference, served, packs=packs)
    session.expire_all()

    assert case.hearing_until == hearing_until(packs, REGION, served) > ON
    assert {each.hearing_until for each in (beside, heard, decided)} == {ON}
