"""Whether somebody serves a person or an employer at the desk: then they do not act for them."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Duty, read_duties, stands, written_duties
from siweb.auth.tables.appointment import Appointment
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person


def serves(session: Session, duties: Iterable[Duty], person_id: int) -> bool:
    """Return whether any function is held where a person lives or is insured; else no statement."""
    lives = select(Person.region_code).where(Person.id == person_id)
    insured = select(Enrolment.region_code).where(is_of(Enrolment.person_id, person_id))
    return _any_in(session, duties, lives.union(insured))


def serves_employer(session: Session, duties: Iterable[Duty], employer_id: int) -> bool:
    """Return whether any function is held where an employer lies; without one no statement.

    A mandate makes an employer one's own matter for good, also once it has ended: whoever could
    give one to a clerk would choose by it who never decides about them.
    """
    lies = select(Employer.region_code).where(Employer.id == employer_id)
    return _any_in(session, duties, lies)


def _any_in(
    session: Session, duties: Iterable[Duty], regions: Select[str] | CompoundSelect[str]
) -> bool:
    held = tuple(duties)
    if not held:
        return False
    if any(duty.agency_id is None and duty.region_code is None for duty in held):
        return True
    found = set(session.scalars(regions))
    return any(duty.region_code in found for duty in held)


def duties_of(session: Session, person_id: int, *, on: date) -> tuple[Duty, ...]:
    """Return what somebody may do at the desk on a day."""
    asked = written_duties().where(is_of(Appointment.person_id, person_id), stands(on))
    return read_duties(session.scalar(asked))
