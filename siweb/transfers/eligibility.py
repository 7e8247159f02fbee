"""Which transfers somebody may apply for now, and what stands against the others."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from siweb.ledgers.account.close import account_balance
from siweb.ledgers.account.temporary import is_open_temporary
from siweb.ledgers.account.transfer import paid_months
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.transfers.tables.pension_transfer import TransferDirection


class Moving(NamedTuple):
    """What would go along from here: months of pension and the balance in fen."""

    months: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Where somebody's relation is, where they are insured now, and what may be asked for.

    `obstacle` is why nothing may: "died", "draws", "elsewhere" or "temporary"; else None.
    """

    here: Region
    insured: Region | None
    moving: Moving
    directions: tuple[TransferDirection, ...]
    obstacle: str | None


def eligibility(session: Session, person: Person) -> Eligibility:
    """Return which transfers somebody may ask for; five statements."""
    here, draws, is_temporary = _relation(session, person)
    insured = _insured_in(session, person.id)
    moving = Moving(len(paid_months(session, person.id)), account_balance(session, person.id))
    obstacle = _obstacle(person, here, draws=draws)
    directions = () if obstacle else _directions(here, insured, moving)
    # Only what would come in is refused: all of it may go back as soon as the person has left.
    if directions and insured is not None and is_temporary:
        directions, obstacle = (), "temporary"
    return Eligibility(here, insured, moving, directions, obstacle)


def _relation(session: Session, person: Person) -> tuple[Region, bool, bool]:
    draws = exists().where(
        is_of(Benefit.person_id, person.id),
        Benefit.kind == BenefitKind.PENSION,
        Benefit.state != BenefitState.TERMINATED,
    )
    temporary = exists().where(*is_open_temporary(person.id))
    region, is_drawing, is_temporary = session.execute(
        select(Region, draws, temporary).where(Region.code == person.region_code)
    ).one()
    return region, bool(is_drawing), bool(is_temporary)


def _insured_in(session: Session, person_id: int) -> Region | None:
    """Return the region of this office in which somebody takes part in pension now."""
    return session.scalar(
        select(Region)
        .join(Enrolment, Enrolment.region_code == Region.code)
        .where(
            is_of(Enrolment.person_id, person_id),
            Enrolment.insurance == Insurance.PENSION,
            Enrolment.to_month.is_(None),
        )
        .order_by(Enrolment.from_month.desc(), Region.code)
        .limit(1)
    )


def _obstacle(person: Person, here: Region, *, draws: bool) -> str | None:
    if person.died_on is not None:
        return "died"
    if draws:
        return "draws"
    return None if here.is_hosted else "elsewhere"


def _directions(
    here: Region, insured: Region | None, moving: Moving
) -> tuple[TransferDirection, ...]:
    """Return what may be asked for: one takes along, or sends for, what lies where one left."""
    if insured is None:
        return (TransferDirection.OUT,) if min(moving) > 0 else ()
    if insured.code != here.code and min(moving) > 0:
        return (TransferDirection.WITHIN, TransferDirection.IN)
    return (TransferDirection.IN,)
