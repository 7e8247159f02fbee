"""Who has no employer says once a year as what they have medical insurance, and why it is less."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.registry.codes import Insurance, Scheme
from siweb.reviews.begin.tell import tell_of_campaigns
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, ObjectionState
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

LAST_DAY = date(2026, 12, 31)


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


@pytest.fixture
def campaign(session, person):
    campaign = Campaign(
        region_code=person.region_code,
        kind=ReviewKind.MEDICAL_STATUS,
        year=2027,
        period_from_month="2027-01",
        period_to_month="2027-12",
        opens_on=date(2026, 10, 1),
        closes_on=LAST_DAY,
        rules={},
    )
    session.add(campaign)
    session.commit()
    return campaign


@pytest.fixture
def insure(session, person):
    def insure(scheme=Scheme.RESIDENT, insurance=Insurance.MEDICAL, **values):
        made = factories.make_enrolment(
            session, person, scheme=scheme, insurance=insurance, **values
        )
        session.commit()
        return made

    return insure


def begin(browser, campaign):
    started = browser.post("/reviews/start", data={"campaign": campaign.id})
    case = started.location.removesuffix("/resume")
    contact = {"seen": 0, "name_is": "right", "mobile": "13800001234"}
    browser.post(f"{case}/steps/contact", data=contact)
    return case


def state(browser, campaign, relief=None, **status):
    """Answer and send: the page of the case."""
    case = begin(browser, campaign)
    browser.post(f"{case}/steps/status", data={"seen": 0, **status})
    if relief is not None:
        browser.post(f"{case}/steps/relief", data={"seen": 0, "relief": relief})
    return case, browser.post(f"{case}/check", follow_redirects=True)


@pytest.mark.parametrize(
    ("scheme", "insurance", "last", "is_listed"),
    [
        (Scheme.RESIDENT, Insurance.MEDICAL, None, True),
        (Scheme.FLEXIBLE, Insurance.MEDICAL, None, True),
        (Scheme.FLEXIBLE, Insurance.PENSION, None, False),
        (Scheme.RESIDENT, Insurance.MEDICAL, "2026-10", False),
        (Scheme.EMPLOYEE, Insurance.MEDICAL, None, False),
    ],
)
def test_it_is_for_whoever_has_medical_insurance_without_an_employer(
    browser, session, person, campaign, insure, employer, scheme, insurance, last, is_listed
):
    of = {"employer": employer} if scheme is Scheme.EMPLOYEE else {}
    insure(scheme, insurance, to_month=last, **of)

    assert ("Medical insurance status 2027" in browser.get("/reviews").text) == is_listed
    assert ("State my status" in browser.get("/").text) == is_listed
    told = tell_of_campaigns(session, on=campaign.opens_on, at=NOW)
    assert told == int(is_listed)


@pytest.mark.parametrize(
    ("scheme", "status", "relief"),
    [
        (Scheme.RESIDENT, "student", "none"),
        (Scheme.FLEXIBLE, "flexible", None),
    ],
)
def test_what_the_register_has_passes_and_the_receipt_says_the_status(
    browser, session, campaign, insure, scheme, status, relief
):
    insure(scheme)

    _case, page = state(browser, campaign, relief, status=status)

    assert "You stated the status that the register has." in page.text
    assert session.scalar(select(Review.state)) is ReviewState.PASSED
    assert not session.scalars(select(Objection)).all()
    receipt = browser.get(re.search(r'href="(/documents/[^"]+)"', page.text)[1]).text
    assert "How you have medical insurance" in receipt


@pytest.mark.parametrize(
    ("scheme", "answers", "problems"),
    [
        (Scheme.RESIDENT, {"status": "resident", "relief": "allowance"}, ["medical_relief"]),
        (Scheme.FLEXIBLE, {"status": "elsewhere", "place": "南京"}, ["medical_status"]),
        (
            Scheme.FLEXIBLE,
            {"status": "student", "relief": "disabled"},
            ["medical_status", "medical_relief"],
        ),
    ],
)
def test_what_differs_or_is_subsidised_is_examined_and_nothing_changes_before(
    browser, session, campaign, insure, scheme, answers, problems
):
    enrolment = insure(scheme)

    state(browser, campaign, **answers)

    assert session.scalar(select(Review.state)) is ReviewState.MANUAL_REVIEW
    found = session.scalars(select(Objection).order_by(Objection.id)).all()
    assert [each.problem.value for each in found] == problems
    assert {each.employer_id for each in found} == {None}
    session.refresh(enrolment)
    assert (enrolment.scheme, enrolment.to_month) == (scheme, None)


@pytest.mark.parametrize(
    ("born_on", "offered", "missing"),
    [
        (date(1966, 11, 24), ["old"], ["minor"]),
        (date(1966, 11, 25), [], ["old", "minor"]),
        (date(2008, 11, 24), [], ["old", "minor"]),
        (date(2008, 11, 25), ["minor"], ["old"]),
    ],
)
def test_a_ground_that_needs_an_age_is_offered_from_the_birthday_on(
    browser, session, person, campaign, insure, born_on, offered, missing
):
    person.born_on = born_on
    insure()
    case = begin(browser, campaign)
    browser.post(f"{case}/steps/status", data={"seen": 0, "status": "resident"})

    page = browser.get(f"{case}/steps/relief").text

    for code in offered:
        assert f'value="{code}"' in page
        assert (
            browser.post(f"{case}/steps/relief", data={"seen": 0, "relief": code}).status_code
            == 303
        )
    for code in missing:
        assert f'value="{code}"' not in page
        answer = browser.post(f"{case}/steps/relief", data={"seen": 0, "relief": code})
        assert answer.status_code == 422


def test_a_child_under_sixteen_works_nowhere(browser, session, person, campaign, insure):
    person.born_on = date(2010, 11, 25)
    insure()
    case = begin(browser, campaign)

    page = browser.get(f"{case}/steps/status").text

    assert 'value="student"' in page
    assert 'value="flexible"' not in page
    assert 'value="employer"' not in page


def test_where_one_is_insured_must_be_said(browser, campaign, insure):
    insure()
    case = begin(browser, campaign)

    answer = browser.post(f"{case}/steps/status", data={"seen": 0, "status": "elsewhere"})

    assert answer.status_code == 422
    assert "Write the employer’s name, or the city." in answer.text


def test_without_an_answer_one_stays_insured_as_the_register_has_it(
    browser, session, person, campaign, insure
):
    enrolment = insure()
    case = begin(browser, campaign)
    said = "Without an answer you stay insured as the register has it."
    page = browser.get(f"{case}/steps/status").text
    assert said in page
    # Asked in 2026 for the next year: no "this year" may stand there.
    assert "for the year 2027." in page and "this year" not in page
    assert "<p>The register has: <b>" in page

    with time_machine.travel("2027-01-01T09:00:00+08:00", tick=False):
        tell_of_campaigns(session, on=date(2027, 1, 1), at=NOW)
        sign_in(browser, session, person)
        assert "Medical insurance status" not in browser.get("/reviews").text
    session.refresh(enrolment)
    assert (enrolment.scheme, enrolment.to_month) == (Scheme.RESIDENT, None)


def test_it_can_be_stated_again_and_begins_with_what_was_stated(browser, session, campaign, insure):
    insure()
    case, page = state(browser, campaign, "none", status="student")
    assert "You can state it again while the window is open." in page.text
    assert "State it again" in browser.get(case).text

    again = begin(browser, campaign)

    assert re.search(
        r'<input[^>]*checked[^>]*value="student"', browser.get(f"{again}/steps/status").text
    )
    _case, _page = state(browser, campaign, "allowance", status="resident")
    states = session.scalars(select(Review.state).order_by(Review.round)).all()
    assert states == [ReviewState.PASSED, ReviewState.MANUAL_REVIEW]


def test_nobody_is_told_that_an_employer_is_no_longer_asked(browser, campaign, insure):
    insure()
    case, _page = state(browser, campaign, "allowance", status="resident")

    page = browser.get(f"{case}/take-back").text

    assert "the receipt becomes invalid" in page.lower()
    assert "Your employer" not in page


def test_reminders_come_before_the_last_day_until_it_is_sent(browser, session, campaign, insure):
    insure()
    days = [date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 24)]
    assert [tell_of_campaigns(session, on=day, at=NOW) for day in days[:2]] == [1, 1]

    state(browser, campaign, "none", status="resident")

    assert tell_of_campaigns(session, on=days[2], at=NOW) == 0


def test_the_desk_reads_what_was_stated_and_sets_it_right(browser, session, campaign, insure):
    insure()
    case, _page = state(browser, campaign, status="employer", place="乙公司")
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )
    reference = case.rpartition("/")[2]

    page = browser.get(f"/desk/reviews/{reference}").text
    assert "Through an employer" in page
    assert "乙公司" in page
    objection = session.scalars(select(Objection)).one()
    browser.post(
        f"/desk/reviews/{reference}",
        data={f"verdict_{objection.id}": "yes", f"words_{objection.id}": "已查实"},
    )

    task = session.scalars(select(ReviewTask)).one()
    assert task.kind is TaskKind.CORRECT_STATUS
    assert "Correct the medical status" in browser.get("/desk?kind=corrections").text
    browser.post(f"/desk/review-tasks/task/{task.id}", data={"outcome": "已停止居民参保"})
    session.expire_all()
    assert session.scalars(select(Objection)).one().state is ObjectionState.CORRECTED
    assert session.scalar(select(Review.state)) is ReviewState.PASSED
