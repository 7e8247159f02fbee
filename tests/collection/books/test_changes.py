"""What changes lawfully has its row, whatever changes it; what changes without one is named."""

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.mandate import Mandate
from siweb.clock import now, today
from siweb.collection.books.seal_day import seal_day
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.collection.tables.payment import Payment
from siweb.ledgers.seals.verify import changed_rows
from siweb.ledgers.seals.watch import Unwatched
from siweb.ledgers.tables.book_change import BookChange
from tests.audit.sealed_office import lay_rows
from tests.bills import SEAL_KEY
from tests.collection.books.test_sealed_columns import another, behind_the_back, is_refused

CHANGING = [book for book in SEALED_BOOKS if book.changing]


@pytest.fixture
def office(session):
    """Everything that is sealed, closed some days ago."""
    lay_rows(session)
    close(session, days=-3)
    return session


def close(session, days):
    at = now() + timedelta(days=days)
    seal_day(session, key=SEAL_KEY, on=at.date(), at=at, actor=SYSTEM)


def found(session, books=SEALED_BOOKS):
    return list(changed_rows(session, books, SEAL_KEY))


def changes_of(session, book, column):
    return session.execute(
        select(BookChange.was, BookChange.now)
        .where(BookChange.book == book.name, BookChange.column_name == column)
        .order_by(BookChange.place)
    ).all()


def row_of(session, book):
    table = book.table
    row = session.execute(
        select(*table.c).select_from(book.source).where(book.counts).limit(1)
    ).one()
    return row, [key == row._mapping[key] for key in table.primary_key]


@pytest.mark.parametrize("book", CHANGING, ids=lambda book: book.name)
def test_a_statement_of_a_session_leaves_its_change(office, book):
    row, which = row_of(office, book)
    # A change of one book is nothing that another could tell of.
    books = [each for each in SEALED_BOOKS if each.name in {book.name, "book_change"}]
    for column in (book.table.c[name] for name in book.changing):
        before = row._mapping[column]
        change = update(book.table).where(*which).values({column.name: another(column, before)})
        back = update(book.table).where(*which).values({column.name: before})
        with office.begin_nested() as attempt:
            if not is_refused(office, change):
                behind_the_back(office, back)
                changes = len(changes_of(office, book, column.name))
                office.execute(change)
                assert len(changes_of(office, book, column.name)) == changes + 1
                assert found(office, books) == []
                behind_the_back(office, back)
                (line,) = found(office, books)
                assert f"{column.name} is not what its changes lead to" in line
            attempt.rollback()


def test_what_the_mapper_flushes_leaves_its_change(office):
    payment = office.scalars(select(Payment).where(Payment.amount_fen > 0)).first()
    payment.kept_at = now()
    payment.unallocated_fen += 0
    office.flush()

    (change,) = changes_of(office, next(b for b in CHANGING if b.name == "payment"), "kept_at")
    assert change.was == "null"
    assert found(office) == []


def test_a_value_that_is_set_again_leaves_none(office):
    payment = office.scalars(select(Payment).where(Payment.amount_fen > 0)).first()
    before = office.scalars(select(BookChange)).all()
    office.execute(
        update(Payment).values(matched_by=Payment.matched_by, payer_name=Payment.payer_name)
    )
    office.expire(payment)

    assert office.scalars(select(BookChange)).all() == before


def test_changes_are_sealed_like_the_books(office):
    mandate = office.scalars(select(Mandate)).one()
    mandate.revoked_at = now()
    office.flush()
    close(office, days=0)
    change = select(BookChange).where(BookChange.book == "mandate")
    key = office.scalars(change).one().row_key
    assert found(office) == []

    with office.begin_nested() as attempt:
        behind_the_back(
            office, update(BookChange).where(BookChange.row_key == key).values(now="null")
        )
        behind_the_back(office, update(Mandate).values(revoked_at=None))
        assert any(line.startswith("book_change") for line in found(office))
        attempt.rollback()
    with office.begin_nested() as attempt:
        behind_the_back(office, delete(BookChange).where(BookChange.row_key == key))
        behind_the_back(office, update(Mandate).values(revoked_at=None))
        assert found(office) == [f"book_change: a row that was sealed on {today()} is not there"]
        attempt.rollback()


def test_a_change_of_a_day_that_is_over_is_named(office):
    close(office, days=5)
    mandate = office.scalars(select(Mandate)).one()
    mandate.revoked_at = now()
    office.flush()

    assert [line.partition(":")[2] for line in found(office)] == [
        f" was added to {today()}, which is sealed"
    ]


def test_changes_of_a_row_that_is_not_there_are_named(office):
    mandate = office.scalars(select(Mandate)).one()
    mandate.revoked_at = now()
    office.flush()
    behind_the_back(office, delete(Mandate))

    assert any("changed later, and is not there" in line for line in found(office))


def test_an_update_must_say_its_values(office):
    with pytest.raises(Unwatched):
        office.execute(update(Payment), [{"id": 1, "kept_at": now()}])


def test_an_insert_may_not_write_over_a_row(office):
    row = insert_of(office)(Mandate).values(revoked_at=now())
    with pytest.raises(Unwatched):
        office.execute(row.on_conflict_do_update(index_elements=["id"], set_={"revoked_at": now()}))


def insert_of(session):
    return {"sqlite": sqlite_insert, "postgresql": postgresql_insert}[
        session.get_bind().dialect.name
    ]


@pytest.mark.parametrize("entry", ["cli.settings", "app", "jobs.worker"])
def test_sessions_of_every_entry_point_are_watched(entry):
    code = (
        f"import siweb.{entry}\nfrom siweb.ledgers.seals.watch import ChangeWatch\n"
        "from sqlalchemy.orm import Session\n"
        "found = Session().dispatch.before_flush\n"
        "assert any(isinstance(each.__self__, ChangeWatch) for each in found)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
