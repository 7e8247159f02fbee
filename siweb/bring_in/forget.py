"""Forget the files that never came in: what was refused or withdrawn is nobody's voucher."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.bring_in.actions import ACTIONS
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.registry.tables.bring_in import BringIn
from siweb.tasks.tables.task import Task, TaskState

KEPT = timedelta(days=30)


def forget_files(session: Session, files: FileStore, *, at: datetime) -> int:
    """Delete files that were handed in a month ago, did not come in, and wait no more.

    What came in is kept with the books. Return how many; the caller commits.
    """
    waiting = session.scalars(
        select(Task).where(
            Task.state == TaskState.OPEN, Task.kind.in_([each.kind for each in ACTIONS.values()])
        )
    )
    needed = {task.change["digest"] for task in waiting}
    needed |= set(session.scalars(select(BringIn.file_digest)))
    return files.forget(session, FileKind.BRING_IN, before=at - KEPT, needed=needed)
