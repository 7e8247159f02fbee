"""What a running job is given: sessions, the clock, and a way to say how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from siweb import clock
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.files.store import FileStore
from siweb.messages.gateways.outbox import Outbox
from siweb.queue.claim import show_progress
from siweb.queue.job import Job


class JobLost(Exception):
    """Another worker took the job over: stop at once and commit nothing more."""


@dataclass(frozen=True, slots=True)
class JobContext:
    job: Job
    worker: str
    sessions: sessionmaker[Session]
    files: FileStore
    # The key of the codes on papers, for documents that a job gives out.
    secret: str = ""
    # In which order money is used, as the settings say.
    order: AllocationOrder = IN_ORDER_OF_LAW
    # By what messages leave the office.
    outbox: Outbox = field(default_factory=Outbox)

    def report(self, stage: str, done: int = 0, total: int = 0, **counts: int) -> None:
        """Note the progress, in a transaction of its own: call it while holding none.

        :raises JobLost: when another worker has the job now.
        """
        with self.sessions.begin() as session:
            self.note(session, stage, done, total, **counts)

    def note(
        self, session: Session, stage: str, done: int = 0, total: int = 0, **counts: int
    ) -> None:
        """Note the progress with what a transaction of the job does: both are kept, or neither.

        :raises JobLost: when another worker has the job now; the caller rolls back.
        """
        progress: dict[str, Any] = {"stage": stage, "done": done, "total": total, **counts}
        is_mine = show_progress(
            session, self.job.id, worker=self.worker, at=clock.now(), progress=progress
        )
        if not is_mine:
            raise JobLost(self.job.reference)


JobFunction = Callable[[JobContext], None]
