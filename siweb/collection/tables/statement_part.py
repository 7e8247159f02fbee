"""What proves two statements apart, or shows that they overlap: kept where entries have no number.

A part is one statement of a file. These tables stand beside all regions, as the claims do.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import Fen


class StatementPart(Base):
    """One statement of a file: its time and its balances, None where nothing proves them."""

    __tablename__ = "statement_part"
    __table_args__ = CLUSTERED

    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    period_from: Mapped[datetime | None]
    period_until: Mapped[datetime | None]
    opening_fen: Mapped[int | None] = mapped_column(Fen())
    closing_fen: Mapped[int | None] = mapped_column(Fen())


class StatementDay(Base):
    """All entries of a part on one day, also those that went out, in short."""

    __tablename__ = "statement_day"
    __table_args__ = (Index("ix_statement_day_account", "account", "entry_on"),)

    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    # ISO; empty for entries without a day.
    entry_on: Mapped[str] = mapped_column(String(10), primary_key=True)
    # What stands for an entry and its signed fen, with a colon between; spaces between entries.
    entries: Mapped[str] = mapped_column(Text())


class StatementOverlap(Base):
    """Some entries of a statement were left to an earlier one that had them."""

    __tablename__ = "statement_overlap"
    __table_args__ = CLUSTERED

    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"), primary_key=True)
    earlier_statement_id: Mapped[int] = mapped_column(
        ForeignKey("bank_statement.id"), primary_key=True, index=True
    )
