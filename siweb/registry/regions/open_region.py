"""Open a region for this office, and name the agencies that run its insurances."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.codes import AgencyKind
from siweb.registry.regions.load import load_regions
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.region import Region
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class RegionRefused(Refusal):
    """When a region cannot be opened: "unknown_region", "no_pack"; "not_open" for an agency's."""


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """What people read of an agency."""

    name_zh: str
    name_en: str
    address_zh: str
    address_en: str
    phone: str
    hours: str


def open_region(
    session: Session, code: str, *, packs: PackSet, actor: Actor, at: datetime
) -> Region:
    """Return a region that this office works for from now on; twice is once.

    :raises RegionRefused: "unknown_region" without a row of GB/T 2260, "no_pack" without figures.
    """
    if code not in packs.packs:
        raise RegionRefused("no_pack", region=code)
    try:
        load_regions(session, hosted=[code])
    except KeyError as error:
        raise RegionRefused("unknown_region", region=code) from error
    record_activity(session, "region.opened", actor=actor, at=at, subject=("region", code))
    return session.get_one(Region, code)


def name_agency(
    session: Session,
    region_code: str,
    kind: AgencyKind,
    facts: AgencyFacts,
    *,
    actor: Actor,
    at: datetime,
) -> Agency:
    """Return a region's agency of a kind, new or with what people read of it changed.

    :raises RegionRefused: "not_open" when this office does not work for the region.
    """
    region = session.get(Region, region_code)
    if region is None or not region.is_hosted:
        raise RegionRefused("not_open", region=region_code)
    asked = select(Agency).where(Agency.region_code == region_code, Agency.kind == kind)
    agency = session.scalar(asked)
    values: Mapping[str, str] = asdict(facts)
    if agency is None:
        agency = Agency(region_code=region_code, kind=kind, **values)
        session.add(agency)
    else:
        for name, value in values.items():
            setattr(agency, name, value)
    session.flush()
    record_activity(
        session,
        "agency.named",
        actor=actor,
        at=at,
        subject=("agency", agency.id),
        facts={"region": region_code, "kind": kind.value},
    )
    return agency
