"""Ask for something to be done later, in the same transaction as what makes it necessary."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.db.claim import add_or_find
from siweb.db.reference_code import new_reference
from siweb.queue.job import Job


def enqueue(
    session: Session,
    name: str,
    arguments: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    subject: tuple[str, int | str],
    request_key: str | None = None,
) -> Job:
    """Return the job for this request: a new one, or the one already there under `request_key`.

    A worker finds the function by `name`; `arguments` are JSON values.
    """
    if request_key is not None:
        earlier = _requested(session, request_key)
        if earlier is not None:
            return earlier
    job = Job(
        reference=new_reference(12),
        name=name,
        arguments=dict(arguments),
        request_key=request_key,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        owner_account_id=actor.account_id,
        progress={},
        queued_at=at,
        run_after=at,
    )
    if request_key is None:
        session.add(job)
        session.flush()
        return job
    # Two clicks at one moment both find none above.
    return add_or_find(session, job, lambda: _requested(session, request_key)) or job


def _requested(session: Session, request_key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.request_key == request_key))


def job_for(session: Session, subject: tuple[str, int | str], name: str) -> Job | None:
    """Return the newest job of that name about a subject, or None."""
    return session.scalar(
        select(Job)
        .where(Job.subject_kind == subject[0], Job.subject_id == str(subject[1]), Job.name == name)
        .order_by(Job.id.desc())
        .limit(1)
    )
