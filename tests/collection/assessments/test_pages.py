"""What the employer and the insured person see: the case, the hearing, the notice, own reports."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import event, select

from siweb.auth.tables.account import Account
from siweb.collection.assessments.decide import decide, drop
from siweb.collection.assessments.notice import give_notice
from siweb.collection.tables.assessment import AssessmentState
from siweb.collection.tables.hire_report import HireReport
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from tests import factories
from tests.collection.make_cases import AT, DECIDER, REGION, propose
from tests.sign_in import sign_in

NOON = datetime(2026, 8, 21, 4, 0, tzinfo=UTC)
AFTER = date(2026, 9, 10)


@pytest.fixture
def _now():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def case(session):
    return propose(session)


@pytest.fixture
def filer(session):
    return factories.make_person(session, name="王芳")


@pytest.fixture
def browser(_now, client, session, filer):
    sign_in(client, session, filer)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def act_as(session, browser, filer, case):
    """Let the filer act for the employer of the case; return the case's address."""

    def give(kind="filer", employer_id=None):
        employer = session.get_one(Employer, employer_id or case.employer_id)
        account = session.scalars(select(Account).where(Account.person_id == filer.id)).one()
        factories.make_mandate(session, account, employer, kind)
        session.commit()
        return f"/employer/{employer.uscc}/assessments/{case.reference}"

    return give


def text_of(answer):
    return answer.get_data(as_text=True)


def decide_now(app, session, case):
    bill = decide(
        session, case, "按流水", actor=DECIDER, on=AFTER, at=AT, packs=packs_in_force(session)
    )
    with app.app_context():
        give_notice(
            session,
            case,
            bill,
            packs=packs_in_force(session),
            actor=DECIDER,
            on=AFTER,
            at=AT,
            secret="test " * 8,
        )
    session.commit()
    return bill


def test_the_employer_sees_amount_explanation_and_until_when_it_is_heard(browser, act_as, case):
    page = text_of(browser.get(act_as("viewer")))

    assert "until 27 August 2026" in page
    assert f"CNY {case.total_fen // 100:,}." in page
    assert "How is this calculated?" in page
    assert "CNY 10,000.00 × rate 8 %" in page
    assert "Reported by the person" not in page
    assert "19850305" not in page


def test_only_a_filer_answers(browser, act_as):
    address = act_as("viewer")

    assert browser.get(f"{address}/answer").status_code == 404


def test_what_the_employer_says_is_kept_once(browser, act_as, session, case):
    address = act_as()
    words = {"answer": "states", "words": "七月十日才到岗"}

    page = text_of(browser.post(f"{address}/answer", data=words, follow_redirects=True))

    session.refresh(case)
    assert case.employer_statement == "七月十日才到岗"
    assert "七月十日才到岗" in page
    again = browser.post(f"{address}/answer", data=words, follow_redirects=True)
    assert "answered before" in text_of(again)


def test_nothing_to_say_is_an_answer_too(browser, act_as, session, case):
    browser.post(f"{act_as()}/answer", data={"answer": "agrees", "words": "不算"})

    session.refresh(case)
    assert (case.employer_statement, case.heard_at) == ("", NOON)


@pytest.mark.parametrize("typed", [{}, {"answer": "states", "words": " "}])
def test_an_answer_without_content_is_asked_again(browser, act_as, typed):
    answer = browser.post(f"{act_as()}/answer", data=typed)

    assert answer.status_code == 422
    assert " to correct" in text_of(answer)


def test_the_notice_can_be_read_once_it_is_decided(browser, act_as, app, session, case):
    address = act_as("viewer")
    assert browser.get(f"{address}/notice.pdf").status_code == 404

    bill = decide_now(app, session, case)

    page, paper = text_of(browser.get(address)), browser.get(f"{address}/notice.pdf")
    assert "Last day to pay" in page
    assert f"{bill.total_fen // 100:,}" in PdfReader(BytesIO(paper.data)).pages[0].extract_text()


def test_a_dropped_case_says_why(browser, act_as, session, case):
    drop(session, case, "已在外地参保", actor=DECIDER, at=AT)
    address = act_as("viewer")

    assert "已在外地参保" in text_of(browser.get(address))


def test_the_list_leads_to_the_case(browser, act_as, case):
    address = act_as("viewer")

    page = text_of(browser.get(address.rpartition("/")[0]))

    assert address in page
    assert "comment by 27 August 2026" in page


def test_another_employers_case_does_not_exist(browser, act_as, session, case):
    other = factories.make_employer(session)
    act_as("owner", other.id)

    address = f"/employer/{other.uscc}/assessments/{case.reference}"
    assert browser.get(address).status_code == 404
    assert browser.get(f"{address}/answer").status_code == 404
    assert browser.get(f"{address}/notice.pdf").status_code == 404


def test_what_is_only_found_is_not_shown_to_the_employer(browser, act_as, session, case):
    case.state, case.proposed_at = AssessmentState.FOUND, None

    assert browser.get(act_as("owner")).status_code == 404


def test_a_case_costs_few_statements(browser, act_as, session, engine):
    address, statements = act_as(), []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    page = browser.get(address)

    assert page.status_code == 200
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 8


def test_a_person_reports_the_own_employer_once(browser, session, filer):
    employer = factories.make_employer(session, name="乙公司", region_code=REGION)
    typed = {"employer": "乙公司", "hired_on": "2026-03-01", "wage": "8,000"}

    browser.post("/my-work", data=typed)
    page = text_of(browser.post("/my-work", data=typed, follow_redirects=True))

    report = session.scalars(select(HireReport)).one()
    assert (report.employer_id, report.wage_fen) == (employer.id, 800_000)
    assert report.person_id == report.reported_by_person_id == filer.id
    assert "The agency is examining it" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"hired_on": "2026-03-01"}, "Enter which employer it is."),
        ({"employer": "乙公司"}, "Enter the date on which you began"),
        (
            {"employer": "乙公司", "hired_on": "2026-03-01", "ended_on": "2026-02-01"},
            "The last day of work is before the first.",
        ),
    ],
)
def test_a_report_that_lacks_something_is_asked_again(browser, typed, said):
    answer = browser.post("/my-work", data=typed)

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_nobody_sees_the_reports_of_others(browser, session):
    propose(session)
    session.commit()

    assert "Reported on" not in text_of(browser.get("/my-work"))


def test_the_employers_home_says_that_there_is_something_to_answer(browser, act_as):
    home = act_as("viewer").partition("/assessments")[0]

    assert "The agency proposes 1 assessment:" in text_of(browser.get(home))


def test_who_reported_sees_how_the_case_stands(browser, session, filer):
    propose(session, person=filer)
    session.commit()

    page = text_of(browser.get("/my-work"))

    assert "The agency opened a case" in page
    assert "Proposed: the employer may comment" in page


def test_nobody_buries_the_agency_in_reports(browser, session, filer):
    for number in range(20):
        typed = {"employer": f"单位{number}", "hired_on": "2026-03-01"}
        assert browser.post("/my-work", data=typed).status_code == 303

    answer = browser.post("/my-work", data={"employer": "又一家", "hired_on": "2026-03-01"})

    assert answer.status_code == 422
    assert "Call 12333, please." in text_of(answer)
