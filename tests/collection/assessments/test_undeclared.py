"""SIL 62: no declaration when one was due; and the cities' own rule about bases."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, select

from siweb.audit.actor import SYSTEM
from siweb.collection.assessments.propose import Basis, propose_all, propose_found
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.assessments.undeclared.conditions import RAISED
from siweb.collection.assessments.undeclared.find import Undeclared
from siweb.collection.assessments.undeclared.last_month import last_amounts
from siweb.collection.tables.assessment import Assessment, AssessmentState, BaseRule
from siweb.registry.codes import Insurance
from siweb.registry.packs.import_packs import import_packs
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.rules.contributions.assessment import LastMonth
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests import factories
from tests.collection.make_cases import AT, ON, PROPOSER, REGION, declare, find, make_staff

CASES = json.loads((Path(__file__).parents[2] / "rules" / "worked_cases.json").read_text())
ASSESSED = [
    case
    for case in CASES["cases"]
    if case["area"] == "assessed_amount" and "last_month_paid" in case["inputs"]
]


def set_in_pack(session, text):
    """Put a pack in force that says more than the shipped one."""
    pack, problems = read_pack(load_packs().packs[REGION].text + text, f"{REGION}.toml")
    assert not problems
    import_packs(session, [pack], actor=SYSTEM, at=AT)


def fen(yuan):
    return int(yuan.replace(".", ""))


def cases_of(session):
    return session.scalars(select(Assessment).order_by(Assessment.id)).all()


@pytest.mark.parametrize("case", ASSESSED, ids=lambda case: case["id"])
def test_the_worked_cases_come_out_of_a_case(session, case):
    employer, person = make_staff(session, paid=None, insurances=(Insurance.PENSION,))
    paid = fen(case["inputs"]["last_month_paid"])
    factories.make_record(
        session, person, "2026-06", employer=employer, employer_fen=paid - 100, employee_fen=100
    )

    assert find(session) == Undeclared(cases=1)
    assert cases_of(session)[0].total_fen == fen(case["expected"]["assessed"])


def test_each_insurance_is_raised_and_rounded_by_itself(session):
    make_staff(session)

    find(session)

    amounts = cases_of(session)[0].amounts
    assert {name: one["employer_fen"] + one["employee_fen"] for name, one in amounts.items()} == {
        "pension": 5_500_000,
        "medical": 1_358_024,
    }


def test_each_insurance_goes_by_its_own_last_month(session):
    """Of the last month only pension was paid: medical is assessed by the month before."""
    employer, person = make_staff(session, paid="2026-05")
    factories.make_record(
        session, person, "2026-06", employer=employer, employer_fen=300, employee_fen=0
    )
    factories.make_record(
        session, person, "2026-06", Insurance.MEDICAL, employer=employer, paid_on=None
    )

    find(session)

    amounts = cases_of(session)[0].amounts
    assert {name: one["employer_fen"] + one["employee_fen"] for name, one in amounts.items()} == {
        "pension": 330,
        "medical": 1_358_024,
    }


def test_an_insurance_never_paid_is_left_to_a_person(session):
    employer, person = make_staff(session)
    factories.make_enrolment(session, person, Insurance.UNEMPLOYMENT, employer=employer)

    assert find(session) == Undeclared(without_last_month=1)
    assert cases_of(session)[0].amounts == {}


def test_an_insurance_that_nobody_has_any_more_is_not_assessed(session):
    employer, person = make_staff(session)
    factories.make_record(session, person, "2019-01", Insurance.MATERNITY, employer=employer)
    factories.make_enrolment(
        session,
        person,
        Insurance.MATERNITY,
        employer=employer,
        from_month="2018-01",
        to_month="2019-01",
    )

    find(session)

    assert set(cases_of(session)[0].amounts) == {"pension", "medical"}


def test_a_total_is_rounded_once_where_the_pack_says_so(session):
    set_in_pack(
        session,
        '\n[[assessment]]\neffective_from = "2026-01"\npublished_on = 2025-12-01\n'
        'notice = "示范"\nconfidence = "demonstration"\nrate = "110"\nscope = "total"\n'
        'last_month = "paid"\n',
    )
    employer, person = make_staff(session, paid=None)
    for insurance, amount in ((Insurance.PENSION, 5), (Insurance.MEDICAL, 5)):
        factories.make_record(
            session, person, "2026-06", insurance, employer=employer,
            employer_fen=amount, employee_fen=0, account_fen=0,
        )  # fmt: skip

    find(session)

    assert cases_of(session)[0].total_fen == 11  # by insurance it would be 6 and 6


def test_looking_twice_finds_nothing_more(session):
    make_staff(session)
    find(session)

    assert find(session) == Undeclared()
    assert len(cases_of(session)) == 1


def test_nothing_is_found_before_the_time_to_declare_is_over(session):
    make_staff(session)

    assert find(session, on=date(2026, 6, 30)) == Undeclared()


def test_no_change_is_not_silence(session):
    employer, person = make_staff(session)
    declare(session, employer, person, "2026-07")

    assert find(session, "2026-11", on=date(2026, 11, 20)) == Undeclared()


def test_the_hire_of_somebody_new_is_no_yearly_declaration(session):
    employer, _ = make_staff(session)
    new = factories.make_person(session, region_code=REGION)
    factories.make_enrolment(session, new, employer=employer, from_month="2026-07")
    declare(session, employer, new, "2026-07", origin="filing_hire")

    assert find(session).cases == 1


@pytest.mark.parametrize("origin", ["filing_hire", "filing_resume"])
def test_somebody_who_comes_back_is_no_yearly_declaration(session, origin):
    employer, person = make_staff(session)
    declare(session, employer, person, "2026-07", origin=origin)

    assert find(session).cases == 1


def test_an_employer_that_came_within_the_year_owes_no_yearly_declaration(session):
    employer = factories.make_employer(session, region_code=REGION)
    new = factories.make_person(session, region_code=REGION)
    factories.make_enrolment(session, new, employer=employer, from_month="2026-07")

    assert find(session) == Undeclared()


def test_a_month_that_was_billed_is_not_assessed(session):
    employer, person = make_staff(session)
    factories.make_record(session, person, "2026-07", employer=employer, paid_on=None)

    assert find(session) == Undeclared()


def test_the_second_month_goes_by_the_last_month_paid(session):
    make_staff(session)
    find(session)

    find(session, "2026-08")

    first, second = cases_of(session)
    assert first.total_fen == second.total_fen


@pytest.fixture
def assessed(session):
    """Decide the case of a month; return whose it is."""
    employer, _person = make_staff(session)
    assert find(session) == Undeclared(cases=1)
    (case,) = cases_of(session)
    propose_found(session, case, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))
    case.state, case.decided_by_account_id, case.decided_at = AssessmentState.DECIDED, 902, AT
    session.flush()
    return employer


def pension_before(session, employer, month, which=LastMonth.ASSESSED):
    """What is taken as the last month's pension, in fen."""
    found = last_amounts(
        session, [employer.id], month, which, region_code=REGION, collected=["pension", "medical"]
    )
    return found[employer.id]["pension"].employer_fen


def test_an_assessed_month_takes_the_place_of_an_earlier_paid_one_where_the_region_says_so(
    session, assessed
):
    last = pension_before(session, assessed, "2026-08")

    assert last > 3_333_333 == pension_before(session, assessed, "2026-08", LastMonth.PAID)
    # Of the month itself nothing is known yet.
    assert pension_before(session, assessed, "2026-07") == 3_333_333


@pytest.mark.parametrize("month", ["2026-07", "2026-08"])
def test_a_paid_month_after_the_assessed_one_or_the_same_counts(session, assessed, month):
    person = factories.make_person(session, region_code=REGION)
    for insurance in (Insurance.PENSION, Insurance.MEDICAL):
        factories.make_record(
            session, person, month, insurance, employer=assessed, employer_fen=77_700
        )

    assert pension_before(session, assessed, "2026-09") == 77_700


def test_only_a_decided_assessment_counts_as_the_last_month(session):
    employer, _person = make_staff(session)
    find(session)

    assert pension_before(session, employer, "2026-08") == 3_333_333


def test_without_a_last_month_a_person_says_the_amount_and_why(session):
    make_staff(session, paid=None)
    found = find(session)
    case = cases_of(session)[0]
    basis = Basis("2026-07", "2026-07", BaseRule.WAGE, 1_000_000, headcount=3)

    assert found == Undeclared(without_last_month=1)
    with pytest.raises(AssessmentRefused, match="no_amount"):
        propose_found(session, case, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))
    with pytest.raises(AssessmentRefused, match="no_reasons"):
        propose_found(
            session, case, basis, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session)
        )
    assert case.state is AssessmentState.FOUND


def test_its_reasons_and_headcount_make_the_amount(session):
    make_staff(session, paid=None)
    find(session)
    case = cases_of(session)[0]
    basis = Basis("2026-07", "2026-07", BaseRule.WAGE, 1_000_000, headcount=3, words="三人在岗")

    propose_found(session, case, basis, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))

    assert case.state is AssessmentState.PROPOSED
    assert case.reasons == "三人在岗"
    assert case.amounts["pension"]["employee_fen"] == 3 * 80_000
    assert case.amounts["pension"]["headcount"] == 3


def test_all_with_an_amount_are_proposed_at_once(session):
    make_staff(session)
    make_staff(session, paid=None)
    find(session)

    assert (
        propose_all(session, REGION, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))
        == 1
    )
    assert [case.state.value for case in cases_of(session)] == ["proposed", "found"]


def test_a_city_raises_each_base_instead(session):
    set_in_pack(session, CITY_RULE)
    employer, person = make_staff(session, base_fen=1_234_567)

    assert find(session) == Undeclared(raised_bases=1)
    assert find(session) == Undeclared()
    raised = session.scalars(select(DeclaredBase).where(DeclaredBase.origin == RAISED)).one()
    assert (raised.from_month, raised.declared_base_fen) == ("2026-07", 1_358_024)
    assert (raised.person_id, raised.employer_id) == (person.id, employer.id)
    assert not cases_of(session)


def test_the_number_of_statements_does_not_grow_with_employers(session):
    for _ in range(3):
        make_staff(session)
    statements = []
    event.listen(
        session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2])
    )

    find(session)

    assert len(cases_of(session)) == 3
    assert len(statements) <= 12


CITY_RULE = (
    '\n[[undeclared_base]]\neffective_from = "2026-01"\npublished_on = 2025-12-01\n'
    'notice = "示范"\nconfidence = "demonstration"\napplies = true\nrate = "110"\n'
)
