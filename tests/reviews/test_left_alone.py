"""What is moved of one case, benefit or day leaves what stands beside it as it was."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.documents.tables.document import Document
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.begin.question_month import find_month_campaign
from siweb.reviews.cases.take_back import WindowOver, take_back
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.receipt import give_receipt
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import ObjectionState
from siweb.reviews.tables.review import ReviewState
from siweb.reviews.tasks.open import is_sampled
from tests import factories
from tests.conftest import NOW
from tests.reviews.objections.test_objections import wait_too

TODAY, A_DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def engine(sqlite_engine):
    """What a case keeps is the same on either database."""
    return sqlite_engine


@pytest.fixture
def campaign_of(session):
    return lambda review: session.get_one(Campaign, review.campaign_id)


def test_a_case_that_is_taken_back_withdraws_its_open_objections(
    session, make_review, make_objection, campaign_of
):
    review = make_review()
    beside = wait_too(session, review, 1, ReviewState.EMPLOYER_CONFIRM, review.answer_by)
    open_ = make_objection(review)
    others = [
        make_objection(review, f"2025-{number:02}", state=state)
        for number, state in enumerate(ObjectionState, 4) if state is not ObjectionState.OPEN
    ]  # fmt: skip
    states = [each.state for each in others]
    theirs = make_objection(beside)

    take_back(session, review, campaign_of(review), actor=SYSTEM, on=TODAY, at=NOW)
    session.expire_all()

    assert (open_.state, theirs.state) == (ObjectionState.WITHDRAWN, ObjectionState.OPEN)
    assert [each.state for each in others] == states
    assert (review.state, review.answers, review.submitted_at) == (ReviewState.DRAFT, None, None)


@pytest.mark.parametrize("revoked_at", [None, NOW - A_DAY])
def test_the_receipt_of_a_case_that_is_taken_back_ends_once(
    session, make_review, campaign_of, revoked_at
):
    review = make_review(ReviewKind.BASE_CHOICE, ReviewState.MANUAL_REVIEW, reason="agency_looks")
    facts = ReviewFacts(session, review, campaign_of(review), TODAY, packs_in_force(session))
    give_receipt(session, facts, actor=SYSTEM, at=NOW, secret="s" * 32)
    (receipt,) = session.scalars(select(Document))
    receipt.revoked_at = revoked_at
    session.flush()

    take_back(session, review, campaign_of(review), actor=SYSTEM, on=TODAY, at=NOW)

    assert receipt.revoked_at == (revoked_at or NOW)


@pytest.mark.parametrize(("days", "is_over"), [(0, False), (-1, True)])
def test_a_case_is_taken_back_to_the_last_day_of_its_window(
    session, make_review, campaign_of, days, is_over
):
    review = make_review(closes_on=TODAY + days * A_DAY)
    if is_over:
        with pytest.raises(WindowOver):
            take_back(session, review, campaign_of(review), actor=SYSTEM, on=TODAY, at=NOW)
    else:
        take_back(session, review, campaign_of(review), actor=SYSTEM, on=TODAY, at=NOW)
    assert (review.state is ReviewState.DRAFT) is not is_over


@pytest.mark.parametrize(
    ("month", "state", "is_found"),
    [
        ("2025-01", ReviewState.DRAFT, True), ("2025-12", ReviewState.DRAFT, True),
        ("2024-12", ReviewState.DRAFT, False), ("2026-01", ReviewState.DRAFT, False),
        ("2025-05", ReviewState.MANUAL_REVIEW, True), ("2025-05", ReviewState.PASSED, True),
        ("2025-05", ReviewState.REJECTED, False),
    ],
)  # fmt: skip
def test_a_month_is_questioned_in_the_record_check_that_looks_back_on_it(
    session, person, employer, make_review, month, state, is_found
):
    factories.make_enrolment(session, person, employer=employer, from_month="2025-01")
    make_review(state=state)

    found = find_month_campaign(
        session, month, person.id, packs=packs_in_force(session), on=date(2026, 11, 24)
    )

    assert (found is not None) is is_found


def test_a_share_of_the_cases_is_drawn():
    cases = [f"CASE{number}" for number in range(400)]

    def drawn(share, secret="s"):
        return {case for case in cases if is_sampled(secret, case, share)}

    assert (drawn(0), drawn(1_000_000)) == (set(), set(cases))
    assert 60 < len(drawn(250_000)) < 140
    # A larger share has all of a smaller one; another office's key draws others.
    assert drawn(100_000) < drawn(250_000) != drawn(250_000, "other")
