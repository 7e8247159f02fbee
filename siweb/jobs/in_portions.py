"""How a job goes through its portions: each is committed, and who waits to write comes first."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from siweb.db.claim import let_others_write
from siweb.jobs.context import JobContext


def work_through(
    context: JobContext, session: Session, portions: Iterator[int], stage: str, total: int
) -> None:
    """Commit each portion, let others write, and note how many rows are through.

    :raises JobLost: when another worker has the job now.
    """
    for done in portions:
        session.commit()
        # On SQLite whoever waits to write would else find the next portion begun each time.
        let_others_write(session)
        context.report(stage, min(done, total), total)


def let_others_in(session: Session) -> None:
    """Commit a piece of a long work, and let those write on SQLite who wait."""
    session.commit()
    let_others_write(session)
