"""Sixty, thirty and seven days before the last day, each once, also when a day was left out."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.messages.kinds.mandates import MANDATE_ENDING
from siweb.messages.kinds.reviews import REVIEW_REMINDER
from siweb.messages.reminders import last_reminded, reminded_on
from siweb.messages.tables.message import Message
from siweb.registry.merge_keys import add_alias
from siweb.reviews.begin.tell import tell_of_campaigns
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import ReviewState
from tests import factories
from tests.conftest import NOW

LAST = date(2026, 12, 31)
REGION = "310000"


@pytest.mark.parametrize(
    ("left", "days"),
    [(61, None), (60, 60), (45, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)],
)
def test_the_nearest_reminder_that_is_due_stands_under_its_day(left, days):
    on = LAST - timedelta(days=left)

    expected = None if days is None else LAST - timedelta(days=days)
    assert reminded_on(MANDATE_ENDING, LAST, on) == expected


def test_nothing_is_reminded_of_earlier_than_its_longest():
    assert last_reminded(MANDATE_ENDING, date(2026, 11, 1)) == LAST


def reminders(session):
    return session.scalar(select(func.count()).where(Message.kind == REVIEW_REMINDER.name))


def tell(session, on):
    return tell_of_campaigns(session, on=on, at=NOW)


def test_who_sent_answers_is_not_reminded_and_who_died_is_told_nothing(
    session, person, employer, make_review
):
    review = make_review(ReviewKind.RECORD_CHECK, ReviewState.DRAFT, closes_on=LAST)
    dead = factories.make_person(
        session, name="已故", region_code=REGION, died_on=date(2026, 10, 2)
    )
    for one in (person, dead):
        factories.make_enrolment(session, one, employer=employer)

    assert [tell(session, LAST - timedelta(days=left)) for left in (60, 59, 31)] == [1, 0, 0]
    assert tell(session, LAST - timedelta(days=29)) == 1
    review.state = ReviewState.MANUAL_REVIEW
    session.flush()
    assert tell(session, LAST - timedelta(days=7)) == 0
    assert reminders(session) == 2


def test_a_person_of_two_keys_is_reminded_once_and_not_after_answers_under_either(
    session, person, employer, make_review
):
    review = make_review(ReviewKind.RECORD_CHECK, ReviewState.DRAFT, closes_on=LAST)
    former = factories.make_person(session, name="王芳", region_code=REGION)
    factories.make_enrolment(session, former, employer=employer)
    factories.make_enrolment(session, person, employer=employer, to_month="2025-12")
    add_alias(session, former.id, person.id, actor=SYSTEM, at=NOW)

    assert tell(session, LAST - timedelta(days=30)) == 1
    review.state, review.person_id = ReviewState.PASSED, former.id
    session.flush()
    assert tell(session, LAST - timedelta(days=7)) == 0


def test_flexible_workers_are_told_of_their_base_choice_when_it_opens(session, person, make_review):
    review = make_review(ReviewKind.BASE_CHOICE, ReviewState.DRAFT, closes_on=LAST)
    factories.make_enrolment(session, person)
    campaign = session.get_one(Campaign, review.campaign_id)

    assert tell(session, campaign.opens_on - timedelta(days=1)) == 0
    assert tell(session, campaign.opens_on + timedelta(days=2)) == 1
    assert tell(session, campaign.opens_on + timedelta(days=3)) == 0
