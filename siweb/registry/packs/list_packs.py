"""Which packs an office works by, region by region."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.regions.hosted import hosted_regions
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
    # Packs name a region in text, as their files do, and tables by its number: joined here.
    in_force = select(ParameterPack.region, ParameterPack.imported_at).where(
        ParameterPack.superseded_at.is_(None)
    )
    imported = {row.region: row.imported_at for row in session.execute(in_force)}
    return [
        PackInForce(NATIONAL, None, _rows(packs, NATIONAL), imported.get(NATIONAL)),
        *(
            PackInForce(region.code, region, _rows(packs, region.code), imported.get(region.code))
            for region in hosted_regions(session)
            if within is None or region.code in within
        ),
    ]


def _rows(packs: PackSet, region: str) -> int:
    return len(packs.packs[region].rows) if region in packs.packs else 0
