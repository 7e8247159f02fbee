"""What the record itself shows to be wrong decides where a record check goes."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review, ReviewState
from tests import factories
from tests.conftest import NOW
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

    def answer():
        session.commit()
        case = client.post("/reviews/start", data={"campaign": campaign}).location
        case = case.removesuffix("/resume")
        client.post(
            f"{case}/steps/contact",
            data={"seen": 0, "name_is": "right", "mobile": "13800001234"},
        )
        for step in ("insurances", "months", "account"):
            client.post(f"{case}/steps/{step}", data={"seen": 0, "verdict": "right"})
        assert client.post(f"{case}/check").status_code == 303
        session.expire_all()
        return session.scalars(select(Review).order_by(Review.id.desc()).limit(1)).one()

    return answer


def found(session):
    return [
        (each.problem, each.contribution_month, each.claimed_base_fen)
        for each in session.scalars(select(Objection).order_by(Objection.id))
    ]


def declare(session, person, employer, base_fen, from_month="2025-07"):
    session.add(
        DeclaredBase(
            person_id=person.id,
            employer_id=employer.id,
            insurance=None,
            from_month=from_month,
            declared_base_fen=base_fen,
            origin="filing",
            declared_at=NOW,
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
