"""Forget lists of signs: their files after a month, what came to nothing after three years.

What ended or stopped a benefit stays with the decision. A list that was never taken in goes whole.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.reviews.tables.sign import Sign, SignList, SignListState, SignState
from siweb.signs.actions import TAKE_IN
from siweb.tasks.tables.task import Task, TaskState

FILES_KEPT = timedelta(days=30)
SIGNS_KEPT = timedelta(days=3 * 365)
_NOTHING_IN = (SignState.UNFOUNDED, SignState.NOTED, SignState.COUNTED)


def forget_signs(session: Session, files: FileStore, *, at: datetime) -> int:
    """Delete what is kept for too long; return how many files. The caller commits.

    The file of a list that waits for its second person stays until that.
    """
    waiting = session.scalars(
        select(Task.change).where(Task.kind == TAKE_IN.kind, Task.state == TaskState.OPEN)
    ).all()
    forgotten = files.forget(
        session,
        FileKind.SIGNS,
        before=at - FILES_KEPT,
        needed={change["digest"] for change in waiting},
    )
    session.execute(
        delete(Sign).where(Sign.recorded_at < at - SIGNS_KEPT, Sign.state.in_(_NOTHING_IN))
    )
    ids = [change["list_id"] for change in waiting]
    session.execute(
        delete(SignList).where(
            SignList.handed_in_at < at - FILES_KEPT,
            SignList.state == SignListState.DRAFT,
            SignList.id.not_in(ids),
        )
    )
    session.execute(
        delete(SignList).where(
            SignList.handed_in_at < at - SIGNS_KEPT, ~exists().where(Sign.list_id == SignList.id)
        )
    )
    return forgotten
