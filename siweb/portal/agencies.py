"""Which agency of a region runs which insurance, as its page shows it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.codes import AgencyKind, Insurance
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.region import Region
from siweb.rules.parameters.parameter_set import ParameterSet


@dataclass(frozen=True, slots=True)
class RunningAgency:
    """An agency and the insurances it runs."""

    agency: Agency
    insurances: tuple[Insurance, ...]


def agencies_of(session: Session, code: str, parameters: ParameterSet) -> list[RunningAgency]:
    """Return a region's agencies, with the insurances that the region's parameters give each."""
    asked = select(Agency).where(Agency.region_code == code)
    found = {agency.kind: agency for agency in session.scalars(asked)}
    return [
        RunningAgency(found[kind], tuple(_run_by(kind, parameters)))
        for kind in AgencyKind
        if kind in found
    ]


def hosted_agencies(session: Session) -> list[tuple[Region, list[Agency]]]:
    """Return every region that is hosted here with its agencies, in the order of their codes."""
    asked = (
        select(Region, Agency)
        .outerjoin(Agency, Agency.region_code == Region.code)
        .where(Region.is_hosted)
        .order_by(Region.code, Agency.kind)
    )
    found: dict[str, tuple[Region, list[Agency]]] = {}
    for region, agency in session.execute(asked):
        agencies = found.setdefault(region.code, (region, []))[1]
        if agency is not None:
            agencies.append(agency)
    return list(found.values())


def _run_by(kind: AgencyKind, parameters: ParameterSet) -> list[Insurance]:
    return [
        insurance
        for insurance in Insurance
        if parameters.agency_kind(insurance.value) == kind.value
    ]
