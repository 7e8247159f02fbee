"""Remind members of staff before a function of theirs ends by its last day."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.tables.appointment import Appointment
from siweb.messages.kinds.staff import FUNCTION_ENDING
from siweb.messages.notify import subject_of
from siweb.messages.reminders import remind_of
from siweb.registry.tables.person import Person


def remind_of_functions(session: Session, *, on: date, at: datetime) -> int:
    """Remind of functions that end soon; return how many. The caller commits."""
    what = (
        select(
            Person.region_code.label("region"),
            subject_of("appointment", Appointment.id).label("subject"),
            Person.id.label("reader"),
            Appointment.until_on.label("last_day"),
            Appointment.made_at.label("known_at"),
        )
        .join_from(Appointment, Person, Person.id == Appointment.person_id)
        .where(Appointment.ended_at.is_(None), Person.died_on.is_(None))
    )
    return remind_of(session, FUNCTION_ENDING, what, on=on, at=at)
