"""One use of a region's money at a time: each use locks bills in an order of its own."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.tables.region import Region


def hold_money(session: Session, region_code: str) -> None:
    """Wait until nobody else uses or takes back money of a region; held until the commit.

    An import locks the bills of many payers one after another, and so does a split at the desk:
    without this two of them could each wait for the other. Called before a payment or a bill is
    locked. Rows that name the region are written all the same. SQLite has one writer anyway.
    """
    query = select(Region.code).where(Region.code == region_code)
    session.execute(query.with_for_update(key_share=True))
