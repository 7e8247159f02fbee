"""Every column of every sealed table, as the registry has them: changed behind the back, named."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import JSON, Enum, select, update
from sqlalchemy.exc import DBAPIError

from siweb.audit.actor import SYSTEM
from siweb.collection.books.seal_day import seal_day
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.db.codes import Code
from siweb.db.types import Month, RegionCode
from siweb.ledgers.seals.verify import changed_rows
from tests.audit.sealed_office import lay_rows
from tests.bills import SEAL_KEY
from tests.factories import AT

TODAY = date(2026, 11, 24)
# Held by working it out again, where a run billed the record; see test_prove.
FILLED_IN = {str: "7", int: 1, date: TODAY, datetime: AT}
HELD_OTHERWISE = {("contribution_record", "paid_on")}


@pytest.fixture
def office(session):
    """One row of everything that is sealed, closed on a day that is over by now."""
    lay_rows(session)
    seal_day(session, key=SEAL_KEY, on=TODAY, at=AT + timedelta(days=2), actor=SYSTEM)
    return session


def another(column, value):
    """A value of the column's kind that is not what stands there."""
    if isinstance(column.type, Code | Enum):
        words = column.type.words if isinstance(column.type, Code) else column.type.enum_class
        return next(each for each in words if each != value)
    if isinstance(column.type, JSON):
        return ["changed"]
    if value is None and isinstance(column.type, RegionCode):
        return "330000"
    if value is None:
        kind = getattr(column.type, "impl", column.type).python_type
        return "2027-01" if isinstance(column.type, Month) else FILLED_IN[kind]
    if isinstance(value, str):
        return value[:-1] + ("9" if value[-1:] == "8" else "8")
    return value + (timedelta(days=1) if isinstance(value, date) else 1)


def behind_the_back(session, statement):
    """As whoever has the database does it: past every session of the office."""
    session.connection().execute(statement)


def is_refused(session, statement):
    """Whether the database itself does not let it through."""
    try:
        with session.begin_nested():
            behind_the_back(session, statement)
    except DBAPIError:
        return True
    return False


def missed(session, book, columns):
    """The columns of one row of a book that can be changed without being named."""
    table = book.table
    row = session.execute(
        select(*table.c).select_from(book.source).where(book.counts).limit(1)
    ).one()
    which = [key == row._mapping[key] for key in table.primary_key]
    for column in columns:
        change = (
            update(table).where(*which).values({column.name: another(column, row._mapping[column])})
        )
        with session.begin_nested() as attempt:
            if not is_refused(session, change) and not list(
                changed_rows(session, [book], SEAL_KEY)
            ):
                yield f"{book.name}.{column.name}"
            attempt.rollback()


def sealed_columns(book):
    return [
        column
        for column in book.table.c
        if column.name not in book.unsealed and (book.name, column.name) not in HELD_OTHERWISE
    ]


def test_every_column_that_was_changed_is_named(office):
    assert list(changed_rows(office, SEALED_BOOKS, SEAL_KEY)) == []

    assert [
        each for book in SEALED_BOOKS for each in missed(office, book, sealed_columns(book))
    ] == []


@pytest.mark.parametrize("book", SEALED_BOOKS, ids=lambda book: book.name)
def test_every_column_is_sealed_or_says_why_not(book):
    assert set(book.unsealed) <= set(book.table.c.keys())
    assert all(len(reason) > 10 for reason in book.unsealed.values())
