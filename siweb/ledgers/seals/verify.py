"""Prove that no sealed row was changed, taken away, or added to a day that is over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.ledgers.seals.changes import DayChanges
from siweb.ledgers.seals.seal import (
    ROWS_A_SEAL,
    SealKey,
    begun,
    by_day,
    each_mark,
    first_root,
    last_closing,
    root_of,
    rows_in_order,
    seals_of,
)
from siweb.ledgers.seals.sealed_book import Marks, SealedBook
from siweb.ledgers.tables.day_root import BookSeal, DayRoot


def changed_rows(
    session: Session, books: Sequence[SealedBook], key: SealKey, most: int = 50
) -> Iterator[str]:
    """Yield what differs from the seals, one line for each row."""
    last = last_closing(session)
    if last is None:
        return
    # Every row would differ: the one line that says why is worth more than a million.
    if last.key_mark != key.mark:
        yield f"the seal of {last.sealed_on} was made with another key: nothing can be proved by it"
        return
    yield from _broken_roots(session, key)
    for book in books:
        over_before = last.open_from if book.is_dated and begun(session, book) else date.min
        yield from islice(_Verification(session, book, key.marks(), over_before).run(), most)


def _broken_roots(session: Session, key: SealKey) -> Iterator[str]:
    """Yield the roots that do not follow from the one before, or are not those of their seals."""
    expected, number, region = "", 0, None
    roots = select(DayRoot).order_by(DayRoot.region_code, DayRoot.number)
    for root in session.scalars(roots.execution_options(yield_per=100)).all():
        if root.region_code != region:
            region, number, expected = root.region_code, 0, first_root(session)
        seals = session.scalars(
            select(BookSeal).where(
                BookSeal.region_code == region, BookSeal.root_number == root.number
            )
        ).all()
        follows = (root.previous_root, root.number) == (expected, number + 1)
        if not follows or root.root != root_of(root, seals, key):
            yield f"region {region}: the root of {root.sealed_on} does not follow from the last"
        expected, number = root.root, root.number


@dataclass(frozen=True, slots=True)
class _Gone:
    """A sealed row that is not there as it was sealed; only the mark of its key is known."""

    key_mark: bytes
    sealed_on: date


@dataclass(slots=True)
class _Verification:
    session: Session
    book: SealedBook
    marks: Marks
    # A row of an earlier day that is not sealed was added behind the back.
    over_before: date

    def run(self) -> Iterator[str]:
        """Yield what differs in one book."""
        query = rows_in_order(self.book).execution_options(yield_per=ROWS_A_SEAL)
        sealed = self._sealed_days()
        gone: list[_Gone] = []
        for (region, day), rows in by_day(self.session.execute(query)):
            sealed.discard((region, day))
            yield from self._compare(region, day, rows, gone)
        for region, day in sorted(sealed):
            yield from self._compare(region, day, (), gone)
        yield from self._elsewhere(gone)

    def _sealed_days(self) -> set[tuple[str, date]]:
        days = select(BookSeal.region_code, BookSeal.recorded_on).where(
            BookSeal.book == self.book.name
        )
        return {(region, day) for region, day in self.session.execute(days.distinct())}

    def _compare(
        self, region: str, day: date, rows: Iterable[Any], gone: list[_Gone]
    ) -> Iterator[str]:
        seals = seals_of(self.session, self.book.name, region, day)
        expected = b"".join(seal.row_marks for seal in seals)
        changes = DayChanges(self.session, self.book, region, day)
        broken: list[str] = []
        place, others = 0, iter(self._followed(rows, changes, broken))
        for row in others:
            mark = self.marks.of_row(changes.first(row))
            # The first that differs: from there rows are looked up by their keys, which needs
            # room for all of the day. Days that nobody touched never come so far.
            if mark != expected[place : place + len(mark)]:
                break
            place += len(mark)
        else:
            row = None
        # In the order in which they were sealed the marks need no room of their own.
        names = b"".join(seal.key_marks for seal in seals)
        left = dict(zip(each_mark(names[place:]), each_mark(expected[place:]), strict=True))
        if row is not None:
            yield from self._match([row], day, left, changes)
            yield from self._match(others, day, left, changes)
        yield from broken
        for key, is_lawful in changes.not_met():
            if is_lawful:
                left.pop(self.marks.of_key_text(key), None)
            else:
                yield f"{self.book.name} {key}: changed later, and is not there"
        gone += [_Gone(name, day) for name in left]

    def _followed(
        self, rows: Iterable[Any], changes: DayChanges, broken: list[str]
    ) -> Iterator[Any]:
        """Yield rows, and note those that say another value than their changes lead to."""
        for row in rows:
            broken += (
                self._line(row, f"{column} is not what its changes lead to")
                for column in changes.broken(row)
            )
            yield row

    def _match(
        self, rows: Iterable[Any], day: date, left: dict[bytes, bytes], changes: DayChanges
    ) -> Iterator[str]:
        for row in rows:
            name = self.marks.of_key(self.book, row)
            sealed = left.pop(name, None)
            if sealed is None and day < self.over_before:
                yield self._line(row, f"was added to {day}, which is sealed")
            elif sealed is not None and sealed != self.marks.of_row(changes.first(row)):
                yield self._line(row, f"changed since it was sealed on {day}")

    def _elsewhere(self, gone: list[_Gone]) -> Iterator[str]:
        """Yield sealed rows that now stand under another day, and those that are nowhere."""
        if not gone:
            return
        left = {each.key_mark: each.sealed_on for each in gone}
        rows = self.book.rows().execution_options(yield_per=ROWS_A_SEAL)
        for row in self.session.execute(rows):
            if (day := left.pop(self.marks.of_key(self.book, row), None)) is not None:
                yield self._line(row, f"changed since it was sealed on {day}")
        for day in left.values():
            yield f"{self.book.name}: a row that was sealed on {day} is not there"

    def _line(self, row: Any, what: str) -> str:
        return f"{self.book.name} {self.book.key_of(row)}: {what}"
