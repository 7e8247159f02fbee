"""The job that brings messages out by e-mail and text message, and who asks for it."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from siweb import clock
from siweb.audit.actor import SYSTEM
from siweb.db.claim import let_others_write
from siweb.db.statistics import collect_after
from siweb.jobs.context import JobContext
from siweb.messages.deliver import carry, due_deliveries, is_waiting, keep_attempt, try_to_send
from siweb.messages.gateways.gateway import Channel
from siweb.messages.tables.delivery import DeliveryState
from siweb.queue.enqueue import enqueue, job_for
from siweb.queue.job import JobState

log = logging.getLogger("siweb.jobs")
SEND_MESSAGES = "messages.send"
_SUBJECT = ("messages", "all")
# One job a minute at most, also where each ends with a failure.
_PACE = timedelta(minutes=1)
# A server that failed so often in a row is left alone until the next job.
_IN_A_ROW = 3


def ask_to_send(sessions: sessionmaker[Session], *, at: datetime) -> bool:
    """Queue the job where something waits and none was queued just now; return whether it was."""
    try:
        with sessions.begin() as session:
            latest = job_for(session, _SUBJECT, SEND_MESSAGES)
            if latest is not None and (
                latest.state in {JobState.QUEUED, JobState.RUNNING} or latest.queued_at > at - _PACE
            ):
                return False
            if not is_waiting(session, at=at):
                return False
            enqueue(session, SEND_MESSAGES, {}, actor=SYSTEM, at=at, subject=_SUBJECT)
    except OperationalError:
        log.info("the database is busy; asking later whether messages wait")
        return False
    return True


def send_messages(context: JobContext) -> None:
    """Send what waits, each kept by itself; what fails is tried again later, or is failed."""
    counts, failures = Counter[DeliveryState](), Counter[Channel]()
    with context.sessions() as session:
        carried = 0
        while more := carry(session, context.outbox.gateways, at=clock.now()):
            carried += more
            session.commit()
            let_others_write(session)
        session.commit()
        for due in due_deliveries(session, context.outbox, at=clock.now()):
            if failures[due.channel] >= _IN_A_ROW:
                continue
            # On SQLite a transaction keeps everybody from writing: none is open while it is sent.
            session.commit()
            failed = try_to_send(due, context.outbox)
            failures[due.channel] = 0 if failed is None else failures[due.channel] + 1
            counts[keep_attempt(session, due, failed, at=clock.now())] += 1
            session.commit()
            context.report("sending", sum(counts.values()))
        collect_after(session, carried)
        session.commit()
