"""The agencies of this office's regions."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from siweb.registry.tables.agency import Agency
from siweb.registry.tables.region import Region


def list_agencies(
    session: Session, *, within: Collection[str] | None
) -> list[tuple[Agency, Region]]:
    """Return the agencies of some regions, None for all, by region and kind."""
    asked = (
        select(Agency, Region)
        .join(Region, Region.code == Agency.region_code)
        .where(_lies(within))
        .order_by(Agency.region_code, Agency.kind)
    )
    return [(row.Agency, row.Region) for row in session.execute(asked)]


def find_agency(
    session: Session, agency_id: int, *, within: Collection[str] | None
) -> Agency | None:
    """Return an agency of some regions, None for all."""
    return session.scalar(select(Agency).where(Agency.id == agency_id, _lies(within)))


def _lies(within: Collection[str] | None) -> ColumnElement[bool]:
    return true() if within is None else Agency.region_code.in_(sorted(within))
