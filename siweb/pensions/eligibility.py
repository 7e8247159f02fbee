"""Who may apply for a pension, from which months on, and what is in the way."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from siweb.ledgers.account.temporary import is_open_temporary
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.benefits.retirement import Retirement, compute_retirement
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.parameters.pack_set import PackSet, RegionUnknown
from siweb.rules.parameters.parameter_set import ParameterMissing

# The months that an application may ask for lie at most this far ahead: beyond that its figures
# would be guesses. It is the office's own rule, and longer than the notice of who retires early.
MOST_MONTHS_AHEAD = 6
EARLY_NOTICE = "early_retirement_notice"
"""The period of the packs by which who retires early says so before (人社部发〔2024〕94号)."""


class Drawing(NamedTuple):
    """Whether somebody draws a pension, ever drew one, and whose it is to decide about one.

    `is_hosted` says that they belong to a region of this office, `is_temporary` that the account
    there is a temporary one.
    """

    draws: bool
    drew: bool
    is_hosted: bool
    is_temporary: bool


@dataclass(frozen=True, slots=True)
class Eligibility:
    """When somebody retires, from which months on a pension may be asked for, or why not at all.

    `obstacle` is "died", "elsewhere", "temporary", "draws", "drew", "no_figures" or "too_early".
    """

    retirement: Retirement | None
    months: tuple[str, ...]
    obstacle: str | None
    # How many months before who retires early says so.
    early_notice: int = 0


def drawing_of(session: Session, person: Person) -> Drawing:
    """Return what the register has of somebody's pension; one statement."""
    is_hosted = select(Region.is_hosted).where(Region.code == person.region_code)
    row = session.execute(
        select(
            _has_pension(person.id, Benefit.state != BenefitState.TERMINATED),
            _has_pension(person.id),
            is_hosted.scalar_subquery(),
            # One in another region of this office leaves the pension with the person's own.
            exists().where(
                *is_open_temporary(person.id), TemporaryAccount.region_code == person.region_code
            ),
        )
    ).one()
    return Drawing(*map(bool, row))


def eligibility(person: Person, drawing: Drawing, packs: PackSet, *, on: date) -> Eligibility:
    """Return whether somebody may apply on a day, and for which first months."""
    if not drawing.is_hosted:
        return Eligibility(None, (), "elsewhere")
    # Decided where the relation is, with the months and the money of here (66号, Article 5): an
    # estimate by this region's figures alone would be a promise that nobody keeps.
    if drawing.is_temporary:
        return Eligibility(None, (), "temporary")
    try:
        here = packs.parameters(person.region_code, month_of(on), as_of=on)
        schedule = here.retirement_schedule(person.retirement_category.value)
        notice = here.period(EARLY_NOTICE).length
    except (ParameterMissing, RegionUnknown):
        return Eligibility(None, (), "no_figures")
    retirement = compute_retirement(month_of(person.born_on), schedule)
    months = first_months(retirement, on, notice)
    return Eligibility(retirement, months, _obstacle(person, drawing, months), notice)


def first_months(retirement: Retirement, on: date, early_notice: int) -> tuple[str, ...]:
    """Return the first months that somebody may ask for on a day: from this one on, some ahead.

    Before the statutory month only with the notice that the law asks for, in months.
    """
    this_month = month_of(on)
    found = []
    for ahead in range(MOST_MONTHS_AHEAD + 1):
        month = add_months(this_month, ahead)
        is_noticed = month >= retirement.retirement_month or ahead >= early_notice
        if month >= earliest_month(retirement) and is_noticed:
            found.append(month)
    return tuple(found)


def earliest_month(retirement: Retirement) -> str:
    """Return the first month that the law lets somebody choose."""
    return retirement.earliest_elastic_month or retirement.retirement_month


def _obstacle(person: Person, drawing: Drawing, months: tuple[str, ...]) -> str | None:
    if person.died_on is not None:
        return "died"
    if drawing.draws:
        return "draws"
    if drawing.drew:
        return "drew"
    return None if months else "too_early"


def _has_pension(person_id: int, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    of_person = is_of(Benefit.person_id, person_id)
    return exists().where(of_person, Benefit.kind == BenefitKind.PENSION, *more)
