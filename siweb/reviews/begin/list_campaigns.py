"""List the campaigns that were opened."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.registry.tables.region import Region
from siweb.reviews.tables.campaign import Campaign, ReviewKind, lies_in
from siweb.reviews.tables.review import Review, ReviewState

# More than an office opens in ten years: some kinds for some regions.
MOST = 200


class OpenedCampaign(NamedTuple):
    """A campaign and its region."""

    campaign: Campaign
    region: Region


def list_campaigns(session: Session, *, scope: Scope) -> list[OpenedCampaign]:
    """Return the campaigns of some agencies: the newest first."""
    asked = (
        select(Campaign, Region)
        .join(Region, Region.code == Campaign.region_code)
        .where(lies_in(scope))
        .order_by(Campaign.opens_on.desc(), Campaign.id.desc())
        .limit(MOST)
    )
    return [OpenedCampaign(*row) for row in session.execute(asked)]


def find_campaign(session: Session, campaign_id: int) -> OpenedCampaign | None:
    """Return a campaign with its region, else None."""
    row = session.execute(
        select(Campaign, Region)
        .join(Region, Region.code == Campaign.region_code)
        .where(Campaign.id == campaign_id)
    ).first()
    return None if row is None else OpenedCampaign(*row)


def newest_campaign(
    session: Session, region_code: str, kind: ReviewKind, *, on: date
) -> Campaign | None:
    """Return the campaign of a kind that opened last in a region; one that is over counts as well.

    What came of it is still to be read, until the next one opens.
    """
    return session.scalar(
        select(Campaign)
        .where(Campaign.region_code == region_code, Campaign.kind == kind, Campaign.opens_on <= on)
        .order_by(Campaign.opens_on.desc(), Campaign.id.desc())
        .limit(1)
    )


def running_campaigns(session: Session, kind: ReviewKind, *, on: date) -> list[Campaign]:
    """Return the campaigns of a kind that accept answers on a day."""
    return list(
        session.scalars(
            select(Campaign)
            .where(
                Campaign.kind == kind,
                Campaign.opens_on <= on,
                or_(Campaign.closes_on.is_(None), Campaign.closes_on >= on),
            )
            .order_by(Campaign.id)
        )
    )


def count_cases(session: Session, campaign_id: int) -> Mapping[ReviewState, int]:
    """Return how many cases of a campaign stand in each state; those without any are left out."""
    rows = session.execute(
        select(Review.state, func.count().label("cases"))
        .where(Review.campaign_id == campaign_id)
        .group_by(Review.state)
    )
    found = {row.state: row.cases for row in rows}
    return {state: found[state] for state in ReviewState if state in found}
