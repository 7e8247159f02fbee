"""The desk: a case is found, proposed by one person and decided by another; staff only."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import event, select

from siweb.collection.tables.assessment import Assessment, AssessmentState
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review
from tests import factories
from tests.collection.make_cases import REGION, declare, make_staff, report
from tests.served import serve
from tests.sign_in import EVERY_FUNCTION, sign_in

NOON = datetime(2026, 8, 20, 4, 0, tzinfo=UTC)
AFTER = datetime(2026, 8, 31, 4, 0, tzinfo=UTC)
LOOK = {"region": REGION, "month": "2026-07"}
CASE = {
    "from_month": "2026-07",
    "to_month": "2026-07",
    "base_rule": "wage",
    "wage": "10000",
    "words": "合同",
}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def desk(clock, client, session):
    """Sign a member of staff in; the same name twice is the same person."""
    people = {}

    def as_staff(name="甲", functions=EVERY_FUNCTION):
        if name not in people:
            people[name] = factories.make_person(session, name=name)
        sign_in(client, session, people[name], functions)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return as_staff


def text_of(answer):
    return answer.get_data(as_text=True)


def case_of(session):
    session.expire_all()
    return session.scalars(select(Assessment).order_by(Assessment.id)).first()


def find(browser):
    return browser.post("/desk/assessments/look", data=LOOK | {"do": "find"}, follow_redirects=True)


def test_two_people_take_a_missing_declaration_to_bill_and_notice(desk, session, clock):
    make_staff(session)
    assert "Found: 1;" in text_of(find(desk()))
    address = f"/desk/assessments/{case_of(session).reference}"

    assert "the employer may comment" in text_of(
        desk().post(f"{address}/propose", follow_redirects=True)
    )
    assert serve(session) == 1
    session.commit()
    clock.move_to(AFTER)
    page = text_of(desk().get(address))
    assert "You proposed this" in page
    refused = desk().post(f"{address}/decide", data={"words": ""}, follow_redirects=True)
    assert "a second person does" in text_of(refused)
    page = text_of(desk("乙").post(f"{address}/decide", data={"words": ""}, follow_redirects=True))

    assert "Last day to pay" in page
    bill = session.scalars(select(Bill)).one()
    assert bill.total_fen == case_of(session).total_fen == 6_858_024
    assert desk("乙").get(f"{address}/notice.pdf").data.startswith(b"%PDF")


def test_a_decision_is_offered_once_the_proposal_was_served_and_its_days_are_over(
    desk, session, clock
):
    make_staff(session)
    find(desk())
    address = f"/desk/assessments/{case_of(session).reference}"
    desk().post(f"{address}/propose")
    button = "Decide: bill and notice"

    page = text_of(desk("乙").get(address))
    assert "The proposal was not served yet" in page
    assert button not in page
    serve(session)
    session.commit()
    page = text_of(desk("乙").get(address))
    assert "may still answer" in page
    assert button not in page
    clock.move_to(AFTER)
    assert button in text_of(desk("乙").get(address))


def test_while_the_employer_may_answer_a_decision_is_refused(desk, session):
    make_staff(session)
    find(desk())
    address = f"/desk/assessments/{case_of(session).reference}"
    desk().post(f"{address}/propose")
    serve(session)
    session.commit()

    page = text_of(desk("乙").post(f"{address}/decide", data={}, follow_redirects=True))

    assert "may still answer" in page
    assert session.scalars(select(Bill)).all() == []


def test_what_was_filed_before_the_decision_ends_the_case(desk, session, clock):
    employer, person = make_staff(session)
    find(desk())
    address = f"/desk/assessments/{case_of(session).reference}"
    desk().post(f"{address}/propose")
    declare(session, employer, person, "2026-07")
    clock.move_to(AFTER)

    page = text_of(desk("乙").post(f"{address}/decide", data={}, follow_redirects=True))

    assert "filed meanwhile: the case has ended" in page
    assert case_of(session).state is AssessmentState.DROPPED


def test_a_second_person_ends_a_case_with_reasons(desk, session):
    make_staff(session)
    find(desk())
    address = f"/desk/assessments/{case_of(session).reference}"
    desk().post("/desk/assessments/look", data=LOOK | {"do": "propose"})

    without = desk("乙").post(f"{address}/drop", data={"words": ""}, follow_redirects=True)
    assert "Say the reasons" in text_of(without)
    desk("乙").post(f"{address}/drop", data={"words": "停业"})

    assert case_of(session).state is AssessmentState.DROPPED


def test_without_a_last_month_heads_and_reasons_are_asked(desk, session):
    make_staff(session, paid=None)
    assert "without a last month: 1;" in text_of(find(desk()))
    address = f"/desk/assessments/{case_of(session).reference}"

    assert desk().post(f"{address}/propose", data={}).status_code == 422
    answer = desk().post(f"{address}/propose", data=CASE | {"headcount": "3"})

    assert answer.status_code == 303
    assert case_of(session).amounts["pension"]["headcount"] == 3


def test_a_month_without_figures_is_said(desk, session):
    make_staff(session)
    typed = {"region": REGION, "month": "1990-01", "do": "find"}

    page = text_of(desk().post("/desk/assessments/look", data=typed, follow_redirects=True))

    assert "no figures for these months" in page


def test_what_was_declared_meanwhile_is_settled_from_the_list(desk, session):
    employer, person = make_staff(session)
    find(desk())
    declare(session, employer, person, "2026-07")

    page = desk().post(
        "/desk/assessments/look", data=LOOK | {"do": "settle"}, follow_redirects=True
    )

    assert "Settled: 0." in text_of(page)
    assert case_of(session).state is AssessmentState.DROPPED


def test_a_report_becomes_a_case(desk, session):
    told = report(session)
    session.commit()
    address = f"/desk/hire-reports/{told.reference}"
    assert "钱待办" in text_of(desk().get("/desk/hire-reports"))
    assert 'value="2026-07"' in text_of(desk().get(address))

    page = text_of(desk().post(address, data=CASE, follow_redirects=True))

    assert "the employer may comment" in page
    assert case_of(session).report_id == told.id


def test_staff_see_where_else_the_person_takes_part(desk, session):
    person = factories.make_person(session)
    employer = factories.make_employer(session, name="别处公司")
    factories.make_enrolment(session, person, employer=employer)
    told = report(session, person=person)
    session.commit()

    page = text_of(desk().get(f"/desk/hire-reports/{told.reference}"))

    assert "别处公司: since January 2024" in page


def test_a_report_whose_employer_nobody_named_is_given_one(desk, session):
    told = report(session)
    employer_id, told.employer_id = told.employer_id, None
    session.commit()
    address = f"/desk/hire-reports/{told.reference}/employer"

    assert desk().post(address, data={"employer": "没有这家"}).status_code == 422
    assert desk().post(address, data={"employer": told.employer_named}).status_code == 303
    session.expire_all()
    assert told.employer_id == employer_id


def test_a_report_without_a_case_is_answered(desk, session):
    told = report(session)
    session.commit()
    address = f"/desk/hire-reports/{told.reference}/drop"

    assert desk().post(address, data={"answer": ""}).status_code == 422
    desk().post(address, data={"answer": "已参保"})

    session.expire_all()
    assert (told.state, told.answer) == (ReportState.DROPPED, "已参保")


def test_a_case_that_cannot_be_opened_says_why(desk, session):
    told = report(session)
    session.commit()
    address = f"/desk/hire-reports/{told.reference}"

    no_wage = desk().post(address, data=CASE | {"wage": ""})
    wrong_order = desk().post(address, data=CASE | {"to_month": "2026-06"})

    assert (no_wage.status_code, wrong_order.status_code) == (422, 422)
    assert "Enter the monthly wage" in text_of(no_wage)
    assert "is before the first" in text_of(wrong_order)


def test_an_uploaded_list_is_compared(desk, session):
    employer, _ = make_staff(session)
    session.commit()
    rows = f"uscc,id_number,name,hired_on\n{employer.uscc},{factories.make_id_number()},赵六,2026-03-02\nx,y,z,w\n"
    upload = {"file": (BytesIO(rows.encode()), "list.csv")}

    page = text_of(desk().post("/desk/hire-reports/lists", data=upload))

    assert session.scalars(select(HireReport)).one().person_name == "赵六"
    assert "Line 3" in page
    assert desk().post("/desk/hire-reports/lists", data={}).status_code == 422


def test_questioned_months_that_nobody_registered_become_one_report(desk, session, review):
    for month in ("2025-03", "2025-05"):
        question(session, review, month)
    question(session, review, "2025-04", Problem.WRONG_BASE)
    session.commit()

    desk().post("/desk/hire-reports/reviews")
    desk().post("/desk/hire-reports/reviews")

    told = session.scalars(select(HireReport)).one()
    assert (f"{told.hired_on}", f"{told.ended_on}") == ("2025-03-01", "2025-05-31")
    assert (told.person_id, told.words) == (review.person_id, "有工资条")


@pytest.mark.parametrize(
    ("is_former", "stands"), [(None, True), (False, False), (True, True), (True, False)]
)
def test_months_in_which_an_employer_had_registered_are_left_to_the_review(
    desk, session, review, is_former, stands
):
    question(session, review, "2025-03")
    person = session.get_one(Person, review.person_id)
    # Under another registration of theirs: by now it is a former one, or the one that stands.
    former = factories.make_person(session)
    enrolled = former if is_former else person
    factories.make_enrolment(session, enrolled, employer=factories.make_employer(session))
    if is_former is not None:
        keys = (former, person) if stands else (person, former)
        session.add(PersonAlias(former_id=keys[0].id, person_id=keys[1].id, merged_at=NOON))
    session.commit()

    desk().post("/desk/hire-reports/reviews")

    assert session.scalars(select(HireReport)).all() == []


@pytest.mark.parametrize(
    "address", ["/desk/assessments", "/desk/hire-reports", "/desk/hire-reports/lists"]
)
def test_for_others_the_desk_does_not_exist(desk, address):
    assert desk("丙", ()).get(address).status_code == 404


def test_others_change_nothing(desk, session):
    make_staff(session)
    find(desk())
    address = f"/desk/assessments/{case_of(session).reference}"

    for deed in ("propose", "decide", "drop", "settle"):
        assert desk("丙", ()).post(f"{address}/{deed}").status_code == 404
    assert case_of(session).state is AssessmentState.FOUND


@pytest.mark.parametrize("address", ["", "?state=found", "case"])
def test_the_pages_cost_few_statements(desk, session, engine, address):
    for _ in range(3):
        make_staff(session)
    browser = desk()
    find(browser)
    at = f"/{case_of(session).reference}" if address == "case" else address
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    assert browser.get(f"/desk/assessments{at}").status_code == 200
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 8


@pytest.fixture
def review(session):
    """A record check that was sent in."""
    person = factories.make_person(session, region_code=REGION)
    campaign = Campaign(
        kind="record_check",
        region_code=REGION,
        year=2025,
        period_from_month="2025-01",
        period_to_month="2025-12",
        opens_on=factories.AT.date(),
        rules={},
    )
    session.add(campaign)
    session.flush()
    review = Review(
        reference="R1",
        campaign_id=campaign.id,
        person_id=person.id,
        state="manual_review",
        opened_at=factories.AT,
    )
    session.add(review)
    session.flush()
    return review


def question(session, review, month, problem=Problem.MISSING):
    session.add(
        Objection(
            review_id=review.id,
            problem=problem,
            contribution_month=month,
            words="有工资条",
            raised_at=factories.AT,
        )
    )
    session.flush()
