"""The worker: takes one job after the other until it is told to stop."""

import gc
import logging
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from siweb import clock, schema
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.db.migrations.one_version import OtherVersion
from siweb.db.reference_code import grouped, new_reference
from siweb.files.store import FileStore
from siweb.jobs.context import JobContext, JobFunction, JobLost
from siweb.jobs.functions import JOB_FUNCTIONS
from siweb.jobs.send_messages import ask_to_send
from siweb.messages.gateways.outbox import Outbox
from siweb.queue.claim import MAX_ATTEMPTS, beat, claim_job, fail_job, finish_job
from siweb.queue.job import Job
from siweb.web.failures.trace import failure_trace
from siweb.web.language.locale import DEFAULT_LOCALE, office_language

# Whatever a job changes, its sessions are watched from here.
assert schema.metadata.tables
log = logging.getLogger("siweb.jobs")
# Nobody notices half a second, and two questions a second cost nothing.
PAUSE_SECONDS = 0.5
# A job counts as orphaned after a few missed beats (see queue/claim.py).
BEAT_SECONDS = 8


def run_worker(
    sessions: sessionmaker[Session],
    stop: threading.Event | None = None,
    *,
    files: FileStore | None = None,
    secret: str = "",
    language: str = DEFAULT_LOCALE,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    outbox: Outbox | None = None,
) -> None:
    """Run jobs until `stop` is set; sleep a little whenever there is none."""
    stop = stop or threading.Event()
    worker = f"{os.getpid()}-{secrets.token_hex(4)}"
    settle()
    outbox = outbox or Outbox()
    while not stop.is_set():
        if not run_next_job(
            sessions,
            worker,
            files=files,
            secret=secret,
            language=language,
            order=order,
            outbox=outbox,
        ):
            # Only when nothing else is to be done: messages come of that work, and may wait for it.
            if outbox.gateways:
                ask_to_send(sessions, at=clock.now())
            stop.wait(PAUSE_SECONDS)


def settle() -> None:
    """Leave what lives as long as the worker out of every later search for garbage."""
    gc.collect()
    gc.freeze()


def run_next_job(
    sessions: sessionmaker[Session],
    worker: str,
    *,
    files: FileStore | None = None,
    secret: str = "",
    language: str = DEFAULT_LOCALE,
    order: AllocationOrder = IN_ORDER_OF_LAW,
    outbox: Outbox | None = None,
) -> bool:
    """Run one job; False when there was none. Without `files` they lie in the database."""
    try:
        with sessions.begin() as session:
            job = claim_job(session, worker=worker, at=clock.now())
    except OperationalError:
        # SQLite has one writer, and a long job holds it: there is nothing to take now.
        log.info("the database is busy; asking for a job again later")
        return False
    if job is None:
        return False
    context = JobContext(
        job, worker, sessions, files or FileStore(), secret, order, outbox or Outbox()
    )
    with _heartbeat(context), office_language(language):
        _run(job, context)
    return True


@contextmanager
def _heartbeat(context: JobContext) -> Iterator[None]:
    """Keep showing signs of life while a job runs, however long one of its statements takes."""
    ended = threading.Event()

    def keep_beating() -> None:
        while not ended.wait(BEAT_SECONDS):
            try:
                with context.sessions.begin() as session:
                    beat(session, context.job.id, worker=context.worker, at=clock.now())
            except (OperationalError, OtherVersion):
                # The job itself is writing: nobody else can take it meanwhile either.
                log.debug("no heartbeat while the job writes")

    thread = threading.Thread(target=keep_beating, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _run(job: Job, context: JobContext) -> None:
    try:
        _function_of(job)(context)
    except JobLost:
        log.warning("job %s was taken over by another worker", job.reference)
    except Exception as error:  # noqa: BLE001 - whatever failed, the next job is run
        reference = grouped(new_reference())
        trace = failure_trace(error)
        # The trace has no values of its variables: they may name people.
        log.error("case %s: job %s failed\n%s", reference, job.name, trace)  # noqa: TRY400
        with context.sessions.begin() as session:
            fail_job(session, job.id, worker=context.worker, at=clock.now(), reference=reference)
    else:
        with context.sessions.begin() as session:
            finish_job(session, job.id, worker=context.worker, at=clock.now())


def _function_of(job: Job) -> JobFunction:
    """Return what the job runs; a job that keeps killing its workers is given up."""
    if job.attempts > MAX_ATTEMPTS:
        raise RuntimeError("the job was taken over too often")
    return JOB_FUNCTIONS[job.name]
