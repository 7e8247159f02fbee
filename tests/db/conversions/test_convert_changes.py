"""An office whose seals left out what changes: nothing sealed reads otherwise afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.clock import now
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.collection.tables.payment import Payment
from siweb.db.migrate import alembic_config, migrate
from siweb.ledgers.seals.seal import seal_books
from siweb.ledgers.seals.verify import changed_rows
from siweb.ledgers.tables.book_change import BookChange
from tests.audit.sealed_office import lay_rows
from tests.bills import SEAL_KEY
from tests.collection.books.test_sealed_columns import behind_the_back
from tests.migrated import lay_schema

BEFORE = "0051"
# They begin at the next closing.
SINCE = {
    "account",
    "appointment",
    "arrears",
    "benefit",
    "book_change",
    "employer",
    "former_number",
    "identity_correction",
    "levy_run",
    "person",
    "person_alias",
    "person_identity",
}


@pytest.fixture
def office(empty_engine):
    """An engine on an office as the version before seals it."""
    lay_schema(empty_engine)
    with Session(empty_engine) as session:
        lay_rows(session)
        for mandate in session.scalars(select(Payment).where(Payment.amount_fen > 0)):
            mandate.kept_at = now()
        at = now() - timedelta(days=3)
        seal_books(session, _as_before(), key=SEAL_KEY, on=at.date(), at=at, actor=SYSTEM)
        session.commit()
    return empty_engine


# The version before has no place for these: they are lost on the way back.
LOST = (
    "bring_in",
    "injury_rate",
    "benefit_entry",
    "payout",
    "payment_file",
    "payment_file_line",
    "write_off",
    "write_off_line",
)


def _as_before():
    return [
        replace(
            book,
            cells={name: cell for name, cell in book.cells.items() if name not in book.changing},
            changing=(),
        )
        for book in SEALED_BOOKS
        if book.name not in SINCE
    ]


def test_the_books_are_silent_before_and_after(office):
    command.downgrade(alembic_config(office), BEFORE)
    migrate(office)

    with Session(office) as session:
        changes = set(session.execute(select(BookChange.book, BookChange.column_name)))
        assert changes >= {("payment", "kept_at"), ("payment", "matched_by")}
        lost = tuple(f"{book}: a row that was sealed" for book in LOST)
        changed = changed_rows(session, SEALED_BOOKS, SEAL_KEY)
        assert [line for line in changed if not line.startswith(lost)] == []
        payment = session.scalars(select(Payment).where(Payment.amount_fen > 0)).first()
        payment.kept_at = now()
        session.flush()
        lost = tuple(f"{book}: a row that was sealed" for book in LOST)
        changed = changed_rows(session, SEALED_BOOKS, SEAL_KEY)
        assert [line for line in changed if not line.startswith(lost)] == []
        behind_the_back(session, Payment.__table__.update().values(kept_at=None))
        assert list(changed_rows(session, SEALED_BOOKS, SEAL_KEY)) != []


def test_an_office_without_seals_needs_no_changes(empty_engine):
    lay_schema(empty_engine)
    with Session(empty_engine) as session:
        lay_rows(session)
        session.commit()
    command.downgrade(alembic_config(empty_engine), BEFORE)
    migrate(empty_engine)

    with Session(empty_engine) as session:
        assert session.scalars(select(BookChange)).all() == []
