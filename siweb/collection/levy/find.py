"""Look levy runs up: what was done for which month, and how far one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.queue.enqueue import enqueue, job_for
from siweb.queue.job import Job, JobState

JOB = "collection.run_levy"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: employers done, records and fen so far, and for how long it goes."""

    state: JobState
    employers_done: int
    employers: int
    records: int
    fen: int
    seconds: int
    failure_reference: str | None

    @property
    def records_a_second(self) -> int:
        """Return the rate so far."""
        return self.records // max(1, self.seconds)

    @property
    def minutes_left(self) -> int | None:
        """Return the time left in whole minutes, at least one; None while nobody can tell."""
        if not self.employers_done:
            return None
        left = self.seconds * (self.employers - self.employers_done) // self.employers_done
        return max(1, (left + 30) // 60)


def enqueue_levy(session: Session, run: LevyRun, *, actor: Actor, at: datetime) -> Job:
    """Ask for a run to be worked through; asking again while it is under way is the same wish."""
    job = job_for(session, ("levy_run", run.id), JOB)
    if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}:
        return job
    # The last attempt's number: two clicks make one job, a failed one can be asked for again.
    tried = 0 if job is None else job.id
    return enqueue(
        session,
        JOB,
        {"levy_run_id": run.id},
        actor=actor,
        at=at,
        subject=("levy_run", run.id),
        request_key=f"levy_run/{run.id}/{tried}",
    )


def progress_of(session: Session, run: LevyRun, *, at: datetime) -> Progress | None:
    """Return how far a run under way is; None when no job has it."""
    job = job_for(session, ("levy_run", run.id), JOB)
    if job is None or run.state is not LevyState.COMPUTING:
        return None
    report = job.progress
    passed = (at - job.started_at) // timedelta(seconds=1) if job.started_at else 0
    return Progress(
        job.state,
        int(report.get("done", 0)),
        int(report.get("total", 0)),
        int(report.get("records", 0)),
        int(report.get("fen", 0)),
        passed,
        job.failure_reference,
    )


def billed_through(session: Session, region_code: str) -> str | None:
    """Return the last month of a region that was billed, or is being billed."""
    month: str | None = session.scalar(
        select(func.max(LevyRun.contribution_month)).where(
            LevyRun.region_code == region_code,
            LevyRun.kind == LevyKind.REGULAR,
            LevyRun.state != LevyState.CANCELLED,
        )
    )
    return month


def latest_runs(
    session: Session, regions: Sequence[str], *, page: int = 1
) -> tuple[list[LevyRun], bool]:
    """Return a page of the regions' runs, the newest first, and whether more follow.

    What corrected one person's record is shown with that person.
    """
    found = session.scalars(
        select(LevyRun)
        .where(LevyRun.region_code.in_(regions), LevyRun.person_id.is_(None))
        .order_by(LevyRun.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return list(found[:PAGE]), len(found) > PAGE
