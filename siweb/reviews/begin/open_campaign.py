"""Open a campaign: from its first day people find it, and see what is due for them."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.claim import add_or_find
from siweb.registry.tables.region import Region
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.rules.errors import Refusal


class CampaignRefused(Refusal):
    """When a campaign cannot be opened.

    "not_open" region, "open_already", "ends_before", "months_end_before", "season_forbidden",
    "last_day_missing"; "not_run" where the agency does not run what it is about.
    """


def open_campaign(
    session: Session,
    region_code: str,
    kind: ReviewKind,
    year: int,
    *,
    period: tuple[str, str],
    opens_on: date,
    closes_on: date | None,
    rules: Mapping[str, int],
    actor: Actor,
    at: datetime,
) -> Campaign:
    """Return a new campaign of a region; `rules` are days and shares as `Campaign` reads them.

    :raises CampaignRefused: "not_open", "open_already" for the year, "ends_before" it opens,
        "months_end_before" they begin, "season_forbidden" for certification (人社厅发〔2018〕54号),
        "last_day_missing" for the employers' review: what follows from silence needs a day.
    """
    region = session.get(Region, region_code)
    if region is None or not region.is_hosted:
        raise CampaignRefused("not_open")
    _require_days(kind, opens_on, closes_on)
    first, last = period
    if last < first:
        raise CampaignRefused("months_end_before")
    same = select(Campaign.id).where(
        Campaign.region_code == region_code, Campaign.kind == kind, Campaign.year == year
    )
    # Once a year: a second one would ask everybody the same again.
    if session.scalar(same) is not None:
        raise CampaignRefused("open_already")
    campaign = Campaign(
        region_code=region_code,
        kind=kind,
        year=year,
        period_from_month=first,
        period_to_month=last,
        opens_on=opens_on,
        closes_on=closes_on,
        rules=dict(rules),
    )
    if add_or_find(session, campaign, lambda: session.scalar(same)) is not None:
        raise CampaignRefused("open_already")
    facts = {"region": region_code, "kind": kind.value, "year": year}
    subject = ("campaign", campaign.id)
    record_activity(session, "campaign.opened", actor=actor, at=at, subject=subject, facts=facts)
    return campaign


def _require_days(kind: ReviewKind, opens_on: date, closes_on: date | None) -> None:
    if closes_on is not None and closes_on < opens_on:
        raise CampaignRefused("ends_before")
    # 人社厅发〔2018〕54号: no season in which all recipients come at once.
    if closes_on is not None and kind is ReviewKind.CERTIFICATION:
        raise CampaignRefused("season_forbidden")
    if closes_on is None and kind is ReviewKind.EMPLOYER_BASES:
        raise CampaignRefused("last_day_missing")
