"""Questions start from the record: months are ticked as rows, and one month is one question."""

import json
import re

import pytest
from sqlalchemy import select

from siweb.registry.codes import Insurance
from siweb.reviews.kinds.outcome import Finding
from siweb.reviews.objections.raise_findings import parts_of
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.sign_in import sign_in

FIVE = list(Insurance)


@pytest.fixture(autouse=True)
def _insured(session, person, employer):
    """The person was insured in five insurances from March on."""
    for insurance in FIVE:
        factories.make_enrolment(
            session, person, insurance, employer=employer, from_month="2025-03"
        )
    session.commit()


@pytest.fixture
def browser(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


def send(browser, case, step, **typed):
    return browser.post(f"{case}/steps/{step}", data={"seen": 0} | typed)


@pytest.fixture
def campaign(make_review):
    return make_review(state=ReviewState.PASSED).campaign_id


@pytest.fixture
def case(browser, campaign):
    """A record check at its questions."""
    case = browser.post("/reviews/start", data={"campaign": campaign}).location.removesuffix(
        "/resume"
    )
    send(browser, case, "contact", name_is="right", mobile="13800001234")
    send(browser, case, "insurances", verdict="right")
    send(browser, case, "months", verdict="wrong")
    return case


def ticked(page):
    """The months that are ticked on a page."""
    return re.findall(
        r'checked id="months-\d+" name="months" type="checkbox" value="([^"]+)"', page
    )


def questioned(session):
    return session.scalars(
        select(Objection).where(Objection.found_by_office.is_(False)).order_by(Objection.id)
    ).all()


@pytest.mark.parametrize("is_missing", [True, False])
def test_all_right_is_chosen_beforehand_only_where_no_month_is_missing(
    browser, session, person, employer, campaign, is_missing
):
    months = [] if is_missing else [f"2025-{number:02}" for number in range(3, 13)]
    for month in months:
        for insurance in FIVE:
            factories.make_record(session, person, month, insurance, employer=employer)
    session.commit()
    began = browser.post("/reviews/start", data={"campaign": campaign})
    case = began.location.removesuffix("/resume")
    send(browser, case, "contact", name_is="right", mobile="13800001234")
    send(browser, case, "insurances", verdict="right")

    page = browser.get(f"{case}/steps/months").text

    # The one picture of twelve months, as on home: a cell for each month and insurance.
    assert page.count("<td class=") == 12 * len(FIVE)
    assert ("are missing although" in page) is is_missing
    assert bool(re.search("<input checked[^>]*verdict", page)) is not is_missing
    # Whoever only presses on is asked, and says nothing by it.
    assert send(browser, case, "months").status_code == 422


def finish(browser, case):
    send(browser, case, "account", verdict="right")
    assert browser.post(f"{case}/check").status_code == 303


def test_every_month_of_the_year_is_a_row_with_its_states(browser, case):
    page = browser.get(f"{case}/steps/questions").text

    assert page.count('type="checkbox" value="2025-') == 0 or page.count('value="2025-') == 12
    assert "March 2025" in page
    assert "all five insurances" in page


def test_several_months_are_questioned_at_once_with_one_problem(browser, session, case):
    send(
        browser,
        case,
        "questions",
        months=["2025-03", "2025-05"],
        problem="wrong_base",
        claimed_base="9,000",
        words="工资条",
        insurances=["pension"],
    )
    finish(browser, case)

    found = questioned(session)
    assert [each.contribution_month for each in found] == ["2025-03", "2025-05"]
    assert {(each.claimed_base_fen, each.words) for each in found} == {(900_000, "工资条")}


def test_a_month_missing_in_five_insurances_is_one_question(browser, session, case, employer):
    send(browser, case, "questions", months="2025-03", problem="missing")
    finish(browser, case)

    (objection,) = questioned(session)
    assert objection.insurances == FIVE
    assert objection.employer_id == employer.id


def test_what_the_office_finds_missing_is_one_objection_a_month_too(browser, session, case):
    send(browser, case, "questions", months="2025-03", problem="missing")
    finish(browser, case)

    found = session.scalars(select(Objection).where(Objection.found_by_office)).all()
    months = [each.contribution_month for each in found]
    assert "2025-03" not in months
    assert len(months) == len(set(months)) == 9


def test_months_are_added_and_given_up_by_unticking(browser, case):
    send(browser, case, "questions", months="2025-03", problem="missing", stay="yes")
    page = browser.get(f"{case}/steps/questions").text
    assert "March 2025 · The month is missing" in page
    kept = json.dumps(
        [
            {"month": month, "problem": "missing", "insurances": ["pension"], "words": ""}
            for month in ("2025-03", "2025-04")
        ]
    )

    send(browser, case, "questions", seen=1, kept=kept, keep="2025-04|missing")

    page = browser.get(f"{case}/steps/questions").text
    assert "April 2025 · The month is missing" in page
    assert "March 2025 · The month is missing" not in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Select at least one month, or go back and confirm that all is right."),
        ({"problem": "missing"}, "Select at least one month."),
        ({"words": "工资条"}, "Select at least one month."),
        ({"claimed_base": "0"}, "Select at least one month."),
        ({"months": "2025-03"}, "Choose what is wrong with the selected months."),
        ({"months": "2024-12", "problem": "missing"}, "Select at least one month"),
        ({"months": "2025-03", "problem": "nonsense"}, "Choose what is wrong"),
        ({"months": "2025-03", "problem": "missing", "claimed_base": "viel"}, "Enter an amount"),
    ],
)
def test_what_is_unfinished_says_so_and_keeps_what_was_ticked(browser, case, typed, sentence):
    answer = send(browser, case, "questions", **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    if typed.get("months") == "2025-03":
        assert ticked(answer.text) == ["2025-03"]


@pytest.mark.parametrize(
    "kept",
    [
        "no json",
        "{}",
        "[1]",
        '[{"month": "2025-03"}]',
        "[" * 100_000,
        json.dumps(
            [{"month": "2030-01", "problem": "missing", "insurances": ["pension"], "words": ""}]
        ),
        json.dumps(
            [{"month": "2025-03", "problem": "theft", "insurances": ["pension"], "words": ""}]
        ),
        json.dumps(
            [{"month": "2025-03", "problem": "missing", "insurances": ["fire"], "words": ""}]
        ),
        json.dumps([{"month": "2025-03", "problem": "missing", "insurances": [], "words": ""}]),
        json.dumps(
            [
                {
                    "month": "2025-03",
                    "problem": "missing",
                    "insurances": ["pension"],
                    "words": "x" * 301,
                }
            ]
        ),
        json.dumps(
            [
                {
                    "month": "2025-03",
                    "problem": "missing",
                    "insurances": ["pension"],
                    "words": "",
                    "claimed_base_fen": -1,
                }
            ]
        ),
    ],
)
def test_a_forged_hidden_field_is_no_question(browser, case, kept):
    answer = send(
        browser, case, "questions", kept=kept, keep=["2025-03|missing", "2030-01|missing"]
    )

    assert answer.status_code == 422
    assert "Select at least one month" in answer.text


def test_in_two_jobs_each_employer_is_asked_about_its_own():
    finding = Finding(
        Problem.MISSING, insurances=("pension", "medical", "work_injury"), month="2025-03"
    )
    employers = {("pension", "2025-03"): {1}, ("work_injury", "2025-03"): {2, 1}}

    assert list(parts_of(finding, employers)) == [
        # Work injury is insured in both jobs, and each of the two knows of its own.
        (1, ("pension", "medical", "work_injury")),
        (2, ("work_injury",)),
    ]


def test_a_month_that_no_employer_declared_is_asked_of_none():
    finding = Finding(Problem.MISSING, insurances=("pension",), month="2025-03")

    assert list(parts_of(finding, {("pension", "2025-04"): {1}})) == [(None, ("pension",))]


def test_the_month_page_leads_to_the_question_with_the_month_ticked(browser, session, campaign):
    session.scalars(select(Review)).one().state = ReviewState.DRAFT
    session.commit()
    assert 'href="/reviews/question/2025-04"' in browser.get("/record/months/2025-04").text

    resume = browser.post("/reviews/question/2025-04").location
    case = resume.removesuffix("/resume")

    assert browser.get(resume).location.endswith("/steps/contact")
    send(browser, case, "contact", name_is="right", mobile="13800001234")
    assert send(browser, case, "insurances", verdict="right").location.endswith("/steps/months")
    months = browser.get(f"{case}/steps/months").text
    assert 'checked id="verdict-1"' in months
    assert send(browser, case, "months", seen=1, verdict="wrong").location.endswith("/questions")
    page = browser.get(f"{case}/steps/questions").text
    assert ticked(page) == ["2025-04"]
    assert "error-summary" not in page


def test_a_second_month_is_ticked_beside_the_first(browser, session, campaign):
    for month in ("2025-04", "2025-06"):
        resume = browser.post(f"/reviews/question/{month}").location
    case = resume.removesuffix("/resume")
    send(browser, case, "contact", name_is="right", mobile="13800001234")
    send(browser, case, "insurances", verdict="right")

    page = browser.get(f"{case}/steps/questions").text

    assert ticked(page) == ["2025-04", "2025-06"]


@pytest.mark.parametrize("month", ["2024-12", "2026-01"])
def test_a_month_outside_the_record_check_says_what_to_do_instead(browser, campaign, month):
    assert "No record check covers this month" in browser.get(f"/reviews/question/{month}").text
    assert "No record check covers this month" in browser.post(f"/reviews/question/{month}").text


@pytest.mark.parametrize("month", ["2025-13", "x", "2025-04%0A", "20250401"])
def test_what_is_no_month_is_not_found(browser, month):
    assert browser.get(f"/reviews/question/{month}").status_code == 404


def test_a_case_that_waits_is_shown_instead_of_a_second_one(browser, make_review):
    make_review(state=ReviewState.EMPLOYER_CONFIRM)

    assert "was sent already" in browser.get("/reviews/question/2025-04").text
    assert browser.post("/reviews/question/2025-04").location == "/reviews/ABCDEFGHJKMN"


SOUND = {"month": "2025-03", "problem": "missing", "insurances": ["pension"], "words": "工资条"}


@pytest.mark.parametrize(
    "kept",
    [
        "[",
        "7",
        "[7]",
        '["month"]',
        "[" * 50_000,
        json.dumps([SOUND | {"month": []}]),
        json.dumps([SOUND | {"month": "2024-03"}]),
        json.dumps([SOUND | {"problem": []}]),
        json.dumps([SOUND | {"problem": "account"}]),
        json.dumps([SOUND | {"words": 7}]),
        json.dumps([SOUND | {"words": "字" * 301}]),
        json.dumps([SOUND | {"insurances": 7}]),
        json.dumps([SOUND | {"insurances": []}]),
        json.dumps([SOUND | {"insurances": "pension"}]),
        json.dumps([SOUND | {"insurances": ["pension", "car"]}]),
        json.dumps([SOUND | {"insurances": ["pension"] * 9}]),
        json.dumps([SOUND | {"insurances": [{}]}]),
        json.dumps([SOUND | {"claimed_base_fen": True}]),
        json.dumps([SOUND | {"claimed_base_fen": 10**15}]),
        json.dumps([SOUND | {"claimed_base_fen": -1}]),
        json.dumps([SOUND | {"claimed_base_fen": 1.5}]),
        json.dumps([{name: value for name, value in SOUND.items() if name != "words"}]),
    ],
)
def test_a_hidden_field_that_was_tampered_with_questions_nothing(browser, case, kept):
    answer = send(browser, case, "questions", kept=kept, keep=["2025-03|missing"])

    assert answer.status_code == 422
    assert "Select at least one month" in answer.text


def test_what_json_hides_from_the_normaliser_is_normalised(browser, session, case):
    hidden = json.dumps([SOUND | {"words": "工资\u0000条\u200b\ud800", "claimed_base_fen": 0}])

    send(browser, case, "questions", kept=hidden, keep=["2025-03|missing"])
    send(browser, case, "account", verdict="right")
    assert browser.post(f"{case}/check").status_code == 303

    (objection,) = [found for found in questioned(session) if found.problem is Problem.MISSING]
    assert objection.words == "工资条"


def test_a_wage_that_the_form_takes_is_kept_with_further_months(browser, case):
    send(
        browser,
        case,
        "questions",
        months=["2025-03"],
        problem="wrong_base",
        claimed_base="9999999999999.99",
        stay="yes",
    )

    page = browser.get(f"{case}/steps/questions").text

    assert "9,999,999,999,999.99" in page
