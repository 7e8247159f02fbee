"""Write the activity log and prove that nobody rewrote it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor

GENESIS = "0" * 64
# Any number that nothing else of this database locks; 7345 is the interest run's.
_CHAIN_LOCK = 7302


def record_activity(
    session: Session,
    action: str,
    *,
    actor: Actor,
    at: datetime,
    subject: tuple[str, int | str],
    person_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Activity:
    """Add one line: `action` in the past tense, e.g. "review.submitted".

    `facts` hold no ID number.
    """
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer at a time; PostgreSQL must be told that the chain has one end.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    previous = session.scalar(select(Activity.row_hash).order_by(Activity.id.desc()).limit(1))
    activity = Activity(
        at=at,
        account_id=actor.account_id,
        person_id=person_id,
        employer_id=actor.on_behalf_of_employer_id,
        channel=actor.channel.value,
        action=action,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        facts=dict(facts or {}),
        previous_hash=previous or GENESIS,
    )
    activity.row_hash = row_hash(activity)
    session.add(activity)
    # Written now: the next line of the same transaction must find this one as the chain's end.
    session.flush()
    return activity


def row_hash(activity: Activity) -> str:
    """Return the SHA-256 over the row and the hash of the row before it."""
    hashed: list[Any] = [
        activity.previous_hash,
        activity.at.isoformat(),
        activity.account_id,
        activity.person_id,
        activity.channel,
        activity.action,
        activity.subject_kind,
        activity.subject_id,
        activity.facts,
    ]
    if activity.employer_id is not None:
        # Rows from before employers were noted keep the hash that they had.
        hashed.append(activity.employer_id)
    line = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def first_broken_activity(session: Session) -> int | None:
    """Return the id of the first row that does not follow from the one before, or None."""
    expected = GENESIS
    for activity in session.scalars(select(Activity).order_by(Activity.id)).yield_per(1000):
        if activity.previous_hash != expected or activity.row_hash != row_hash(activity):
            return activity.id
        expected = activity.row_hash
    return None
