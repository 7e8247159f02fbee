"""Rows as they were first written, and whether their changes lead to what they say now."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.sealing.columns import unseal_text
from siweb.ledgers.seals.sealed_book import GONE, SealedBook, cell_text
from siweb.ledgers.tables.book_change import BookChange


class Step(NamedTuple):
    """One change of one column; values are JSON."""

    column: str
    place: int
    was: str
    now: str


class DayChanges:
    """The changes of a book's rows of one region and day, by the keys of the rows."""

    def __init__(self, session: Session, book: SealedBook, region: str, day: date) -> None:
        self._book = book
        self._places = book.places()
        self._steps: dict[str, list[Step]] = {}
        if book.has_changes:
            for key, *step in session.execute(_of(book, region, day)):
                self._steps.setdefault(key, []).append(_read(book, Step(*step)))
        self._met: set[str] = set()

    def first(self, row: Sequence[Any]) -> Sequence[Any]:
        """Return a row with the values that it had before all of its changes."""
        steps = self._steps.get(self._book.key_text(row)) if self._steps else None
        if not steps:
            return row
        cells = list(row)
        # From the last to the first: of a column that changed twice the first value remains.
        for step in reversed(steps):
            if step.column in self._places:
                cells[self._places[step.column]] = json.loads(step.was)
        return cells

    def broken(self, row: Sequence[Any]) -> Iterator[str]:
        """Yield the columns whose changes do not lead from one to the next, and to what is there.

        The row counts as met.
        """
        if not self._steps or (key := self._book.key_text(row)) not in self._steps:
            return
        self._met.add(key)
        by_column: dict[str, list[Step]] = {}
        for step in self._steps[key]:
            by_column.setdefault(step.column, []).append(step)
        for column, own in by_column.items():
            says = cell_text(row[self._places[column]]) if column in self._places else ""
            follows = [*(step.was for step in own[1:]), says] == [step.now for step in own]
            # A missing number is a change that was taken away; that they follow each other does
            # not show it where two changes cancel each other.
            if not follows or [step.place for step in own] != list(range(1, len(own) + 1)):
                yield column or "the row"

    def not_met(self) -> Iterator[tuple[str, bool]]:
        """Yield the keys of rows that were not met, and whether they were taken away lawfully."""
        for key in self._steps.keys() - self._met:
            yield key, any(step.column == GONE for step in self._steps[key])


def _read(book: SealedBook, step: Step) -> Step:
    if not book.is_sealed(step.column):
        return step
    return step._replace(was=unseal_text(step.was), now=unseal_text(step.now))


def _of(book: SealedBook, region: str, day: date) -> Any:
    change = BookChange
    return (
        select(change.row_key, change.column_name, change.place, change.was, change.now)
        .where(change.region_code == region, change.book == book.name, change.recorded_on == day)
        .order_by(change.row_key, change.column_name, change.place)
    )
