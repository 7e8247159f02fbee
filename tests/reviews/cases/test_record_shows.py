"""What the record itself shows to be wrong decides where a record check goes."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION
from tests.sign_in import sign_in


@pytest.fixture
def review(session, person, employer, make_review, client):
    """Answer that all is right, with two months of pension of the year in the record."""
    factories.make_enrolment(
        session, person, Insurance.PENSION, employer=employer, from_month="2025-11"
    )
    for month in ("2025-11", "2025-12"):
        factories.make_record(session, person, month, employer=employer)
    campaign = make_review(state=ReviewState.PASSED).campaign_id
    sign_in(client, session, person)

    def answer(**wrong):
        """Send the answers; what is not right is given as words by its step."""
        session.commit()
        case = client.post("/reviews/start", data={"campaign": campaign}).location
        case = case.removesuffix("/resume")
        name = {"name_is": "wrong" if "contact" in wrong else "right"}
        name["name_words"] = wrong.get("contact", "")
        client.post(f"{case}/steps/contact", data={"seen": 0, "mobile": "13800001234"} | name)
        for step in ("insurances", "months", "account"):
            verdict = "wrong" if step in wrong else "right"
            typed = {"seen": 0, "verdict": verdict, "words": wrong.get(step, "")}
            client.post(f"{case}/steps/{step}", data=typed)
        assert client.post(f"{case}/check").status_code == 303
        session.expire_all()
        return session.scalars(select(Review).order_by(Review.id.desc()).limit(1)).one()

    return answer


def found(session):
    return [
        (each.problem, each.contribution_month, each.claimed_base_fen)
        for each in session.scalars(select(Objection).order_by(Objection.id))
    ]


def declare(session, person, employer, base_fen, from_month="2025-07", insurance=None, **more):
    session.add(
        DeclaredBase(
            person_id=person.id,
            region_code=person.region_code,
            employer_id=employer.id if employer else None,
            insurance=insurance,
            from_month=from_month,
            declared_base_fen=base_fen,
            origin="filing",
            declared_at=NOW,
            **more,
        )
    )


def test_a_record_without_a_gap_passes(session, person, employer, review):
    factories.make_employment(session, person, employer, declared_name=person.name)
    declare(session, person, employer, 1_000_000)

    sent = review()

    assert (sent.state, sent.reason, found(session)) == (ReviewState.PASSED, "all_agree", [])


def test_an_employer_that_declared_another_name_leads_to_the_counter(
    session, person, employer, review
):
    factories.make_employment(session, person, employer, declared_name="王方")

    sent = review()

    assert (sent.state, sent.reason) == (ReviewState.TO_CORRECT, "name_differs")
    assert found(session) == [(Problem.NAME_DIFFERS, None, None)]
    assert sent.answer_by > NOW.date()


def test_the_name_that_an_employer_of_the_past_declared_does_not_matter(
    session, person, employer, review
):
    factories.make_employment(
        session, person, employer, declared_name="王方", ended_on=date(2025, 10, 31)
    )

    assert review().state is ReviewState.PASSED


def test_a_base_other_than_the_declared_one_goes_to_the_employer(session, person, employer, review):
    declare(session, person, employer, 1_200_000, from_month="2025-12")

    sent = review()

    assert (sent.state, sent.reason) == (ReviewState.EMPLOYER_CONFIRM, "record_has_gap")
    assert found(session) == [(Problem.WRONG_BASE, "2025-12", 1_200_000)]


def test_a_base_declared_for_later_months_is_not_compared(session, person, employer, review):
    declare(session, person, employer, 1_000_000, from_month="2025-11")
    declare(session, person, employer, 1_500_000, from_month="2026-01")

    assert review().state is ReviewState.PASSED


def test_the_last_base_declared_before_a_month_is_the_one_that_counts(
    session, person, employer, review
):
    declare(session, person, employer, 900_000, from_month="2025-06")
    declare(session, person, employer, 1_000_000, from_month="2025-11", insurance="pension")

    assert review().state is ReviewState.PASSED


@pytest.mark.parametrize("whose", ["withdrawn", "of somebody else"])
def test_a_base_that_does_not_hold_for_the_person_is_not_compared(
    session, person, employer, review, whose
):
    is_withdrawn = whose == "withdrawn"
    declare(session, person, employer, 1_000_000, from_month="2025-11")
    declare(
        session,
        person if is_withdrawn else factories.make_person(session),
        employer,
        1_500_000,
        from_month="2025-12",
        withdrawn_at=NOW if is_withdrawn else None,
    )

    assert review().state is ReviewState.PASSED


def test_the_name_that_was_declared_of_somebody_else_does_not_matter(session, employer, review):
    other = factories.make_person(session)
    factories.make_employment(session, other, employer, declared_name="王方")

    assert review().state is ReviewState.PASSED


@pytest.mark.parametrize("whose", ["of another insurance", "of no employer"])
def test_a_base_that_no_employer_declared_for_pension_is_not_compared(
    session, person, employer, review, whose
):
    is_own = whose == "of no employer"
    declare(
        session, person, None if is_own else employer, 1_500_000,
        insurance=None if is_own else "medical",
    )  # fmt: skip

    assert review().state is ReviewState.PASSED


def test_a_wage_above_the_ceiling_is_right_where_the_ceiling_was_paid(
    session, person, employer, review
):
    packs = packs_in_force(session)
    ceiling = packs.parameters(REGION, "2025-12").premium_terms("pension").base_ceiling
    for record in session.scalars(select(ContributionRecord)):
        record.base_fen = ceiling
    declare(session, person, employer, ceiling + 1)

    assert (review().state, found(session)) == (ReviewState.PASSED, [])


def test_a_month_after_the_year_is_not_compared(session, person, employer, review):
    factories.make_record(session, person, "2026-01", employer=employer)
    declare(session, person, employer, 1_200_000, from_month="2026-01")

    assert review().state is ReviewState.PASSED


def test_a_missing_month_goes_to_whoever_employed_the_person_then(
    session, person, employer, review
):
    first, second = (factories.make_employer(session, name=name) for name in ("乙公司", "丙公司"))
    for each, begin, end in ((first, "2025-07", "2025-08"), (second, "2025-09", "2025-10")):
        factories.make_enrolment(session, person, employer=each, from_month=begin, to_month=end)
        factories.make_enrolment(
            session, factories.make_person(session), employer=employer, from_month=begin,
            to_month=end,
        )  # fmt: skip

    sent = review()

    assert (sent.state, sent.reason) == (ReviewState.EMPLOYER_CONFIRM, "record_has_gap")
    asked = session.execute(
        select(
            Objection.contribution_month, Objection.employer_id, Objection.found_by_office
        ).order_by(Objection.contribution_month)
    ).all()
    assert asked == [
        ("2025-07", first.id, True),
        ("2025-08", first.id, True),
        ("2025-09", second.id, True),
        ("2025-10", second.id, True),
    ]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("contact", Problem.PERSONAL_DATA),
        ("insurances", Problem.INSURANCES),
        ("account", Problem.ACCOUNT),
    ],
)
def test_what_no_employer_knows_goes_to_the_agency_with_its_words(session, review, step, problem):
    sent = review(**{step: "应为王方"})

    assert (sent.state, sent.reason) == (ReviewState.MANUAL_REVIEW, "agency_looks")
    assert sent.answer_by is None
    (objection,) = session.scalars(select(Objection))
    assert (objection.problem, objection.words) == (problem, "应为王方")
    assert (objection.found_by_office, objection.employer_id) == (False, None)
