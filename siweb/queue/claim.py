"""Take, hold and finish jobs: one worker at a time holds a job, and a dead one loses it."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from siweb.queue.job import Job, JobState

# A worker shows a sign of life at least this often, or another takes its job over.
SILENCE = timedelta(seconds=30)
# High, since each restart of a worker during a long job counts as well; a job that kills its
# worker each time must still end.
MAX_ATTEMPTS = 25


def claim_job(session: Session, *, worker: str, at: datetime) -> Job | None:
    """Return the next job, now held by `worker`, or None when there is nothing to do.

    A job whose worker fell silent is taken again: what it had not committed is gone, so that
    it starts from what it had. Commit at once.
    """
    is_free = and_(Job.state == JobState.QUEUED, Job.run_after <= at)
    is_orphan = and_(Job.state == JobState.RUNNING, Job.heartbeat_at < at - SILENCE)
    job = session.scalar(
        select(Job)
        .where(or_(is_free, is_orphan))
        .order_by(Job.id)
        .limit(1)
        # Two workers each take another job instead of waiting for the same one.
        .with_for_update(skip_locked=True)
    )
    if job is None:
        return None
    job.state = JobState.RUNNING
    job.worker = worker
    job.attempts += 1
    job.started_at = job.started_at or at
    job.heartbeat_at = at
    session.flush()
    return job


def show_progress(
    session: Session, job_id: int, *, worker: str, at: datetime, progress: dict[str, Any]
) -> bool:
    """Note how far a job is; False when another worker has taken it over meanwhile."""
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.worker == worker, Job.state == JobState.RUNNING)
        .values(heartbeat_at=at, progress=progress)
    )
    return cast("CursorResult[Any]", result).rowcount == 1


def finish_job(session: Session, job_id: int, *, worker: str, at: datetime) -> None:
    """Mark a job as done."""
    _change(session, job_id, worker, state=JobState.DONE, finished_at=at)


def fail_job(session: Session, job_id: int, *, worker: str, at: datetime, reference: str) -> None:
    """Mark a job as failed under the case reference that its owner is shown."""
    _change(
        session,
        job_id,
        worker,
        state=JobState.FAILED,
        finished_at=at,
        failure_reference=reference,
    )


def beat(session: Session, job_id: int, *, worker: str, at: datetime) -> None:
    """Show that the worker of a running job is alive."""
    _change(session, job_id, worker, heartbeat_at=at)


def _change(session: Session, job_id: int, worker: str, **values: Any) -> None:
    # By its worker too: who lost the job to another must not end it there.
    session.execute(update(Job).where(Job.id == job_id, Job.worker == worker).values(**values))
