"""Hold the seals to what the activity log noted of them when they were made.

Whoever changes a row may take its seals away, or make them anew over what it says now. The log has
the end of each book's chain at the close of each day, under a chain of its own.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.ledgers.seals.seal import SEALED
from siweb.ledgers.tables.day_seal import Book, DaySeal


class OtherSeal(NamedTuple):
    """A seal that was noted and is not there, or that is there and was not noted."""

    book: Book
    sealed_on: date
    is_missing: bool


def other_seals(session: Session) -> Iterator[OtherSeal]:
    """Yield every noted end of a book without its seal, and every last seal that was not noted."""
    noted = _noted(session)
    for book in Book:
        ends = dict(session.execute(_ends(book)).all())
        of_book = noted.get(book, {})
        for end, sealed_on in of_book.items():
            if end not in ends:
                yield OtherSeal(book, sealed_on, is_missing=True)
        if ends and (last := list(ends)[-1]) not in of_book:
            yield OtherSeal(book, ends[last], is_missing=False)


def _ends(book: Book) -> Select[str, date]:
    seal = DaySeal
    return select(seal.seal_hash, seal.sealed_on).where(seal.book == book).order_by(seal.first_id)


def _noted(session: Session) -> dict[Book, dict[str, date]]:
    """Return the ends that were noted of each book, with their days, in their order."""
    noted: dict[Book, dict[str, date]] = {}
    rows = session.execute(
        select(Activity.subject_id, Activity.facts)
        .where(Activity.subject_kind == "books", Activity.action == SEALED)
        .order_by(Activity.id)
    )
    for day, ends in rows:
        for book, end in ends.items():
            noted.setdefault(Book(book), {})[end] = date.fromisoformat(day)
    return noted
