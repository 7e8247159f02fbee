"""List the campaigns that were opened."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.tables.region import Region
from siweb.reviews.tables.campaign import Campaign

# More than an office opens in ten years: some kinds for some regions.
MOST = 200


class OpenedCampaign(NamedTuple):
    """A campaign and its region."""

    campaign: Campaign
    region: Region


def list_campaigns(session: Session, *, regions: Collection[str] | None) -> list[OpenedCampaign]:
    """Return the campaigns of some regions, None for all: the newest first."""
    asked = (
        select(Campaign, Region)
        .join(Region, Region.code == Campaign.region_code)
        .order_by(Campaign.opens_on.desc(), Campaign.id.desc())
        .limit(MOST)
    )
    if regions is not None:
        asked = asked.where(Campaign.region_code.in_(sorted(regions)))
    return [OpenedCampaign(*row) for row in session.execute(asked)]
