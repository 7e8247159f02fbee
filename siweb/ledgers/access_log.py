"""Who looked at a person's record: noted when it is somebody else, told when the person asks."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.audit.record import record_activity

VIEWED = "record.viewed"
_SHOWN = 50


class Look(NamedTuple):
    """One look at the record by somebody else."""

    at: datetime
    channel: str
    part: str


def note_look(session: Session, person_id: int, part: str, *, actor: Actor, at: datetime) -> bool:
    """Note that somebody else looked at a part of a person's record ("2026", "account").

    Returns False, and notes nothing, when it is the person.
    """
    if actor.person_id == person_id:
        return False
    record_activity(
        session,
        VIEWED,
        actor=actor,
        at=at,
        subject=("record", person_id),
        person_id=person_id,
        facts={"part": part},
    )
    return True


def looks_at(session: Session, person_id: int) -> list[Look]:
    """Return the latest looks of others at a person's record; one statement."""
    rows = session.execute(
        select(Activity.at, Activity.channel, Activity.facts)
        .where(Activity.person_id == person_id, Activity.deed == VIEWED)
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(_SHOWN)
    )
    return [Look(at, channel, str(facts.get("part", ""))) for at, channel, facts in rows]
