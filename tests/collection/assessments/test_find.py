"""Which cases and reports are found by whom: an employer's own, a region's, and page by page."""

from datetime import date, timedelta
from itertools import count

import pytest

from siweb.auth.acting import employers_held
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.collection.assessments import find
from siweb.collection.assessments.find import (
    cases_in,
    cases_of_employer,
    cases_to_answer,
    count_by_state,
    elsewhere,
    find_case,
    find_report,
    open_reports,
)
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.hire_report import HireReport, ReportOrigin, ReportState
from siweb.registry.codes import Insurance
from siweb.registry.tables.person_alias import PersonAlias
from tests import factories
from tests.conftest import NOW

REGION, ELSEWHERE, TODAY = "310000", "110000", NOW.date()
HERE, THERE = Scope(frozenset({REGION})), Scope(frozenset({ELSEWHERE}))
NUMBERS = count(1)
FOUND, PROPOSED = AssessmentState.FOUND, AssessmentState.PROPOSED


@pytest.fixture
def employer(session):
    factories.make_region(session, ELSEWHERE)
    return factories.make_employer(session, name="甲公司", region_code=REGION)


@pytest.fixture
def case(session, employer):
    def case(state=FOUND, of=employer, **values):
        number = next(NUMBERS)
        given = {
            "reference": f"CASE{number:04}", "kind": AssessmentKind.UNREGISTERED,
            "region_code": REGION, "employer_id": of.id, "from_month": "2026-07",
            "to_month": "2026-08", "origin": "report", "facts": "", "amounts": {},
            "calculation": [], "state": state, "opened_at": NOW,
        }  # fmt: skip
        if state is PROPOSED:
            given |= {"proposed_at": NOW, "hearing_until": TODAY}
        row = Assessment(**(given | values))
        session.add(row)
        session.flush()
        return row

    return case


@pytest.fixture
def report(session, employer):
    def report(**values):
        number = next(NUMBERS)
        given = {
            "reference": f"REPORT{number:04}", "origin": ReportOrigin.LIST,
            "source_key": str(number), "region_code": REGION, "employer_id": employer.id,
            "employer_named": "", "person_name": "陈新", "hired_on": date(2026, 7, 15),
            "words": "", "reported_at": NOW, "state": ReportState.OPEN,
        }  # fmt: skip
        row = HireReport(**(given | values))
        session.add(row)
        session.flush()
        return row

    return report


def test_an_employer_finds_what_was_proposed_to_it(session, employer, case, report):
    other = factories.make_employer(session, region_code=REGION)
    # A later decision is read by its employer too, whoever proposed it.
    decided = case(decided_at=NOW, opened_at=NOW - timedelta(days=1))
    proposed = case(PROPOSED, report_id=report().id)
    hidden, theirs = case(), case(PROPOSED, of=other)
    settlement = case(kind=AssessmentKind.SETTLEMENT, settles_id=proposed.id, proposed_at=NOW)

    rows = cases_of_employer(session, employer.id)

    assert [row.assessment for row in rows] == [proposed, decided]
    assert [(row.employer_name, row.person_name) for row in rows] == [
        ("甲公司", "陈新"), ("甲公司", None),
    ]  # fmt: skip
    found = find_case(session, f" {proposed.reference.lower()} ", employer.id)
    assert (found.assessment, found.settlement, found.person_name) == (proposed, settlement, "陈新")
    for each in (hidden, theirs):
        assert find_case(session, each.reference, employer.id) is None
        assert find_case(session, each.reference).assessment is each
    assert find_case(session, settlement.reference) is None


@pytest.mark.parametrize(
    ("values", "may"),
    [
        ({}, True),
        ({"hearing_until": TODAY - timedelta(days=1)}, False),
        ({"heard_at": NOW}, False),
        ({"state": FOUND}, False),
    ],
    ids=str,
)
def test_an_employer_answers_until_the_last_day_and_once(session, employer, case, values, may):
    account = factories.make_account(session, factories.make_person(session))
    factories.make_mandate(session, account, employer, "viewer")
    other = factories.make_employer(session, region_code=REGION)
    case(**({"state": PROPOSED} | values))
    case(PROPOSED, of=other)
    later = case(PROPOSED, hearing_until=TODAY + timedelta(days=3))
    number = 1 + may

    (asked,) = session.execute(cases_to_answer(employers_held(account.id, TODAY), TODAY)).all()
    assert (asked.key, asked.number) == (employer.uscc, number)
    assert asked.last_day == (TODAY if may else later.hearing_until)


def test_cases_stand_newest_first_in_their_region_and_state(session, case, monkeypatch):
    monkeypatch.setattr(find, "PAGE", 2)
    oldest = case(opened_at=NOW - timedelta(days=2))
    first, second, third = case(), case(PROPOSED), case()
    there = case(region_code=ELSEWHERE, opened_at=NOW - timedelta(days=3))
    case(kind=AssessmentKind.SETTLEMENT, settles_id=first.id)

    def page(number, state=None, scope=HERE):
        rows, more = cases_in(session, state, scope=scope, page=number)
        return [row.assessment for row in rows], more

    assert page(1) == ([third, second], True)
    assert page(2) == ([first, oldest], False)
    assert page(3) == ([], False)
    assert page(1, FOUND) == ([third, first], True)
    assert page(1, PROPOSED) == ([second], False)
    assert page(1, scope=THERE) == ([there], False)
    assert page(3, scope=EVERYWHERE) == ([there], False)
    assert count_by_state(session, scope=HERE) == {FOUND: 3, PROPOSED: 1}
    assert count_by_state(session, scope=THERE) == {FOUND: 1}


def test_reports_wait_oldest_first_in_their_region(session, report, employer, monkeypatch):
    monkeypatch.setattr(find, "PAGE", 2)
    first, second = report(), report()
    older = report(reported_at=NOW - timedelta(days=1), employer_id=None)
    report(state=ReportState.DROPPED)
    there = report(region_code=ELSEWHERE)

    assert open_reports(session, scope=HERE) == ([older, first], True)
    assert open_reports(session, scope=HERE, page=2) == ([second], False)
    assert open_reports(session, scope=THERE) == ([there], False)
    assert find_report(session, first.reference.lower()) == (first, employer)
    assert find_report(session, older.reference) == (older, None)
    assert find_report(session, "NOTHING") is None


def test_where_somebody_took_part_since_the_hire(session, employer, report):
    person, former, stranger = (
        factories.make_person(session, region_code=REGION) for _ in range(3)
    )
    session.add(PersonAlias(former_id=former.id, person_id=person.id, merged_at=NOW))
    for whose, insurance, at, first, last in (
        (person, "pension", employer, "2025-01", "2026-07"),
        (person, "medical", employer, "2025-01", "2026-06"),
        (former, "unemployment", None, "2026-03", None),
        (stranger, "pension", employer, "2026-01", None),
    ):
        factories.make_enrolment(
            session, whose, Insurance(insurance), employer=at, from_month=first, to_month=last
        )

    assert elsewhere(session, report(person_id=person.id)) == [
        ("甲公司", "2025-01", "2026-07"), (None, "2026-03", None),
    ]  # fmt: skip
    assert elsewhere(session, report()) == []
