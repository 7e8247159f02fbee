"""Transfers of the pension relation between regions, and what happened to each (SIL 19)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, word


class TransferDirection(StrEnum):
    IN = "in"
    OUT = "out"
    # Both regions are this office's.
    WITHIN = "within"


class TransferState(StrEnum):
    """The steps of 国办发〔2009〕66号, article 8, in their order; the last two end it early."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    FORM = "form"
    FUND = "fund"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# Compared in the conditions of its indexes.
IS_OPEN = "state IN ('applied', 'accepted', 'form', 'fund')"


class PensionTransfer(Base):
    """An application: from where to where, how far it is, and by when the next step is due."""

    __tablename__ = "pension_transfer"
    __table_args__ = (
        CheckConstraint(f"({IS_OPEN}) = (due_on IS NOT NULL)", name="due"),
        CheckConstraint(
            "(direction = 'within') = (from_code IS NOT NULL AND to_code IS NOT NULL)",
            name="within",
        ),
        CheckConstraint(
            "state NOT IN ('fund', 'done') OR segment_id IS NOT NULL", name="fund_moved"
        ),
        CheckConstraint("(state = 'refused') = (review_until IS NOT NULL)", name="remedies"),
        Index("ix_pension_transfer_person", "person_id", "applied_at"),
        Index(
            "ix_pension_transfer_open",
            "region_code",
            "due_on",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        # One at a time.
        Index(
            "uq_pension_transfer_open",
            "person_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Public: what the applicant quotes.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Whose staff handle it.
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    direction: Mapped[TransferDirection] = mapped_column(word(TransferDirection, "direction"))
    state: Mapped[TransferState] = mapped_column(word(TransferState, "state"))
    # Regions of this office by their code; the other one by the name that was typed.
    from_code: Mapped[str | None] = mapped_column(RegionCode(), ForeignKey("region.code"))
    to_code: Mapped[str | None] = mapped_column(RegionCode(), ForeignKey("region.code"))
    other_region: Mapped[str] = mapped_column(String(60))
    applied_at: Mapped[datetime]
    # The last day of the next step, and of the whole.
    due_on: Mapped[date | None]
    done_by: Mapped[date]
    # What moved in the books.
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("transfer_segment.id"))
    # The last days for administrative review and for a court (社会保险法 83), as notified.
    review_until: Mapped[date | None]
    suit_until: Mapped[date | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))


class TransferEvent(Base):
    """What happened to a transfer and when; rows are only added."""

    __tablename__ = "transfer_event"
    __table_args__ = (UniqueConstraint("transfer_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("pension_transfer.id"))
    state: Mapped[TransferState] = mapped_column(word(TransferState, "state"))
    # The day of the letter, form or money itself.
    happened_on: Mapped[date]
    # The paper of staff, or the reasons of a refusal.
    words: Mapped[str] = mapped_column(String(500))
    recorded_at: Mapped[datetime]
    recorded_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
