"""Tell people of a campaign that opened, and before its last day those who sent nothing yet."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.messages.kinds.reviews import REVIEW_OPENED, REVIEW_REMINDER
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.messages.reminders import reminded_on
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.begin.population import is_for, standing
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState

# Who joins later sees on the home page what is due; a day that was left out is made up for.
_LONGEST_LATE = timedelta(days=7)


def tell_of_campaigns(session: Session, *, on: date, at: datetime) -> int:
    """Tell what opened and what ends soon; return how many people. The caller commits.

    Certification has no season (人社厅发〔2018〕54号): each recipient has a last day of their own.
    """
    campaigns = session.scalars(
        select(Campaign)
        .where(
            # Employers are told by `siweb.portal.base_review`, which knows what they filed.
            Campaign.kind.not_in([ReviewKind.CERTIFICATION, ReviewKind.EMPLOYER_BASES]),
            Campaign.opens_on <= on,
            or_(Campaign.closes_on.is_(None), Campaign.closes_on >= on),
        )
        .order_by(Campaign.id)
    )
    return sum(_tell(session, campaign, on, at) for campaign in campaigns.all())


def _tell(session: Session, campaign: Campaign, on: date, at: datetime) -> int:
    notified = 0
    if on - campaign.opens_on <= _LONGEST_LATE:
        notified = notify_each(session, REVIEW_OPENED, _people(campaign, campaign.opens_on), at=at)
    last_day = campaign.closes_on
    notified_on = None if last_day is None else reminded_on(REVIEW_REMINDER, last_day, on)
    # What is short would else be opened and reminded of on one day.
    if notified_on is not None and notified_on > campaign.opens_on:
        notified += notify_each(session, REVIEW_REMINDER, _people(campaign, notified_on), at=at)
    return notified


def _people(campaign: Campaign, notified_on: date) -> Select[Any]:
    """Return who belongs to a campaign and has sent nothing in it, under the key that stands."""
    return (
        select(
            Enrolment.region_code,
            subject_of("campaign", campaign.id),
            day_of(notified_on),
            Person.id,
            day_of(campaign.closes_on),
        )
        .join_from(
            Enrolment, PersonAlias, PersonAlias.former_id == Enrolment.person_id, isouter=True
        )
        .join(Person, Person.id == standing(Enrolment.person_id))
        .where(*is_for(campaign), Person.died_on.is_(None), ~_has_sent(campaign))
        .distinct()
    )


def _has_sent(campaign: Campaign) -> ColumnElement[bool]:
    sent = (Review.campaign_id == campaign.id, Review.state != ReviewState.DRAFT)
    alias = aliased(PersonAlias)
    formerly = exists().where(
        *sent, Review.person_id == alias.former_id, alias.person_id == Person.id
    )
    return or_(exists().where(*sent, Review.person_id == Person.id), formerly)
