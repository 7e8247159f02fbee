"""Seal the books of a day, except for what a levy run is still writing."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.levy_run import LevyKind, LevyRun, LevyState
from siweb.ledgers.day_seal import Book
from siweb.ledgers.seal_books import seal_books


def seal_day(session: Session, *, on: date, at: datetime, actor: Actor) -> int:
    """Seal every new row that counts; return how many.

    A run that is not issued may still be cancelled: its records are sealed after it.
    """
    running = session.scalar(
        select(func.min(LevyRun.after_record_id)).where(
            LevyRun.state == LevyState.COMPUTING, LevyRun.kind != LevyKind.PREVIEW
        )
    )
    below = {} if running is None else {Book.CONTRIBUTION_RECORD: running}
    return seal_books(session, on=on, at=at, actor=actor, below=below)
