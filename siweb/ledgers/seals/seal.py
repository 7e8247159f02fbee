"""Seal the books at the end of a day: rows by what they say, per region and day, roots chained.

Left out of a seal is what is filled in later and held to the rest by `siweb check` anyway; each
book lists it with its reason.
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, func, select, text
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import OFFICE_ZONE, office_day
from siweb.db.types import OFFICE, Instant, UtcDateTime
from siweb.ledgers.seals.changes import DayChanges
from siweb.ledgers.seals.sealed_book import Marks, SealedBook, day_of
from siweb.ledgers.tables.day_root import BookSeal, DayRoot, FormerHead

GENESIS = "0" * 64
SEALED = "books.sealed"
# 800 KB of marks at most in one row of the database, and so much in memory at a time.
ROWS_A_SEAL = 50_000
# 64 bits, keyed: whoever forges one row has one chance in 2^64, and cannot try without the key.
MARK_BYTES = 8
# A deed that began before midnight may end after it.
_STILL_WRITING = timedelta(hours=1)


class SealKey(NamedTuple):
    """What seals are made with: known to the office, not to its database."""

    secret: bytes

    @classmethod
    def of(cls, secret: str) -> "SealKey":
        """Return the key of a secret of any length."""
        # Derived for this purpose alone: the secret serves others too, and blake2b takes a key of
        # 64 bytes at most.
        return cls(sha256(b"siweb seals " + secret.encode()).digest())

    @property
    def mark(self) -> str:
        """Return what tells this key from another, and gives nothing of it away."""
        return self.root(["which key"])[:16]

    def marks(self) -> Marks:
        """Return the maker of marks of rows."""
        return Marks(self.secret)

    def root(self, parts: Iterable[str]) -> str:
        """Return the keyed hash of some texts in their order."""
        return hmac.new(self.secret, "\n".join(parts).encode(), sha256).hexdigest()


def seal_books(
    session: Session,
    books: Sequence[SealedBook],
    *,
    key: SealKey,
    on: date,
    at: datetime,
    actor: Actor,
) -> int:
    """Seal every row that was added since the last closing; return how many.

    The roots are noted in the activity log, whose head leaves the machine.
    """
    _wait_for_writers(session, [book.table for book in books])
    last = last_closing(session)
    made: dict[str, list[BookSeal]] = {}
    for book in books:
        has_begun = last is not None and begun(session, book)
        if not has_begun:
            made.setdefault(OFFICE, []).append(_beginning(book, on))
        since = last.open_from if last and has_begun else None
        for seal in _new_seals(session, book, key.marks(), since):
            made.setdefault(seal.region_code, []).append(seal)
    # A second closing of a day without anything new adds no link; a quiet day has one, so that
    # its silence is sealed as well.
    if made or last is None or last.sealed_on < on:
        roots = _chain(session, made, key, on, at)
        record_activity(
            session, SEALED, actor=actor, at=at, subject=("books", on.isoformat()), facts=roots
        )
    return sum(seal.rows for seals in made.values() for seal in seals)


def last_closing(session: Session) -> DayRoot | None:
    """Return a root of the last closing; each has one of what is of no region."""
    return session.scalars(
        select(DayRoot)
        .where(DayRoot.region_code == OFFICE)
        .order_by(DayRoot.number.desc())
        .limit(1)
    ).first()


def begun(session: Session, book: SealedBook) -> bool:
    """Return whether a book was sealed before, be it without rows."""
    own = select(BookSeal.book).where(BookSeal.book == book.name)
    return session.scalar(own.limit(1)) is not None


def first_root(session: Session) -> str:
    """Return what the first root of every region follows: the heads of the way before, if any."""
    heads = session.execute(select(FormerHead.book, FormerHead.head).order_by(FormerHead.book))
    lines = [f"{book} {head}" for book, head in heads]
    return sha256("\n".join(lines).encode()).hexdigest() if lines else GENESIS


def root_of(root: DayRoot, seals: Iterable[BookSeal], key: SealKey) -> str:
    """Return the root that a closing of a region must have."""
    return key.root(
        [
            root.previous_root,
            f"{root.region_code} {root.number} {root.sealed_on} {root.open_from} {root.rows}",
            root.sealed_at.astimezone(OFFICE_ZONE).isoformat(),
            *(
                f"{seal.book} {seal.recorded_on} {seal.part} {seal.rows} "
                f"{sha256(seal.row_marks).hexdigest()} {sha256(seal.key_marks).hexdigest()}"
                for seal in sorted(seals, key=_place)
            ),
        ]
    )


def rows_in_order(book: SealedBook, since: date | None = None) -> Select[Any]:
    """Return the rows of a book by region and day, as both databases write them."""
    query = book.rows().order_by(*book.in_order())
    if since is None or not book.is_dated:
        return query
    is_instant = isinstance(book.recorded.type, UtcDateTime | Instant)
    start = datetime.combine(since, time(), OFFICE_ZONE) if is_instant else since
    return query.where(book.recorded >= start)


def by_day(rows: Iterable[Any]) -> Iterator[tuple[tuple[str, date], Iterator[Any]]]:
    """Yield rows that are in order by region and day."""
    return groupby(rows, lambda row: (row[0], day_of(row[1])))


def seals_of(session: Session, book: str, region: str, day: date) -> Sequence[BookSeal]:
    """Return the seals of a book's region and day in their order."""
    return session.scalars(
        select(BookSeal)
        .where(BookSeal.region_code == region, BookSeal.book == book, BookSeal.recorded_on == day)
        .order_by(BookSeal.part)
    ).all()


def each_mark(joined: bytes) -> Iterator[bytes]:
    """Yield the marks that were joined."""
    return (joined[start : start + MARK_BYTES] for start in range(0, len(joined), MARK_BYTES))


def _beginning(book: SealedBook, on: date) -> BookSeal:
    """Return the seal without rows that says since when a book is sealed."""
    return BookSeal(
        region_code=OFFICE,
        book=book.name,
        recorded_on=on,
        part=0,
        rows=0,
        row_marks=b"",
        key_marks=b"",
    )


def _new_seals(
    session: Session, book: SealedBook, marks: Marks, since: date | None
) -> Iterator[BookSeal]:
    """Yield seals of rows whose key no seal of their day has: a changed one stays as it was."""
    query = rows_in_order(book, since).execution_options(yield_per=ROWS_A_SEAL)
    for (region, day), rows in by_day(session.execute(query)):
        seals = seals_of(session, book.name, region, day)
        sealed = {mark for seal in seals for mark in each_mark(seal.key_marks)}
        changes = DayChanges(session, book, region, day)
        named = ((marks.of_key(book, row), row) for row in rows)
        new = (
            (name, marks.of_row(changes.first(row))) for name, row in named if name not in sealed
        )
        part = max((seal.part for seal in seals), default=0)
        while stretch := list(islice(new, ROWS_A_SEAL)):
            part += 1
            yield BookSeal(
                region_code=region,
                book=book.name,
                recorded_on=day,
                part=part,
                rows=len(stretch),
                row_marks=b"".join(mark for _name, mark in stretch),
                key_marks=b"".join(name for name, _mark in stretch),
            )


def _chain(
    session: Session, made: dict[str, list[BookSeal]], key: SealKey, on: date, at: datetime
) -> dict[str, str]:
    """Add a root to every region that has any, also where nothing was added; return them."""
    newest = select(DayRoot.region_code, func.max(DayRoot.number)).group_by(DayRoot.region_code)
    numbers: dict[str, int] = dict(session.execute(newest).all())
    open_from = min(on, office_day(at - _STILL_WRITING))
    roots = {}
    # A region without anything new gets a root too: else cutting off its last ones would go unseen.
    for region in sorted({*numbers, *made, OFFICE}):
        number = numbers.get(region, 0)
        before = session.get(DayRoot, (region, number)) if number else None
        seals = made.get(region, [])
        root = DayRoot(
            region_code=region,
            number=number + 1,
            sealed_on=on,
            sealed_at=at,
            open_from=open_from,
            rows=sum(seal.rows for seal in seals),
            key_mark=key.mark,
            previous_root=before.root if before else first_root(session),
        )
        root.root = roots[region] = root_of(root, seals, key)
        session.add(root)
        session.flush()
        for seal in seals:
            seal.root_number = root.number
        session.add_all(seals)
    session.flush()
    return roots


def _place(seal: BookSeal) -> tuple[str, date, int]:
    return seal.book, seal.recorded_on, seal.part


def _wait_for_writers(session: Session, tables: Sequence[Table]) -> None:
    """On PostgreSQL, wait until whoever is writing a book has committed.

    They are let go on at once: nobody waits while rows are hashed, nor for two tables at a time.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    session.flush()
    connection = session.connection()
    for table in tables:
        savepoint = connection.begin_nested()
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE MODE"))
        savepoint.rollback()
