"""What a person may do at the desk on a day, in which regions and of which insurances.

An agency may run only some insurances of a region. What is about one of them is a matter of who
runs it; what all have in common, registration and the one collection of all premiums, is a matter
of every agency of the region (统一征缴).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from siweb.auth.tables.appointment import Appointment, Function
from siweb.registry.codes import Insurance
from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.region import Region


@dataclass(frozen=True, slots=True)
class Duty:
    """A function and the agency it holds for; no agency and no region: for all of them.

    A region without an agency is one of those of a province.
    """

    function: Function
    agency_id: int | None
    region_code: str | None
    # Those that its agency runs; None stands for every one.
    insurances: frozenset[Insurance] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The regions in which somebody acts; None stands for every one.

    `partly` are the insurances of the regions in which it is not all of them.
    """

    regions: frozenset[str] | None
    partly: frozenset[tuple[str, Insurance]] = frozenset()

    def running(self, *insurances: Insurance) -> "Scope":
        """Return the part where any of some insurances is run; of none, what all have in common."""
        if self.regions is None or not self.partly or not insurances:
            return self
        limited = {region for region, _insurance in self.partly}
        runs = {region for region, insurance in self.partly if insurance in insurances}
        kept = (self.regions - limited) | runs
        return Scope(kept, frozenset(each for each in self.partly if each[0] in kept))

    def covers(
        self, region_code: str | None, insurances: Iterable[Insurance] = (), *, wholly: bool = False
    ) -> bool:
        """Return whether something of a region lies in it; what has none is the whole office's.

        Of several insurances one is enough to read it; who acts on it runs all (`wholly`).
        """
        parts = [self.running(insurance) for insurance in insurances] or [self]
        lies = (part.regions is None or region_code in part.regions for part in parts)
        return all(lies) if wholly else any(lies)

    def has(
        self,
        column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
        *about: tuple[ColumnElement[bool], Iterable[Insurance]],
    ) -> ColumnElement[bool]:
        """Return the condition that a column of regions lies in it.

        `about` says which rows are about which insurances; the others are what all have in common.
        """
        if self.regions is None:
            return true()
        here = column.in_(sorted(self.regions))
        if not self.partly:
            return here
        parts = (or_(not_(rows), self.running(*of).has(column)) for rows, of in about)
        return and_(here, *parts)


EVERYWHERE = Scope(None)
# Stands for no region in the text; GB/T 2260 gives it to none.
_NONE = "000000"
# The first two of a code's six digits are the province (GB/T 2260).
_PROVINCE = 9_999


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


def written_duties() -> Select[str]:
    """Return the question for duties as one text, to be read together with who is signed in.

    Whoever asks says whose and of which day. A province is written region by region.
    """
    area = type_coerce(Appointment.area_code, Integer)
    inside = type_coerce(Region.code, Integer).between(area, area + _PROVINCE)
    return (
        select(_written())
        .select_from(Appointment)
        .outerjoin(Agency, Agency.id == Appointment.agency_id)
        .outerjoin(Region, and_(Region.is_hosted, inside))
    )


def _written() -> ColumnElement[str]:
    # 0 is no agency's number: a NULL in one part would make the whole text NULL, and lose the duty.
    agency = cast(func.coalesce(Appointment.agency_id, 0), String)
    # A province in which this office has no region yet: its own code, which is none. Left empty it
    # would be read as the whole office.
    region = func.coalesce(
        Agency.region_code,
        Region.code,
        Appointment.area_code,
        literal(_NONE, Agency.region_code.type),
    )
    runs = func.coalesce(type_coerce(Agency.insurances, String), "")
    parts = (cast(Appointment.function, String), agency, cast(region, String), runs)
    written = parts[0] + ":" + parts[1] + ":" + parts[2] + ":" + parts[3]
    return func.aggregate_strings(written, ",")


def read_duties(written: str | None) -> tuple[Duty, ...]:
    """Return the duties of `written_duties`."""
    return tuple(_read(*duty.split(":")) for duty in (written or "").split(",") if duty)


def _read(function: str, agency: str, region: str, runs: str = "") -> Duty:
    code = f"{int(region):06}"
    insurances = frozenset(map(Insurance, runs.split())) if runs else None
    place = None if code == _NONE else code
    return Duty(Function(function), int(agency) or None, place, insurances)


def acts(
    duties: Iterable[Duty],
    functions: Iterable[Function],
    region_code: str | None,
    insurances: Iterable[Insurance] | None = None,
    *,
    wholly: bool = False,
) -> bool:
    """Return whether any of some functions is held where something lies, see `Scope.covers`."""
    scope = scope_of(duties, functions)
    return scope is not None and scope.covers(region_code, insurances or (), wholly=wholly)


def scope_of(duties: Iterable[Duty], functions: Iterable[Function]) -> Scope | None:
    """Return where any of some functions is held; None when none of them is."""
    wanted = frozenset(functions)
    held = [duty for duty in duties if duty.function in wanted]
    if not held:
        return None
    if any(duty.agency_id is None and duty.region_code is None for duty in held):
        return EVERYWHERE
    here = [duty for duty in held if duty.region_code is not None]
    whole = {duty.region_code for duty in here if duty.insurances is None}
    partly = frozenset(
        (str(duty.region_code), insurance)
        for duty in here
        if duty.region_code not in whole
        for insurance in duty.insurances or ()
    )
    return Scope(frozenset(str(duty.region_code) for duty in here), _all_but_whole(partly))


def _all_but_whole(partly: frozenset[tuple[str, Insurance]]) -> frozenset[tuple[str, Insurance]]:
    """Leave out regions whose insurances several agencies run together: it is all of them."""
    counted = Counter(region for region, _insurance in partly)
    return frozenset(each for each in partly if counted[each[0]] < len(Insurance))
