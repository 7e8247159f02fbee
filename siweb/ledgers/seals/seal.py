"""Seal the books at the end of a day, and prove that no sealed row was changed since.

Left out of the hash is what is filled in later and held to the rest by `siweb check` anyway:
whether a record is paid, whom a payment is from and what of it is left, what of a bill is paid,
on which day a deferral ended early.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Column, Row, Select, Table, func, select, text
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import GENESIS, record_activity
from siweb.db.base import Base
from siweb.ledgers.tables.day_seal import Book, DaySeal

SEALED = "books.sealed"
# An altered row is found within so many, and a year of a million people has not too many seals.
ROWS_A_SEAL = 5_000
_MARK = 8
_FILLED_IN_LATER = {
    Book.CONTRIBUTION_RECORD: {"paid_on"},
    Book.BILL: {"paid_fen", "late_fee_paid_fen"},
    Book.BILL_LINE: {"paid_fen"},
    Book.DEFERRAL: {"ended_on"},
    Book.PAYMENT: {"employer_id", "person_id", "matched_by", "kept_at", "unallocated_fen"},
}


class ChangedRow(NamedTuple):
    """A row that is not what was sealed; `row_id` None when only the chain itself is broken."""

    book: Book
    row_id: int | None
    sealed_on: date


def seal_books(
    session: Session, *, on: date, at: datetime, actor: Actor, below: dict[Book, int] | None = None
) -> int:
    """Seal every row that was added since the last seal; return how many.

    `below` holds ids from which on a book is still being written. What is sealed is noted in the
    activity log, whose own chain holds the ends of these.
    """
    ends = {}
    total = 0
    for book in Book:
        count, end = _seal_book(session, book, (below or {}).get(book), on, at)
        total += count
        if count:
            ends[book.value] = end
    if ends:
        record_activity(
            session,
            SEALED,
            actor=actor,
            at=at,
            subject=("books", on.isoformat()),
            facts=ends,
        )
    return total


def changed_rows(session: Session, most: int = 50) -> Iterator[ChangedRow]:
    """Yield the rows that differ from their seals, and seals that do not follow from the last."""
    for book in Book:
        yield from islice(_changed(session, book), most)


def _seal_book(
    session: Session, book: Book, below: int | None, on: date, at: datetime
) -> tuple[int, str]:
    table = _table(book)
    written = _written(session, table)
    last = session.scalars(
        select(DaySeal).where(DaySeal.book == book).order_by(DaySeal.first_id.desc()).limit(1)
    ).first()
    start, end = (last.last_id, last.seal_hash) if last else (0, GENESIS)
    query = _rows(book).where(
        table.c.id > start, table.c.id <= (written if below is None else min(below, written))
    )
    rows = iter(session.execute(query.execution_options(yield_per=ROWS_A_SEAL)))
    total = 0
    seals = []
    while stretch := list(islice(rows, ROWS_A_SEAL)):
        marks, seal_hash = _hash(stretch, end)
        seals.append(
            DaySeal(
                book=book,
                sealed_on=on,
                first_id=start + 1,
                last_id=stretch[-1][0],
                rows=len(stretch),
                row_marks=marks,
                previous_hash=end,
                seal_hash=seal_hash,
                sealed_at=at,
            )
        )
        start, end, total = stretch[-1][0], seal_hash, total + len(stretch)
    session.add_all(seals)
    session.flush()
    return total, end


def _written(session: Session, table: Table) -> int:
    """Return the last id of a table below which nothing can appear any more.

    On PostgreSQL whoever is writing is waited for, and let go on at once: nobody waits while rows
    are hashed, nor for two tables at a time.
    """
    last = select(func.coalesce(func.max(table.c.id), 0))
    if session.get_bind().dialect.name != "postgresql":
        return int(session.scalar(last) or 0)
    session.flush()
    connection = session.connection()
    # Waits until whoever is writing has committed: a row with a smaller number may not appear
    # later.
    savepoint = connection.begin_nested()
    connection.execute(text(f"LOCK TABLE {table.name} IN SHARE MODE"))
    written = int(connection.scalar(last) or 0)
    savepoint.rollback()
    return written


def _changed(session: Session, book: Book) -> Iterator[ChangedRow]:
    end, start = GENESIS, 0
    table = _table(book)
    seals = session.scalars(
        select(DaySeal).where(DaySeal.book == book).order_by(DaySeal.first_id)
    ).yield_per(100)
    for seal in seals:
        rows = session.execute(
            _rows(book).where(table.c.id.between(seal.first_id, seal.last_id))
        ).all()
        marks, seal_hash = _hash(rows, seal.previous_hash)
        if seal.previous_hash != end or seal.first_id != start + 1:
            yield ChangedRow(book, None, seal.sealed_on)
        if marks != seal.row_marks or len(rows) != seal.rows:
            yield ChangedRow(book, _first_differing(rows, marks, seal), seal.sealed_on)
        elif seal_hash != seal.seal_hash:
            yield ChangedRow(book, None, seal.sealed_on)
        end, start = seal.seal_hash, seal.last_id


def _first_differing(rows: Sequence[Row[Any]], marks: bytes, seal: DaySeal) -> int:
    for number, row in enumerate(rows):
        place = slice(number * _MARK, (number + 1) * _MARK)
        if marks[place] != seal.row_marks[place]:
            return int(row[0])
    return seal.last_id


def _hash(rows: Sequence[Row[Any]], previous: str) -> tuple[bytes, str]:
    whole = hashlib.sha256(previous.encode())
    marks = bytearray()
    for row in rows:
        digest = hashlib.sha256("\x1f".join([str(cell) for cell in row]).encode()).digest()
        whole.update(digest)
        marks += digest[:_MARK]
    return bytes(marks), whole.hexdigest()


def _rows(book: Book) -> Select[Any]:
    """Return the rows of a book as both databases write them: no types of ours on the way."""
    filled_later = _FILLED_IN_LATER.get(book, set())
    columns: list[Column[Any]] = [
        column for column in _table(book).c if column.name not in filled_later
    ]
    return select(*columns).order_by(_table(book).c.id)


def _table(book: Book) -> Table:
    return Base.metadata.tables[book.value]
