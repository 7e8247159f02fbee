"""Let a campaign that is over take answers again until a last day, and close it before that.

What is sent meanwhile is of the campaign's own year and months, as if it had been sent in time. A
month that was levied stays as it was billed: what a base chosen late changes is an adjustment.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.campaign_reopening import CampaignReopening
from siweb.reviews.tables.campaign_result import CampaignResult
from siweb.rules.errors import Refusal

# What takes longer is another campaign, not a second chance.
LONGEST = timedelta(days=92)


class ReopeningRefused(Refusal):
    """When a campaign cannot be reopened, or closed again; `code` says why."""


def reopenings_of(session: Session, campaign_id: int) -> list[CampaignReopening]:
    """Return how often a campaign was reopened, the latest first."""
    asked = select(CampaignReopening).where(CampaignReopening.campaign_id == campaign_id)
    return list(session.scalars(asked.order_by(CampaignReopening.id.desc())))


def running_reopening(session: Session, campaign_id: int, on: date) -> CampaignReopening | None:
    """Return by what a campaign is open again on a day."""
    latest = next(iter(reopenings_of(session, campaign_id)), None)
    if latest is None or latest.ended_on is not None or latest.until_on < on:
        return None
    return latest


def require_over(campaign: Campaign, until: date, *, on: date) -> date:
    """Return the last day that has passed, of a campaign that may be reopened until a day.

    :raises ReopeningRefused: "no_season" for one without a last day, "still_open", "year_over"
        once the months it is for have passed, "until_past", "too_long".
    """
    if campaign.closes_on is None:
        raise ReopeningRefused("no_season")
    if campaign.is_open(on) or campaign.opens_on > on:
        raise ReopeningRefused("still_open")
    if campaign.holds_ahead and campaign.period_to_month < f"{on:%Y-%m}":
        # Its months are over: a base for them is a correction of the record, by two as well.
        raise ReopeningRefused("year_over")
    if until < on:
        raise ReopeningRefused("until_past")
    if until - on > LONGEST:
        raise ReopeningRefused("too_long")
    return campaign.closes_on


def reopen_campaign(
    session: Session,
    campaign: Campaign,
    until: date,
    *,
    task_id: int,
    actor: Actor,
    on: date,
    at: datetime,
) -> CampaignReopening:
    """Let a campaign take answers again from today until a last day.

    :raises ReopeningRefused: what `require_over` refuses.
    """
    # Two of them at the same moment would each keep the other's last day as the former one.
    session.refresh(campaign, with_for_update=True)
    former_last_on = require_over(campaign, until, on=on)
    result = session.get(CampaignResult, campaign.id)
    row = CampaignReopening(
        campaign_id=campaign.id,
        from_on=on,
        until_on=until,
        former_last_on=former_last_on,
        former_silent=None if result is None else result.silent,
        task_id=task_id,
    )
    session.add(row)
    if result is not None:
        # Counted for good was who sent nothing by the former day; that number stands above.
        session.delete(result)
    campaign.closes_on = until
    _note(session, "campaign.reopened", campaign, {"until": until.isoformat()}, actor, at)
    return row


def require_reopened(session: Session, campaign: Campaign, on: date) -> CampaignReopening:
    """Return by what a campaign is open again.

    :raises ReopeningRefused: "not_reopened".
    """
    row = running_reopening(session, campaign.id, on)
    if row is None:
        raise ReopeningRefused("not_reopened")
    return row


def end_reopening(
    session: Session, campaign: Campaign, *, task_id: int, actor: Actor, on: date, at: datetime
) -> CampaignReopening:
    """Make today the last day of a campaign that was reopened.

    :raises ReopeningRefused: "not_reopened".
    """
    session.refresh(campaign, with_for_update=True)
    row = require_reopened(session, campaign, on)
    row.ended_on, row.ending_task_id = on, task_id
    campaign.closes_on = on
    _note(session, "campaign.closed_again", campaign, {"on": on.isoformat()}, actor, at)
    return row


def _note(
    session: Session,
    action: str,
    campaign: Campaign,
    facts: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    session.flush()
    subject = ("campaign", campaign.id)
    record_activity(session, action, actor=actor, at=at, subject=subject, facts=facts)
