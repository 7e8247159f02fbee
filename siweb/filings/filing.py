"""Filings (申报): what an employer hands in. A draft is checked; confirmed it never changes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class FilingKind(StrEnum):
    HIRE = "hire"
    LEAVE = "leave"
    CHANGE = "change"
    PAUSE = "pause"
    RESUME = "resume"
    BASE = "base"


class FilingState(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"


class Filing(Base):
    __tablename__ = "filing"
    __table_args__ = (Index("ix_filing_employer", "employer_id", "state", "opened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Public: in addresses, on the receipt.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    kind: Mapped[FilingKind] = mapped_column(word(FilingKind, "kind"))
    state: Mapped[FilingState] = mapped_column(
        word(FilingState, "state"), default=FilingState.DRAFT
    )
    # How it came in: "form", "sheet", "api".
    origin: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    opened_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
