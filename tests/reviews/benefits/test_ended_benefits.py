"""A benefit that ended is never certified again; who draws two is certified for both."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.registry.register_death import register_death
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState, LifeSign
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, sign_in

CERTIFIED_ON = date(2025, 3, 1)
DESK = "/desk/reviews/ABCDEFGHJKMN"
RESIDENCE = {"seen": 0, "residence": "here", "mobile": "13800001234", "declared": "y"}


@pytest.fixture
def browser(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def die(session, person):
    register_death(session, person.id, date(2026, 11, 20), on=NOW.date(), actor=SYSTEM, at=NOW)
    session.commit()


def test_a_declaration_that_was_open_when_its_person_died_certifies_nothing(
    browser, session, person, make_review, make_benefit
):
    benefit = make_benefit(CERTIFIED_ON)
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    session.add(LifeSign(person_id=person.id, seen_on=date(2026, 11, 10), source="medical"))
    helper = factories.make_person(session, name="李梅")
    session.commit()
    sign_in(browser, session, helper)
    case = browser.post(
        "/reviews/help", data={"id_number": person.id_number, "name": person.name}
    ).location.removesuffix("/resume")
    first = {"seen": 0, "relationship": "child", "mobile": "13800001234"}
    browser.post(f"{case}/steps/relationship", data=first)
    browser.post(f"{case}/steps/residence", data=RESIDENCE)
    die(session, person)

    answer = browser.post(f"{case}/check")

    assert answer.status_code == 422
    assert "The benefit has ended" in answer.text
    session.expire_all()
    assert (benefit.state, benefit.certified_on) == (BenefitState.TERMINATED, CERTIFIED_ON)
    assert session.scalars(select(Review).where(Review.round == 2)).one().submitted_at is None


@pytest.mark.parametrize(
    ("verdict", "status", "state"),
    [("yes", 422, ReviewState.MANUAL_REVIEW), ("no", 303, ReviewState.REJECTED)],
)
def test_the_desk_certifies_nobody_who_died_meanwhile(
    browser, session, person, make_review, make_benefit, verdict, status, state
):
    benefit = make_benefit(CERTIFIED_ON)
    review = make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW)
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )
    die(session, person)

    answer = browser.post(DESK, data={"verdict": verdict, "words": "见过本人"})

    assert answer.status_code == status
    assert ("The benefit has ended" in answer.text) is (status == 422)
    session.expire_all()
    assert benefit.state is BenefitState.TERMINATED
    assert review.state is state


@pytest.fixture
def two_benefits(session, person, make_benefit):
    """A pension certified lately and an injury benefit that was suspended for want of it."""
    pension = make_benefit(date(2026, 11, 1))
    injury = Benefit(
        person_id=person.id,
        region_code=pension.region_code,
        kind=BenefitKind.INJURY,
        monthly_fen=100_000,
        from_month="2020-01",
        state=BenefitState.SUSPENDED,
        suspended_from_month="2026-09",
        certified_on=date(2025, 8, 1),
    )
    session.add(injury)
    session.commit()
    return pension, injury


def test_the_benefit_certified_longest_ago_is_the_one_that_is_due(
    browser, session, person, make_review, two_benefits
):
    make_review(ReviewKind.CERTIFICATION, ReviewState.PASSED)
    sign_in(browser, session, person)

    assert "Your benefit is paused from September 2026" in browser.get("/reviews").text


def test_one_certification_is_for_every_benefit_of_the_region(
    browser, session, person, make_review, two_benefits
):
    pension, injury = two_benefits
    make_review(ReviewKind.CERTIFICATION, ReviewState.MANUAL_REVIEW)
    sign_in(
        browser, session, factories.make_person(session, name="经办员"), functions=EVERY_FUNCTION
    )

    browser.post(DESK, data={"verdict": "yes", "words": "见过本人"})

    session.expire_all()
    assert {pension.certified_on, injury.certified_on} == {NOW.date()}
    assert injury.state is BenefitState.ACTIVE
    tasks = session.scalars(select(ReviewTask)).all()
    assert [(task.kind, "2026-09" in task.words) for task in tasks] == [(TaskKind.BACK_PAY, True)]
