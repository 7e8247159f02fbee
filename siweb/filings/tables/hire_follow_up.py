"""Hires that fall short of the duty to insure: what the desk follows up at employers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class HireFollowUp(Base):
    """One accepted row whose findings somebody has to ask about."""

    __tablename__ = "hire_follow_up"
    __table_args__ = (
        # The desk counts what is open on every page; what was closed stays for years.
        Index(
            "ix_hire_follow_up_open",
            "opened_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    filing_row_id: Mapped[int] = mapped_column(ForeignKey("filing_row.id"), primary_key=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
