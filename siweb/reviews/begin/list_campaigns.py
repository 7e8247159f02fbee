"""List the campaigns that were opened."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.registry.tables.region import Region
from siweb.reviews.tables.campaign import Campaign, lies_in

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
