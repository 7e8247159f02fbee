"""Give a function to a person, and end it; who may do so has been checked by two people."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.duties import stands
from siweb.auth.staff.functions import incompatible
from siweb.auth.tables.appointment import Appointment, Function
from siweb.db.claim import claim
from siweb.messages.kinds.staff import FUNCTION_ENDED, FUNCTION_GIVEN
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal


class AppointmentRefused(Refusal):
    """When a function cannot be given or ended.

    "held_already", "incompatible", "area_is_read"; "last_two", "ended".
    """


# Without two who administer, nobody could ever be appointed again: roles are a two-person action.
FEWEST_ADMINISTRATORS = 2


def require_fitting(
    session: Session,
    person_id: int,
    function: Function,
    agency_id: int | None,
    *,
    mixes: bool,
    on: date,
    area_code: str | None = None,
) -> None:
    """Refuse what nobody may hold: the same twice, or functions of two groups at once.

    `mixes` is the recorded setting of a small office that lets one person hold several groups.

    :raises AppointmentRefused: "held_already"; "incompatible", with the functions that are held;
        "area_is_read" for a province in which somebody would do more than audit.
    """
    if area_code is not None and function is not Function.AUDIT:
        raise AppointmentRefused("area_is_read")
    held = session.execute(
        select(Appointment.function, Appointment.agency_id, Appointment.area_code).where(
            is_of(Appointment.person_id, person_id),
            Appointment.ended_at.is_(None),
            # What ran out is held no more; what begins later will be.
            or_(Appointment.until_on.is_(None), Appointment.until_on >= on),
        )
    ).all()
    if (function, agency_id, area_code) in [tuple(row) for row in held]:
        raise AppointmentRefused("held_already")
    others = incompatible((row.function for row in held), function)
    if others and not mixes:
        raise AppointmentRefused("incompatible", functions=sorted(other.value for other in others))


def appoint(
    session: Session,
    person_id: int,
    function: Function,
    agency_id: int | None,
    *,
    makers: tuple[int | None, int | None],
    mixes: bool,
    on: date,
    at: datetime,
    area_code: str | None = None,
) -> Appointment:
    """Return a new appointment; `makers` are the accounts of who made and who checked it.

    :raises AppointmentRefused: as `require_fitting`.
    """
    # Locked: of two that do not go together, approved at once, each would not see the other.
    person = select(Person.id).where(Person.id == person_id)
    session.execute(person.with_for_update(key_share=True))
    require_fitting(
        session, person_id, function, agency_id, mixes=mixes, on=on, area_code=area_code
    )
    _end_run_out(session, person_id, on, at)
    made_by, checked_by = makers
    appointment = Appointment(
        person_id=person_id,
        function=function,
        agency_id=agency_id,
        area_code=area_code,
        from_on=on,
        made_by_account_id=made_by,
        checked_by_account_id=checked_by,
        made_at=at,
    )
    session.add(appointment)
    session.flush()
    _note(session, appointment, "appointment.made", checked_by, at)
    _tell(session, FUNCTION_GIVEN, appointment, at)
    return appointment


def end_appointment(
    session: Session, appointment: Appointment, *, actor: Actor, on: date, at: datetime
) -> None:
    """End an appointment at once.

    :raises AppointmentRefused: "ended" before; "last_two" of those who administer the office.
    """
    if appointment.function is Function.ADMINISTRATION and appointment.agency_id is None:
        of_office: tuple[ColumnElement[bool], ...] = (
            Appointment.function == Function.ADMINISTRATION,
            Appointment.agency_id.is_(None),
        )
        # All of them, in one order: of three of whom two are ended at once, the second to come
        # waits here, and counts without the first. The office's own row may not be there yet.
        held = select(Appointment.id).where(*of_office, Appointment.ended_at.is_(None))
        session.execute(held.order_by(Appointment.id).with_for_update()).all()
        others = select(func.count(func.distinct(Appointment.person_id))).where(
            *of_office,
            # Counted by person: two appointments of one are one who could appoint.
            Appointment.person_id != appointment.person_id,
            stands(on),
        )
        if int(session.scalar(others) or 0) < FEWEST_ADMINISTRATORS:
            raise AppointmentRefused("last_two")
    place = (
        update(Appointment)
        .where(Appointment.id == appointment.id, Appointment.ended_at.is_(None))
        .values(ended_at=at)
    )
    # Of two who end it at the same moment, one is told that it has ended.
    claim(session, place, otherwise=AppointmentRefused("ended"))
    _note(session, appointment, "appointment.ended", actor.account_id, at)
    _tell(session, FUNCTION_ENDED, appointment, at)


def _end_run_out(session: Session, person_id: int, on: date, at: datetime) -> None:
    """End what ran out by its last day: the keys let nobody hold it anew while it is open."""
    session.execute(
        update(Appointment)
        .where(
            Appointment.person_id == person_id,
            Appointment.ended_at.is_(None),
            Appointment.until_on < on,
        )
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )


def _tell(session: Session, kind: MessageKind, appointment: Appointment, at: datetime) -> None:
    region = session.get_one(Person, appointment.person_id).region_code
    about = ("appointment", appointment.id)
    notify(session, kind, appointment.person_id, region_code=region, subject=about, at=at)


def _note(
    session: Session, appointment: Appointment, action: str, by: int | None, at: datetime
) -> None:
    record_activity(
        session,
        action,
        actor=Actor(by, None),
        at=at,
        subject=("appointment", appointment.id),
        person_id=appointment.person_id,
        facts={
            "function": appointment.function.value,
            "agency": appointment.agency_id,
            **({"area": appointment.area_code} if appointment.area_code else {}),
        },
    )
