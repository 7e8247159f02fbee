"""Seal the books of a day; what a levy run is still writing counts from when it is issued."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.ledgers.seals.seal import SealKey, seal_books


def seal_day(session: Session, *, key: SealKey, on: date, at: datetime, actor: Actor) -> int:
    """Seal every new row that counts; return how many."""
    return seal_books(session, SEALED_BOOKS, key=key, on=on, at=at, actor=actor)
