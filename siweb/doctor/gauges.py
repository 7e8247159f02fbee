"""How the office stands, as numbers for a monitoring program: of its work, never of anybody."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.chain.seal import late_lines
from siweb.backup.drill import last_drill
from siweb.backup.retention import backup_folder, backups_in
from siweb.collection.tables.levy_run import LevyRun
from siweb.ledgers.seals.seal import last_closing
from siweb.messages.tables.delivery import DeliveryState, MessageDelivery
from siweb.monitoring.counts import Gauge
from siweb.queue.job import Job, JobState
from siweb.settings import Settings
from siweb.web.database import database
from siweb.web.serving.readiness import OK
from siweb.web.serving.ready import ready_words

# Of what is over, one day is counted: all jobs that ever were take longer each year.
_LATELY = timedelta(days=1)
_OPEN = (JobState.QUEUED, JobState.RUNNING)


def office_gauges(app: Flask) -> Iterable[Gauge]:
    """Yield how the office stands; what needs the database only where that answers."""
    at = clock.now()
    ready = ready_words(app)
    yield Gauge(
        "siweb_ready",
        "What /readyz looks at: 1 where it is well.",
        {(what,): float(word == OK) for what, word in ready.items()},
        ("what",),
    )
    settings: Settings = app.extensions["siweb_settings"]
    yield from _files(settings)
    try:
        with database(app).readers() as session:
            # Read before they are told: a database that goes away meanwhile leaves none half said.
            standing = list(_standing(session, at))
    except SQLAlchemyError:
        return
    yield from standing


def _files(settings: Settings) -> Iterator[Gauge]:
    if settings.var_dir.is_dir():
        yield _single(
            "siweb_disk_free_bytes",
            "Room on the disk of SIWEB_VAR_DIR.",
            shutil.disk_usage(settings.var_dir).free,
        )
    folder = backup_folder(settings)
    if (drill := last_drill(folder)) is not None:
        yield _single(
            "siweb_drill_timestamp_seconds",
            "When a backup was restored for trial last.",
            drill.at.timestamp(),
        )
    found = backups_in(folder)
    yield _single("siweb_backups", "Backups in SIWEB_BACKUP_DIR.", len(found))
    if found:
        newest = found[0]
        yield _single(
            "siweb_backup_timestamp_seconds",
            "When the newest backup was made.",
            newest.made_at.timestamp(),
        )
        yield _single(
            "siweb_backup_bytes", "How large the newest backup is.", newest.path.stat().st_size
        )


def _standing(session: Session, at: datetime) -> Iterator[Gauge]:
    jobs = session.execute(
        select(Job.name, Job.state, func.count())
        .where(or_(Job.state.in_(_OPEN), Job.finished_at >= at - _LATELY))
        .group_by(Job.name, Job.state)
    )
    yield Gauge(
        "siweb_jobs",
        "Jobs that wait or run, and those of a day that ended: levies, lists, statements.",
        {(name, state.value): float(count) for name, state, count in jobs},
        ("name", "state"),
    )
    waiting = session.scalar(
        select(func.min(Job.run_after)).where(Job.state == JobState.QUEUED, Job.run_after <= at)
    )
    yield _single(
        "siweb_oldest_job_seconds",
        "How long the oldest job waits for a worker.",
        0 if waiting is None else (at - waiting).total_seconds(),
    )
    runs = session.execute(select(LevyRun.state, func.count()).group_by(LevyRun.state))
    yield Gauge(
        "siweb_levy_runs",
        "Levies by their state.",
        {(state.value,): float(count) for state, count in runs},
        ("state",),
    )
    undelivered = session.scalar(
        select(func.count()).where(
            MessageDelivery.state == DeliveryState.FAILED,
            MessageDelivery.next_try_at >= at - _LATELY,
        )
    )
    yield _single(
        "siweb_messages_failed", "Messages of a day that did not arrive.", undelivered or 0
    )
    late = late_lines(session, written_before=at)
    yield _single(
        "siweb_unsealed_lines",
        "Lines of the log that wait for their seal.",
        late.lines if late else 0,
    )
    closing = last_closing(session)
    if closing is not None:
        yield _single(
            "siweb_books_sealed_timestamp_seconds",
            "The day that was closed last.",
            clock.start_of_day(closing.sealed_on).timestamp(),
        )


def _single(name: str, says: str, value: float) -> Gauge:
    return Gauge(name, says, {(): float(value)})
