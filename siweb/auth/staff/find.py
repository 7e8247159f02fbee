"""Who holds which function of the office."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from siweb.auth.credentials.second_factor.held import since
from siweb.auth.staff.duties import Scope, stands
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person

# An office has some dozens; beyond this a page would no longer be read.
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class ShownAppointment:
    """An appointment, whose it is, and the agency it holds for; None is the whole office."""

    appointment: Appointment
    person_id: int
    name: str
    agency: str | None
    # Since when the person has a second factor; None while they have none.
    factor_since: datetime | None


def list_staff(session: Session, *, scope: Scope, on: date) -> list[ShownAppointment]:
    """Return who holds a function on a day, by name; of the whole office for who acts for it."""
    asked = (
        _shown()
        .where(stands(on), scope.has(Agency.region_code))
        .order_by(Person.name, Person.id, Appointment.function)
    )
    return [ShownAppointment(*row) for row in session.execute(asked.limit(MOST_SHOWN))]


def find_appointment(session: Session, appointment_id: int) -> ShownAppointment | None:
    """Return an appointment, ended or not."""
    row = session.execute(_shown().where(Appointment.id == appointment_id)).first()
    return None if row is None else ShownAppointment(*row)


def has_staff(session: Session) -> bool:
    """Return whether anybody was ever given a function: an office without is being laid out."""
    return session.scalar(select(Appointment.id).limit(1)) is not None


def _shown() -> Select[Appointment, int, str, str | None, datetime | None]:
    return (
        select(Appointment, Person.id, Person.name, Agency.name_zh, since(Account.id))
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Agency, Agency.id == Appointment.agency_id)
    )
