"""Seal the books of a day, except for what a levy run is still writing."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.ledgers.seals.seal import seal_books
from siweb.ledgers.tables.day_seal import Book


def seal_day(session: Session, *, on: date, at: datetime, actor: Actor) -> int:
    """Seal every new row that counts; return how many.

    A run that is not issued may still be cancelled: its records and bills are sealed after it.
    """
    running = session.scalar(
        select(func.min(LevyRun.after_record_id)).where(
            LevyRun.state == LevyState.COMPUTING, LevyRun.kind != LevyKind.PREVIEW
        )
    )
    bill, line = session.execute(
        select(func.min(Bill.id), func.min(BillLine.id))
        .outerjoin(BillLine, BillLine.bill_id == Bill.id)
        .where(Bill.issued_at.is_(None))
    ).one()
    below = {Book.CONTRIBUTION_RECORD: running}
    for book, first in ((Book.BILL, bill), (Book.BILL_LINE, line)):
        below[book] = None if first is None else first - 1
    limits = {book: last for book, last in below.items() if last is not None}
    return seal_books(session, on=on, at=at, actor=actor, below=limits)
