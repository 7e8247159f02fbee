"""Which reviews are a person's: by the window, the region and what the register says of them."""

from datetime import date, timedelta

import pytest

from siweb.audit.actor import SYSTEM
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import BenefitState
from siweb.reviews.begin.due import due_reviews, may_start
from siweb.reviews.begin.start import open_review
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.wizard.answers import open_draft
from tests import factories
from tests.conftest import NOW
from tests.reviews.conftest import REGION

TODAY = date(2026, 11, 24)
ELSEWHERE = "110000"


@pytest.fixture
def make_campaign(session):
    def make(kind=ReviewKind.RECORD_CHECK, **values):
        factories.make_region(session, REGION)
        factories.make_region(session, ELSEWHERE)
        given = {
            "region_code": REGION,
            "year": 2025,
            "period_from_month": "2025-01",
            "period_to_month": "2025-12",
            "opens_on": date(2026, 10, 1),
            "closes_on": date(2026, 12, 31),
            "rules": {},
        }
        campaign = Campaign(kind=kind, **(given | values))
        session.add(campaign)
        session.flush()
        return campaign

    return make


@pytest.fixture
def make_case(session, person):
    def make(campaign, state, number=1):
        review = Review(
            reference=f"ABCDEFGHJ{campaign.id:02}{number}",
            campaign_id=campaign.id,
            person_id=person.id,
            state=state,
            round=number,
            opened_at=NOW,
            submitted_at=None if state is ReviewState.DRAFT else NOW,
        )
        session.add(review)
        session.flush()
        if state is ReviewState.DRAFT:
            account = factories.make_account(session, person)
            subject = ("review", review.id)
            open_draft(session, campaign.kind.value, subject, account_id=account.id, at=NOW)
        return review

    return make


@pytest.fixture
def _employee(session, person, employer):
    factories.make_enrolment(session, person, employer=employer)


@pytest.fixture
def due(session, person):
    def due(on=TODAY):
        return due_reviews(session, person.id, packs=packs_in_force(session), on=on)

    return due


def kinds(found):
    return [each.campaign.kind for each in found]


@pytest.mark.usefixtures("_employee")
@pytest.mark.parametrize(
    ("opens", "closes", "is_listed"),
    [(0, 0, True), (-5, 5, True), (1, 5, False), (-5, -1, False), (-5, None, True)],
)
def test_a_review_is_listed_from_its_first_day_to_its_last(
    make_campaign, due, opens, closes, is_listed
):
    make_campaign(
        opens_on=TODAY + timedelta(days=opens),
        closes_on=None if closes is None else TODAY + timedelta(days=closes),
    )

    assert bool(due()) == is_listed


@pytest.mark.parametrize(
    ("first", "last", "is_listed"),
    [
        ("2024-01", None, True),
        ("2024-01", "2025-01", True),
        ("2024-01", "2024-12", False),
        ("2025-12", None, True),
        ("2026-01", None, False),
    ],
)
def test_employees_of_the_year_check_their_record(
    session, person, employer, make_campaign, due, first, last, is_listed
):
    make_campaign()
    make_campaign(ReviewKind.BASE_CHOICE)
    factories.make_enrolment(session, person, employer=employer, from_month=first, to_month=last)

    assert kinds(due()) == ([ReviewKind.RECORD_CHECK] if is_listed else [])


@pytest.mark.parametrize(("last", "is_listed"), [(None, True), ("2026-12", False)])
def test_who_is_flexibly_employed_chooses_a_base(
    session, person, make_campaign, due, last, is_listed
):
    make_campaign()
    make_campaign(ReviewKind.BASE_CHOICE)
    factories.make_enrolment(session, person, to_month=last)

    assert kinds(due()) == ([ReviewKind.BASE_CHOICE] if is_listed else [])


@pytest.mark.parametrize(
    ("state", "is_listed"),
    [(BenefitState.ACTIVE, True), (BenefitState.SUSPENDED, True), (BenefitState.TERMINATED, False)],
)
def test_who_receives_a_benefit_is_certified(make_campaign, make_benefit, due, state, is_listed):
    make_campaign(ReviewKind.CERTIFICATION, closes_on=None)
    make_benefit(date(2026, 1, 15), state)

    assert kinds(due()) == ([ReviewKind.CERTIFICATION] if is_listed else [])


def test_what_others_have_makes_nothing_due(session, employer, make_campaign, make_benefit, due):
    for kind in ReviewKind:
        make_campaign(kind)
    other = factories.make_person(session, region_code=REGION)
    factories.make_enrolment(session, other, employer=employer)
    factories.make_enrolment(session, factories.make_person(session, region_code=REGION))
    make_benefit(date(2026, 1, 15), holder=other)

    assert due() == []


@pytest.mark.usefixtures("_employee")
def test_reviews_of_other_regions_are_not_listed(session, person, make_campaign, make_benefit, due):
    for kind in ReviewKind:
        make_campaign(kind, region_code=ELSEWHERE)
    factories.make_enrolment(session, person, Insurance.MEDICAL)
    make_benefit(date(2026, 1, 15))

    assert due() == []


@pytest.mark.usefixtures("_employee")
def test_what_is_to_do_comes_first_and_the_earliest_end_before_the_others(
    make_campaign, make_case, due
):
    ended = make_campaign(year=2022, closes_on=date(2026, 11, 30))
    late = make_campaign(year=2023, closes_on=date(2027, 1, 31))
    soon = make_campaign(year=2024, closes_on=date(2026, 12, 10))
    endless = make_campaign(year=2025, closes_on=None)
    make_case(ended, ReviewState.PASSED)

    assert [each.campaign.id for each in due()] == [soon.id, late.id, endless.id, ended.id]


@pytest.mark.usefixtures("_employee")
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        # to do, waiting, may be repeated, started
        (ReviewState.DRAFT, (True, False, False, True)),
        (ReviewState.EMPLOYER_CONFIRM, (False, True, False, False)),
        (ReviewState.MANUAL_REVIEW, (False, True, False, False)),
        (ReviewState.PASSED, (False, False, True, False)),
        (ReviewState.REJECTED, (False, False, False, False)),
    ],
)
def test_a_case_says_what_can_be_done_with_it(
    session, person, make_campaign, make_case, due, state, expected
):
    campaign = make_campaign()
    make_case(campaign, state)

    (one,) = due()

    assert (one.is_to_do, one.is_waiting, one.may_be_repeated, one.is_started) == expected
    may = may_start(session, campaign.id, person.id, packs=packs_in_force(session), on=TODAY)
    assert (may is not None) == (expected[0] or expected[2])
    assert (
        may_start(session, campaign.id + 1, person.id, packs=packs_in_force(session), on=TODAY)
        is None
    )


@pytest.mark.usefixtures("_employee")
def test_what_was_sent_holds_while_it_is_begun_anew_and_no_longer(make_campaign, make_case, due):
    campaign = make_campaign()
    first = make_case(campaign, ReviewState.PASSED)
    second = make_case(campaign, ReviewState.DRAFT, 2)

    (anew,) = due()
    second.state = ReviewState.PASSED
    (again,) = due()

    assert (anew.review, anew.earlier) == (second, first)
    assert (again.review, again.earlier) == (second, None)


@pytest.mark.parametrize(
    ("certified_on", "is_due"), [(date(2025, 12, 20), True), (date(2026, 11, 1), False)]
)
def test_a_certification_of_last_year_makes_nothing_done_this_year(
    make_campaign, make_benefit, make_case, due, certified_on, is_due
):
    make_case(make_campaign(ReviewKind.CERTIFICATION, closes_on=None), ReviewState.PASSED)
    make_benefit(certified_on)

    (one,) = due()

    assert (one.is_to_do, one.review is None) == (is_due, is_due)
    assert one.due_on == one.standing.last_day


def test_rounds_are_counted_by_campaign_and_person(session, person, make_campaign, make_case):
    campaign, other = make_campaign(), make_campaign(year=2024)
    for each in (other, campaign):
        make_case(each, ReviewState.PASSED)
    stranger = factories.make_person(session, region_code=REGION)

    def opened(owner):
        return open_review(session, campaign, owner.id, actor=SYSTEM, at=NOW)

    assert (opened(person).round, opened(stranger).round) == (2, 1)
    assert opened(person).id == opened(person).id
