"""Who may insure themselves, in what, and what is in the way."""

from contextlib import suppress
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.flexible import is_old_enough
from siweb.rules.parameters.pack_set import PackSet, RegionUnknown
from siweb.rules.parameters.parameter_set import ParameterMissing

PENSION = Insurance.PENSION.value


class Insured(NamedTuple):
    """One insurance in which somebody takes part now; without an employer they pay alone."""

    insurance: Insurance
    scheme: Scheme
    region: Region
    from_month: str
    employer: str | None

    @property
    def is_alone(self) -> bool:
        """Return whether the person insures themselves here."""
        return self.scheme is Scheme.FLEXIBLE


def insured_now(session: Session, person_id: int) -> list[Insured]:
    """Return what somebody takes part in now, under any of their keys, by insurance."""
    rows = session.execute(
        select(Enrolment.insurance, Enrolment.scheme, Region, Enrolment.from_month, Employer.name)
        .join(Region, Region.code == Enrolment.region_code)
        .outerjoin(Employer, Employer.id == Enrolment.employer_id)
        .where(is_of(Enrolment.person_id, person_id), Enrolment.to_month.is_(None))
        .order_by(Enrolment.insurance, Enrolment.from_month, Enrolment.region_code)
    )
    return [Insured(*row) for row in rows]


def obstacle(session: Session, person: Person, *, on: date) -> str | None:
    """Return why somebody cannot insure themselves at all: "too_young", "pensioner"; else None."""
    if not is_old_enough(person.born_on, on):
        return "too_young"
    drawn = select(Benefit.id).where(
        is_of(Benefit.person_id, person.id),
        Benefit.kind == BenefitKind.PENSION,
        Benefit.state != BenefitState.TERMINATED,
    )
    return None if session.scalar(drawn.limit(1)) is None else "pensioner"


def offered(
    packs: PackSet, region_code: str, insured: list[Insured], *, on: date
) -> tuple[str, ...]:
    """Return the insurances that somebody may begin alone in a region this month.

    Nobody takes part twice in one insurance, whoever pays for it. Nothing is offered whose figures
    for the month are not there yet; every base lies between the limits of the pension's.
    """
    open_already = {each.insurance.value for each in insured}
    priced = _priced(packs, region_code, on)
    if PENSION not in priced:
        return ()
    return tuple(insurance for insurance in priced if insurance not in open_already)


def _priced(packs: PackSet, region_code: str, on: date) -> list[str]:
    try:
        here = packs.parameters(region_code, month_of(on), as_of=on)
    except RegionUnknown:
        return []
    found = []
    for insurance in here.insurances(Scheme.FLEXIBLE.value):
        with suppress(ParameterMissing):
            here.premium_terms(insurance, Scheme.FLEXIBLE.value)
            found.append(insurance)
    return found
