"""The regions that this office works for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.tables.region import Region


def hosted_regions(session: Session) -> list[Region]:
    """Return the regions that this office works for, by their codes."""
    query = select(Region).where(Region.is_hosted).order_by(Region.code)
    return list(session.scalars(query))
