"""Tell employers of the yearly declaration, and employees of what waits for their answer."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from siweb.collection.assessments.undeclared.conditions import undeclared_employers
from siweb.desk.reviews.campaigns.employers import months_of
from siweb.filings.declared.base_progress import unanswered_bases
from siweb.messages.kinds.reviews import BASE_TO_CONFIRM, BASES_OPENED, BASES_REMINDER
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.messages.reminders import reminded_on
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.reviews.begin.list_campaigns import running_campaigns
from siweb.reviews.tables.campaign import Campaign, ReviewKind

# A day that was left out is made up for; later everybody has been reminded anyway.
_LONGEST_LATE = timedelta(days=7)


def tell_of_base_reviews(session: Session, *, on: date, at: datetime) -> int:
    """Tell whoever has something to do by the last day of a campaign; return how many.

    The caller commits.
    """
    campaigns = running_campaigns(session, ReviewKind.EMPLOYER_BASES, on=on)
    return sum(_tell(session, campaign, on, at) for campaign in campaigns)


def _tell(session: Session, campaign: Campaign, on: date, at: datetime) -> int:
    last_day, notified = campaign.closes_on, 0
    if on - campaign.opens_on <= _LONGEST_LATE:
        notified = notify_each(
            session, BASES_OPENED, _employers(campaign, campaign.opens_on), at=at
        )
    notified_on = None if last_day is None else reminded_on(BASES_REMINDER, last_day, on)
    # What is short would else be opened and reminded of on one day.
    if notified_on is None or notified_on <= campaign.opens_on:
        return notified
    notified += notify_each(session, BASES_REMINDER, _employers(campaign, notified_on), at=at)
    employees = _employees(campaign, notified_on)
    return notified + notify_each(session, BASE_TO_CONFIRM, employees, at=at)


def _employers(campaign: Campaign, notified_on: date) -> Select[Any]:
    """Return the employers without a declaration, as the law's own case finds them (SIL 62)."""
    first = campaign.period_from_month
    undeclared = undeclared_employers(campaign.region_code, first, first).order_by(None)
    return select(
        Employer.region_code,
        subject_of("campaign", campaign.id),
        day_of(notified_on),
        Employer.id,
        day_of(campaign.closes_on),
    ).where(Employer.id.in_(undeclared))


def _employees(campaign: Campaign, notified_on: date) -> Select[Any]:
    return select(
        Person.region_code,
        subject_of("campaign", campaign.id),
        day_of(notified_on),
        Person.id,
        day_of(campaign.closes_on),
    ).where(Person.id.in_(unanswered_bases(months_of(campaign))), Person.died_on.is_(None))
