"""Rows of filings that were withdrawn: by whom, when and why. Rows are only added."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base


class WithdrawnRow(Base):
    __tablename__ = "withdrawn_row"
    __table_args__ = (Index("ix_withdrawn_row_at", "filing_id", "withdrawn_at"), CLUSTERED)

    filing_id: Mapped[int] = mapped_column(
        ForeignKey("filing.id"), primary_key=True, autoincrement=False
    )
    # Where the row stands in its filing.
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # All rows of one withdrawal have the same instant.
    withdrawn_at: Mapped[datetime]
    by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(500))
