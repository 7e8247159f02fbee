"""Whether somebody serves a person at the desk: then they do not act for that person as well."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Duty, read_duties, stands, written_duties
from siweb.auth.tables.appointment import Appointment
from siweb.registry.person_keys import is_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person


def serves(session: Session, duties: Iterable[Duty], person_id: int) -> bool:
    """Return whether any function is held where a person lives or is insured; else no statement."""
    held = tuple(duties)
    if not held:
        return False
    if any(duty.agency_id is None and duty.region_code is None for duty in held):
        return True
    lives = select(Person.region_code).where(Person.id == person_id)
    insured = select(Enrolment.region_code).where(is_of(Enrolment.person_id, person_id))
    regions = set(session.scalars(lives.union(insured)))
    return any(duty.region_code in regions for duty in held)


def duties_of(session: Session, person_id: int, *, on: date) -> tuple[Duty, ...]:
    """Return what somebody may do at the desk on a day."""
    asked = written_duties().where(is_of(Appointment.person_id, person_id), stands(on))
    return read_duties(session.scalar(asked))
