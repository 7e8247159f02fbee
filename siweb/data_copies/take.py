"""Note that a copy of all about a person is taken, and tell the person: before its first byte."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.evidence.papers.paper import Paper
from siweb.messages.kinds.papers import DATA_COPIED
from siweb.messages.notify import notify
from siweb.registry.tables.person import Person

COPIED = "data_copy.taken"


def note_copy(
    session: Session, person: Person, *, actor: Actor, at: datetime, asked_by: Paper | None = None
) -> None:
    """Note a copy; the caller commits before it is written.

    Told also where somebody took it for themselves: whoever got into an account would take just
    this file. `asked_by` is the paper with which somebody asked at the counter.
    """
    facts: dict[str, Any] = {} if asked_by is None else asked_by.facts()
    record_activity(
        session,
        COPIED,
        actor=actor,
        at=at,
        subject=("person", person.id),
        person_id=person.id,
        facts=facts,
    )
    notify(
        session,
        DATA_COPIED,
        person.id,
        region_code=person.region_code,
        # Each copy is a thing of its own: of one thing somebody is told once a day, and the copy of
        # a stranger is often made on the day on which its owner made one.
        subject=("data_copy", f"{person.id}-{at:%H%M%S%f}"),
        at=at,
    )
