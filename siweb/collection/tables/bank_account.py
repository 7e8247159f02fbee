"""Bank accounts: the office's, with which of their entries were imported, and people's own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.sealing.columns import Sealed
from siweb.db.types import RegionCode


class BankAccount(Base):
    """An account of the office: statements of others are not imported."""

    __tablename__ = "bank_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Without spaces and hyphens, in capitals: see statements.entry.plain_account.
    number: Mapped[str] = mapped_column(String(40), unique=True)
    bank: Mapped[str] = mapped_column(String(40))
    # Whose money comes there; None where it comes for every region of the office.
    region_code: Mapped[str | None] = mapped_column(RegionCode(), ForeignKey("region.code"))
    added_at: Mapped[datetime]
    added_by_account_id: Mapped[int | None]


class EntryClaim(Base):
    """An entry of an account that a statement brought; a second insert of it does nothing.

    The one table that stands beside all regions, whatever is partitioned by them: whoever
    imports an entry first has it, also when two regions import at once.
    """

    __tablename__ = "entry_claim"
    __table_args__ = (
        Index("ix_entry_claim_reference", "account", "reference"),
        Index("ix_entry_claim_statement", "statement_id"),
        Index(
            "ix_entry_claim_batch",
            "account",
            sqlite_where=text("payment_count > 1"),
            postgresql_where=text("payment_count > 1"),
        ),
        CLUSTERED,
    )

    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    # A hash of what makes the entry one of its kind, and of the bank's reference; where it has
    # none, of everything that the bank states.
    identity: Mapped[str] = mapped_column(String(64), primary_key=True)
    reference: Mapped[str] = mapped_column(String(64), default="")
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"))
    # Which of the statements of its file.
    part: Mapped[int] = mapped_column(default=0)
    # The first of its payments: a batch becomes several, one after another.
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    payment_count: Mapped[int] = mapped_column(default=1)


class OwnBankAccount(Base):
    """Where somebody says that money for them may go; rows are only added, and ended.

    It pays nobody by itself: two people look at it before any money goes there.
    """

    __tablename__ = "own_bank_account"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= named_at", name="ended_after"),
        # One of a person at a time, also where two windows name one at once.
        Index(
            "uq_own_bank_account_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_own_bank_account_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Their own name on that day: nobody names another's account here.
    holder: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(Sealed())
    bank_name: Mapped[str] = mapped_column(String(100))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
