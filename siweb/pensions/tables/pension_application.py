"""Applications for a pension (养老金申领): decided within 20 working days (OpReg 18)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.sealing.columns import Sealed
from siweb.db.types import Fen, Month, RegionCode, word


class ApplicationState(StrEnum):
    SENT = "sent"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PensionApplication(Base):
    """What somebody asked for, what it was estimated at, and what two people decided."""

    __tablename__ = "pension_application"
    __table_args__ = (
        CheckConstraint("(state = 'approved') = (monthly_fen IS NOT NULL)", name="amount"),
        CheckConstraint("(state = 'approved') = (benefit_id IS NOT NULL)", name="benefit"),
        CheckConstraint(
            "(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)", name="decided"
        ),
        CheckConstraint("state <> 'refused' OR decision_words <> ''", name="reasons"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("made_by_account_id <> checked_by_account_id", name="two_people"),
        Index("ix_pension_application_person", "person_id", "applied_at"),
        Index(
            "ix_pension_application_sent",
            "region_code",
            "decide_by",
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
        # Nobody has two that wait.
        Index(
            "uq_pension_application_sent",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Public: what the applicant quotes.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    state: Mapped[ApplicationState] = mapped_column(word(ApplicationState, "state"))
    # The first month that is asked for.
    from_month: Mapped[str] = mapped_column(Month())
    bank_name: Mapped[str] = mapped_column(String(100))
    bank_card: Mapped[str] = mapped_column(Sealed())
    # Where papers are delivered.
    address: Mapped[str] = mapped_column(String(200))
    applied_at: Mapped[datetime]
    decide_by: Mapped[date]
    # `Figures` as they stood on the day of applying, and as they were decided.
    estimate: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    monthly_fen: Mapped[int | None] = mapped_column(Fen())
    # Why the agency's figures are others than those it has on record; why it was refused.
    decision_words: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime | None]
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # The last days for administrative review and for a court (社会保险法 83), as notified.
    review_until: Mapped[date | None]
    suit_until: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    benefit_id: Mapped[int | None] = mapped_column(ForeignKey("benefit.id"))
    # The receipt; once decided, the decision.
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
