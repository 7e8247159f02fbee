"""Hires that fall short of the duty to insure: what the desk follows up at employers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import RegionCode
from siweb.filings.tables.filing_row import of_row


class HireFollowUp(Base):
    """One accepted row whose findings somebody has to ask about."""

    __tablename__ = "hire_follow_up"
    __table_args__ = (
        of_row("hire_follow_up"),
        # The desk counts what is open on every page; what was closed stays for years.
        Index(
            "ix_hire_follow_up_open",
            "opened_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        CLUSTERED,
    )

    filing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(RegionCode(), primary_key=True, autoincrement=False)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # None where the hire was withdrawn: nobody need look any more.
    closed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
