"""SIL 58: a report becomes a case; the employer is heard; two people decide; a bill follows."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.staff import duties
from siweb.collection.assessments.decide import decide, drop
from siweb.collection.assessments.hear import hear
from siweb.collection.assessments.kept_steps import steps_of
from siweb.collection.assessments.propose import Basis, propose_for_report
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.assessments.reports.import_list import compare_list
from siweb.collection.assessments.reports.report_hire import drop_report, name_employer
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.tables.assessment import Assessment, AssessmentState, BaseRule
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.parameters.parameter_set import ParameterMissing
from tests import factories
from tests.collection.make_cases import (
    AT,
    DECIDER,
    ON,
    PROPOSER,
    REGION,
    WAGE,
    declare,
    make_staff,
    propose,
    report,
)

AFTER = date(2026, 9, 10)


def decided(session, **told):
    case = propose(session, **told)
    return case, decide(
        session,
        case,
        "按工资流水核定",
        actor=DECIDER,
        on=AFTER,
        at=AT,
        packs=packs_in_force(session),
    )


def test_the_same_report_twice_is_one(session):
    employer = factories.make_employer(session, region_code=REGION)
    person = factories.make_person(session, region_code=REGION)

    first = report(session, employer=employer, person=person)

    assert report(session, employer=employer, person=person) is first


def test_a_case_has_the_premiums_of_each_month(session):
    case = propose(session)

    assert case.state is AssessmentState.PROPOSED
    assert case.amounts["pension"] == {
        "base_fen": 2_000_000,
        "employer_fen": 320_000,
        "employee_fen": 160_000,
        "headcount": 1,
    }
    assert set(case.amounts) == {"pension", "medical", "unemployment", "work_injury", "maternity"}


def test_how_it_was_worked_out_is_kept_with_the_notice_it_goes_by(session):
    case = propose(session)

    line = next(one for one in case.calculation if one["insurance"] == "pension")
    steps = steps_of(line["steps"])

    assert [step.label for step in steps][-1] == "employee_share"
    assert str(steps[-1].result) == "800.00"
    assert steps[0].parameter.region == REGION


def test_the_employer_has_five_working_days(session):
    assert propose(session).hearing_until == date(2026, 8, 27)


def test_a_rule_of_averages_looks_the_base_up(session):
    employer, _ = make_staff(session, base_fen=900_000)
    other = factories.make_person(session, region_code=REGION)
    factories.make_enrolment(session, other, employer=employer)
    declare(session, employer, other, "2025-07", 1_000_001)
    basis = Basis("2026-07", "2026-07", BaseRule.EMPLOYER_AVERAGE, words="同单位平均")

    assert propose(session, basis, employer=employer).base_fen == 950_001


@pytest.mark.parametrize(
    ("basis", "code"),
    [
        (Basis("2026-07", "2026-07", BaseRule.WAGE), "no_wage"),
        (Basis("2026-07", "2026-07", BaseRule.EMPLOYER_AVERAGE), "no_employer_average"),
    ],
)
def test_a_base_that_nobody_knows_is_refused(session, basis, code):
    with pytest.raises(AssessmentRefused, match=code):
        propose(session, basis)


def test_months_without_figures_are_refused(session):
    with pytest.raises(ParameterMissing):
        propose(session, Basis("2001-01", "2001-02", BaseRule.WAGE, 1_000_000))


def test_whoever_takes_part_there_already_needs_no_case(session):
    employer, person = make_staff(session)

    with pytest.raises(AssessmentRefused, match="registered"):
        propose(session, employer=employer, person=person)


@pytest.mark.parametrize(
    ("enrolled", "refused"),
    [
        (("2026-08", None), True),
        (("2026-07", "2026-07"), True),
        (("2026-01", "2026-06"), False),
        (("2026-09", None), False),
    ],
)
def test_months_that_the_levy_bills_are_not_assessed(session, enrolled, refused):
    """Only one of the months is registered: the case would never be settled."""
    employer = factories.make_employer(session, region_code=REGION)
    person = factories.make_person(session, region_code=REGION)
    first, last = enrolled
    factories.make_enrolment(session, person, employer=employer, from_month=first, to_month=last)

    if refused:
        with pytest.raises(AssessmentRefused, match="registered"):
            propose(session, employer=employer, person=person)
    else:
        assert propose(session, employer=employer, person=person).amounts


def test_whoever_was_named_by_a_list_and_is_registered_meanwhile_needs_no_case(session):
    told = report(session)
    person = session.get(Person, told.person_id)
    employer = session.get(Employer, told.employer_id)
    told.person_id, told.id_number = None, person.id_number
    told.number_digest = number_digest(person.id_number)
    factories.make_enrolment(session, person, employer=employer, from_month="2026-07")

    with pytest.raises(AssessmentRefused, match="registered"):
        propose_for_report(
            session, told, WAGE, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session)
        )


def test_a_second_report_of_the_same_months_makes_no_second_case(session):
    case = propose(session)
    told = {"employer": session.get(Employer, case.employer_id), "hired_on": date(2026, 6, 1)}
    person = session.get(Person, case.person_id)

    with pytest.raises(AssessmentRefused, match="assessed"):
        propose(session, person=person, **told)
    earlier = Basis("2026-06", "2026-06", BaseRule.WAGE, 1_000_000)
    again = session.scalars(select(HireReport).where(HireReport.state == ReportState.OPEN)).one()
    assert propose_for_report(
        session, again, earlier, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session)
    )


def test_months_that_have_not_begun_are_refused(session):
    with pytest.raises(AssessmentRefused, match="future_months"):
        propose(session, Basis("2026-08", "2026-09", BaseRule.WAGE, 1_000_000))


def test_a_report_is_taken_up_once(session):
    case = propose(session)
    taken = session.get(HireReport, case.report_id)

    with pytest.raises(AssessmentRefused, match="taken_up"):
        propose_for_report(
            session, taken, WAGE, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session)
        )
    with pytest.raises(AssessmentRefused, match="taken_up"):
        drop_report(session, taken, "不属实", actor=PROPOSER, at=AT)


def test_a_report_that_comes_to_nothing_is_answered(session):
    one = report(session)

    with pytest.raises(AssessmentRefused, match="no_reasons"):
        drop_report(session, one, "", actor=PROPOSER, at=AT)
    drop_report(session, one, "已经参保", actor=PROPOSER, at=AT)

    assert (one.state, one.answer) == (ReportState.DROPPED, "已经参保")


def test_the_employer_is_heard_once_and_in_time(session):
    case = propose(session)

    hear(session, case, "已离职", actor=DECIDER, on=date(2026, 8, 27), at=AT)

    assert case.employer_statement == "已离职"
    with pytest.raises(AssessmentRefused, match="not_heard_now"):
        hear(session, case, "改口", actor=DECIDER, on=ON, at=AT)


def test_after_the_last_day_nobody_is_heard(session):
    case = propose(session)

    with pytest.raises(AssessmentRefused, match="not_heard_now"):
        hear(session, case, "晚了", actor=DECIDER, on=date(2026, 8, 28), at=AT)


def test_while_the_employer_may_answer_nothing_is_decided(session):
    case = propose(session)

    with pytest.raises(AssessmentRefused, match="may_be_heard"):
        decide(
            session,
            case,
            "",
            actor=DECIDER,
            on=date(2026, 8, 27),
            at=AT,
            packs=packs_in_force(session),
        )
    hear(session, case, "没有意见", actor=DECIDER, on=ON, at=AT)
    assert (
        decide(
            session, case, "", actor=DECIDER, on=ON, at=AT, packs=packs_in_force(session)
        ).total_fen
        == case.total_fen
    )


def test_whoever_proposed_it_under_another_key_neither_decides_nor_drops_it(session):
    case = propose(session)
    first, second = (factories.make_person(session) for _each in range(2))
    add_alias(session, first.id, second.id, actor=SYSTEM, at=AT)
    accounts = [factories.make_account(session, person) for person in (first, second)]
    case.proposed_by_account_id = accounts[0].id
    same = Actor(accounts[1].id, second.id)

    with pytest.raises(AssessmentRefused, match="same_person"):
        decide(session, case, "", actor=same, on=AFTER, at=AT, packs=packs_in_force(session))
    with pytest.raises(AssessmentRefused, match="same_person"):
        drop(session, case, "查无此事", actor=same, at=AT)


def test_the_proposer_neither_decides_nor_drops(session):
    case = propose(session)

    with pytest.raises(AssessmentRefused, match="same_person"):
        decide(session, case, "", actor=PROPOSER, on=AFTER, at=AT, packs=packs_in_force(session))
    with pytest.raises(AssessmentRefused, match="same_person"):
        drop(session, case, "算了", actor=PROPOSER, at=AT)


@pytest.mark.parametrize(
    "people",
    [{"decided_by_account_id": 901}, {"decided_by_account_id": None}],
    ids=["the same", "nobody"],
)
def test_the_database_wants_two_people_for_a_decision(session, people):
    case = propose(session)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            update(Assessment)
            .where(Assessment.id == case.id)
            .values(state=AssessmentState.DECIDED, **people)
        )


def test_a_decision_makes_a_bill_by_insurance(session):
    case, bill = decided(session)
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()

    assert bill.assessment_id == case.id
    assert bill.total_fen == case.total_fen == sum(line.total_fen for line in lines)
    assert (bill.contribution_month, bill.through_month) == ("2026-07", "2026-08")
    assert bill.due_on == date(2026, 9, 17)
    assert not check_books(session, packs_in_force(session), Scope())


def test_nothing_is_decided_twice(session):
    case, _ = decided(session)

    with pytest.raises(AssessmentRefused, match="not_proposed"):
        decide(session, case, "", actor=DECIDER, on=AFTER, at=AT, packs=packs_in_force(session))
    with pytest.raises(AssessmentRefused, match="not_proposed"):
        drop(session, case, "算了", actor=DECIDER, at=AT)


def test_a_dropped_case_has_reasons_and_no_bill(session):
    case = propose(session)

    with pytest.raises(AssessmentRefused, match="no_reasons"):
        drop(session, case, "", actor=DECIDER, at=AT)
    drop(session, case, "已在别处参保", actor=DECIDER, at=AT)

    assert case.state is AssessmentState.DROPPED
    assert session.scalar(select(Bill.id).where(Bill.assessment_id == case.id)) is None


def listed(*rows):
    heading = "统一社会信用代码,身份证号码,姓名,入职日期,月工资"
    return "\n".join([heading, *(",".join(row) for row in rows)])


def test_a_list_shows_who_is_not_registered(session):
    employer, person = make_staff(session)
    stranger = factories.make_id_number()
    content = listed(
        (employer.uscc, person.id_number, person.name, "2024-01-08", "9000"),
        (employer.uscc, stranger, "赵无名", "2026-05-06", "8000.50"),
        (employer.uscc, factories.make_id_number(), "刚入职", "2026-08-10", ""),
        (employer.uscc, "310101198503050000", "写错", "2026-05-06", ""),
        (factories.make_uscc(), stranger, "无单位", "2026-05-06", ""),
        (employer.uscc, stranger, "日期错", "5月6日", ""),
    )

    done = compare_list(
        session,
        content.encode("gb18030"),
        packs=packs_in_force(session),
        actor=PROPOSER,
        on=ON,
        at=AT,
    )

    found = session.scalars(select(HireReport)).one()
    assert (done.rows, done.reports, done.in_order) == (6, 1, 2)
    assert [line for line, _ in done.errors] == [5, 7, 6]
    assert (found.person_name, found.person_id, found.wage_fen) == ("赵无名", None, 800_050)
    again = compare_list(
        session, content.encode(), packs=packs_in_force(session), actor=PROPOSER, on=ON, at=AT
    )
    assert again.reports == 0


def test_a_list_tells_nothing_of_another_regions_employers(session):
    employer, person = make_staff(session)
    content = listed((employer.uscc, person.id_number, person.name, "2024-01-08", "9000"))

    done = compare_list(
        session, content.encode(), packs=packs_in_force(session), actor=PROPOSER, on=ON, at=AT,
        scope=duties.Scope(frozenset({"999999"})),
    )  # fmt: skip

    assert (done.in_order, done.errors) == (0, [(2, "unknown_employer")])


def test_a_list_without_its_columns_is_refused(session):
    done = compare_list(
        session, b"name\nx\n", packs=packs_in_force(session), actor=PROPOSER, on=ON, at=AT
    )

    assert done.errors == [(1, "column_uscc")]


def test_a_report_that_became_a_case_meanwhile_is_neither_dropped_nor_about_another(session):
    one = report(session)
    other = factories.make_employer(session)
    # By another desk, after this one read it.
    opened = update(HireReport).values(state=ReportState.CASE_OPENED)
    past = {"synchronize_session": False}
    session.execute(opened.execution_options(**past))

    with pytest.raises(AssessmentRefused, match="taken_up"):
        name_employer(session, one, other.uscc)
    assert one.employer_id != other.id
    session.execute(opened.values(state=ReportState.OPEN).execution_options(**past))
    session.refresh(one)
    session.execute(opened.execution_options(**past))
    with pytest.raises(AssessmentRefused, match="taken_up"):
        drop_report(session, one, "不属实", actor=PROPOSER, at=AT)
