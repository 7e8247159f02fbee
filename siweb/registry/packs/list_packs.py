"""Which packs an office works by, region by region."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.registry.tables.region import Region
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.read import NATIONAL


@dataclass(frozen=True, slots=True)
class PackInForce:
    """A pack that holds: the region's (None: the nation's), how many rows, since when.

    `since` is None of a shipped one, whose figures are for demonstration.
    """

    code: str
    region: Region | None
    rows: int
    since: datetime | None


def list_packs(
    session: Session, packs: PackSet, *, within: Collection[str] | None
) -> list[PackInForce]:
    """Return the packs of the regions served here that lie `within`, and the nation's first."""
    imported = and_(ParameterPack.region == Region.code, ParameterPack.superseded_at.is_(None))
    asked = (
        select(Region, ParameterPack.imported_at)
        .outerjoin(ParameterPack, imported)
        .where(Region.is_hosted)
        .order_by(Region.code)
    )
    found = [(row.Region, row.imported_at) for row in session.execute(asked)]
    national = session.scalar(
        select(ParameterPack.imported_at).where(
            ParameterPack.region == NATIONAL, ParameterPack.superseded_at.is_(None)
        )
    )
    return [
        PackInForce(NATIONAL, None, _rows(packs, NATIONAL), national),
        *(
            PackInForce(region.code, region, _rows(packs, region.code), since)
            for region, since in found
            if within is None or region.code in within
        ),
    ]


def _rows(packs: PackSet, region: str) -> int:
    return len(packs.packs[region].rows) if region in packs.packs else 0
