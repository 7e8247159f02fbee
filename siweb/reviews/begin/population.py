"""Whom a campaign is for, all at once; `due.py` asks the same of one person."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.tables.campaign import Campaign, ReviewKind


def is_for(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an enrolment makes somebody part of a campaign of its kind."""
    of_region = Enrolment.region_code == campaign.region_code
    if campaign.kind is ReviewKind.BASE_CHOICE:
        return of_region, Enrolment.scheme == Scheme.FLEXIBLE, Enrolment.to_month.is_(None)
    if campaign.kind is ReviewKind.MEDICAL_STATUS:
        alone = Enrolment.scheme.in_([Scheme.FLEXIBLE, Scheme.RESIDENT])
        is_medical = Enrolment.insurance == Insurance.MEDICAL
        return of_region, is_medical, alone, Enrolment.to_month.is_(None)
    is_open = or_(Enrolment.to_month.is_(None), Enrolment.to_month >= campaign.period_from_month)
    begun = Enrolment.from_month <= campaign.period_to_month
    return of_region, Enrolment.scheme == Scheme.EMPLOYEE, is_open, begun


def people_of(campaign: Campaign) -> Select[Any]:
    """Return whom a campaign of a season is for: each once, under the key that stands."""
    return _living(Enrolment.person_id, *is_for(campaign))


def recipients_of(campaign: Campaign, *, are_due: bool = False) -> Select[Any]:
    """Return whom certification is for: who draws a benefit, or only who has to certify now.

    `siweb day` moves the state of a benefit by its own last day, which is another for everybody.
    """
    done = [BenefitState.TERMINATED, *([BenefitState.ACTIVE] if are_due else [])]
    return _living(
        Benefit.person_id, Benefit.region_code == campaign.region_code, Benefit.state.not_in(done)
    )


def standing(column: Any) -> ColumnElement[Any]:
    """Return the key that stands for a column's key, where its aliases are joined."""
    return func.coalesce(PersonAlias.person_id, column)


def _living(column: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    # Nobody answers for the dead: they are neither asked nor silent.
    return (
        select(Person.id)
        .select_from(column.class_)
        .outerjoin(PersonAlias, PersonAlias.former_id == column)
        .join(Person, Person.id == standing(column))
        .where(*conditions, Person.died_on.is_(None))
        .distinct()
    )
