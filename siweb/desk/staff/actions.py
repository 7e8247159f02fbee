"""Giving a function and ending it, as actions of two people."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.appoint import (
    AppointmentRefused,
    appoint,
    end_appointment,
)
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Appointment, Function
from siweb.desk.checking.labels import FUNCTIONS
from siweb.desk.staff.labels import REFUSALS
from siweb.desk.staff.places import Place, place_name
from siweb.evidence.papers.paper import Because
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.office import THE_OFFICE, Office
from siweb.registry.tables.person import Person
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction


def propose_appointment(
    session: Session,
    person_id: int,
    function: Function,
    place: Place,
    because: Because,
    doing: Doing,
) -> Task:
    """Return the task that gives a person a function once another administrator has checked it.

    What holds for a province is checked by who administers the whole office.

    :raises AppointmentRefused: when the person cannot hold it.
    :raises ProposalRefused: when it waits already, or the maker would be appointed.
    """
    change = {"person_id": person_id, "function": function.value, "agency_id": place.agency_id}
    if place.area_code is not None:
        change["area_code"] = place.area_code
    subject = f"person:{person_id}:{function.value}:{place.as_choice}"
    region = region_of(session, place.agency_id)
    return propose(
        session,
        APPOINT,
        subject,
        change,
        because,
        region_code=region,
        person_id=person_id,
        doing=doing,
    )


def propose_end(
    session: Session,
    appointment: Appointment,
    because: str,
    doing: Doing,
) -> Task:
    """Return the task that ends an appointment.

    :raises AppointmentRefused: "ended" already.
    :raises ProposalRefused: when it waits already, or it is the maker's own.
    """
    if appointment.ended_at is not None:
        raise AppointmentRefused("ended")
    change = {"appointment_id": appointment.id, "person_id": appointment.person_id}
    subject = f"appointment:{appointment.id}"
    region = region_of(session, appointment.agency_id)
    return propose(
        session,
        END,
        subject,
        change,
        because,
        region_code=region,
        person_id=appointment.person_id,
        doing=doing,
    )


def may_mix(session: Session) -> bool:
    """Return whether this office lets one person hold functions of several groups."""
    office = session.get(Office, THE_OFFICE)
    return office is not None and office.mixes_functions


def region_of(session: Session, agency_id: int | None) -> str | None:
    """Return where an appointment holds, and so who checks it; None is the whole office."""
    return None if agency_id is None else session.get_one(Agency, agency_id).region_code


def _about_person(_session: Session, task: Task) -> Subject:
    return Subject(frozenset(), frozenset({int(task.change["person_id"])}))


def _given(session: Session, task: Task) -> list[Difference]:
    change = task.change
    name = session.get_one(Person, change["person_id"]).name
    function = str(FUNCTIONS[Function(change["function"])])
    place = place_name(session, Place(change["agency_id"], change.get("area_code")))
    return [Difference(f"{name} · {place}", "—", function)]


def _give(session: Session, task: Task, doing: Doing) -> None:
    change = task.change
    appoint(
        session,
        change["person_id"],
        Function(change["function"]),
        change["agency_id"],
        area_code=change.get("area_code"),
        makers=_makers(task, doing),
        mixes=may_mix(session),
        on=doing.on,
        at=doing.at,
    )


def _ended(session: Session, task: Task) -> list[Difference]:
    appointment = session.get_one(Appointment, task.change["appointment_id"])
    name = session.get_one(Person, appointment.person_id).name
    before = str(FUNCTIONS[appointment.function])
    place = place_name(session, Place(appointment.agency_id, appointment.area_code))
    return [Difference(f"{name} · {place}", before, "—")]


def _end(session: Session, task: Task, doing: Doing) -> None:
    appointment = session.get_one(Appointment, task.change["appointment_id"])
    end_appointment(session, appointment, actor=doing.actor, on=doing.on, at=doing.at)


def _page(task: Task) -> str:
    return url_for("staff_desk.show_appointment", appointment_id=task.change["appointment_id"])


def _makers(task: Task, doing: Doing) -> tuple[int, int | None]:
    """Return who made it and who checked it; while it is tried nobody has."""
    made_by, acts = task.made_by_account_id, doing.actor.account_id
    return made_by, None if acts == made_by else acts


APPOINT = TwoPersonAction(
    "staff.appoint",
    _l("Give a function"),
    Function.ADMINISTRATION,
    _given,
    _about_person,
    _give,
    {AppointmentRefused: REFUSALS},
)
END = TwoPersonAction(
    "staff.end",
    _l("End a function"),
    Function.ADMINISTRATION,
    _ended,
    _about_person,
    _end,
    {AppointmentRefused: REFUSALS},
    _page,
)
