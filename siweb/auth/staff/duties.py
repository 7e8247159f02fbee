"""What a person may do at the desk on a day, and in which regions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, String, and_, cast, func, literal, or_, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from siweb.auth.tables.appointment import Appointment, Function
from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.region import Region


@dataclass(frozen=True, slots=True)
class Duty:
    """A function and the agency it holds for; no agency and no region: for all of them."""

    function: Function
    agency_id: int | None
    region_code: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """The regions in which somebody acts; None stands for every one."""

    regions: frozenset[str] | None

    def covers(self, region_code: str | None) -> bool:
        """Return whether something of a region lies in it; what has none is the whole office's."""
        return self.regions is None or region_code in self.regions

    def has(
        self, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
    ) -> ColumnElement[bool]:
        """Return the condition that a column of regions lies in it."""
        return true() if self.regions is None else column.in_(sorted(self.regions))


EVERYWHERE = Scope(None)
_NONE = "000000"


def regions_in(scope: Scope, session: Session) -> list[Region]:
    """Return the regions of this office that lie in a scope, by their codes."""
    return [region for region in hosted_regions(session) if scope.covers(region.code)]


def stands(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return the condition that an appointment holds on a day."""
    return and_(
        Appointment.ended_at.is_(None),
        Appointment.from_on <= on,
        or_(Appointment.until_on.is_(None), Appointment.until_on >= on),
    )


def written_duties() -> ColumnElement[str]:
    """Return a person's duties as one text, to be read together with who is signed in."""
    agency = cast(func.coalesce(Appointment.agency_id, 0), String)
    region = func.coalesce(Agency.region_code, literal(_NONE, Agency.region_code.type))
    written = cast(Appointment.function, String) + ":" + agency + ":" + cast(region, String)
    return func.aggregate_strings(written, ",")


def read_duties(written: str | None) -> tuple[Duty, ...]:
    """Return the duties of `written_duties`."""
    return tuple(_read(*duty.split(":")) for duty in (written or "").split(",") if duty)


def _read(function: str, agency: str, region: str) -> Duty:
    code = f"{int(region):06}"
    return Duty(Function(function), int(agency) or None, None if code == _NONE else code)


def acts(duties: Iterable[Duty], functions: Iterable[Function], region_code: str | None) -> bool:
    """Return whether any of some functions is held where something lies."""
    scope = scope_of(duties, functions)
    return scope is not None and scope.covers(region_code)


def scope_of(duties: Iterable[Duty], functions: Iterable[Function]) -> Scope | None:
    """Return where any of some functions is held; None when none of them is."""
    wanted = frozenset(functions)
    held = [duty for duty in duties if duty.function in wanted]
    if not held:
        return None
    if any(duty.agency_id is None for duty in held):
        return EVERYWHERE
    return Scope(frozenset(duty.region_code for duty in held if duty.region_code is not None))
