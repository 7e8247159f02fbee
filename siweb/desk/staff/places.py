"""For what an appointment holds: an agency, a province with its regions, or the whole office."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.regions.load import read_regions
from siweb.registry.tables.agency import Agency
from siweb.web.language.labels import province_name

# A province is chosen among numbers of agencies.
_AREA = "area-"


@dataclass(frozen=True, slots=True)
class Place:
    """An agency, or a province by its code; with neither it is the whole office."""

    agency_id: int | None = None
    area_code: str | None = None

    @classmethod
    def read(cls, chosen: str | None) -> "Place":
        """Return the place that a choice of `as_choice` names."""
        text = chosen or ""
        if text.startswith(_AREA):
            return cls(area_code=text.removeprefix(_AREA))
        return cls(agency_id=int(text or 0) or None)

    @property
    def as_choice(self) -> str:
        """How a form names it."""
        return f"{_AREA}{self.area_code}" if self.area_code else str(self.agency_id or 0)


def place_name(session: Session, place: Place) -> str:
    """Return what a place is called."""
    if place.area_code is not None:
        return area_name(place.area_code)
    if place.agency_id is None:
        return str(_("the whole office"))
    return session.get_one(Agency, place.agency_id).name_zh


def area_name(area_code: str) -> str:
    """Return what a province with its regions is called."""
    return str(_("%(province)s, all regions", province=_province(area_code)))


def area_of(region_code: str) -> str:
    """Return the code of the province of a region: the first two of its six digits (GB/T 2260)."""
    return f"{region_code[:2]}0000"


def areas_of_office(session: Session) -> list[Place]:
    """Return the provinces in which this office works, by their codes."""
    codes = {area_of(region.code) for region in hosted_regions(session)}
    return [Place(area_code=code) for code in sorted(codes)]


def _province(area_code: str) -> str:
    regions = read_regions().values()
    found = next((each for each in regions if area_of(each.code) == area_code), None)
    return area_code if found is None else province_name(found)
