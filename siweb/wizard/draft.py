"""Drafts: what a person has answered so far, saved step by step, resumed on any device."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.sealing.columns import SealedDocument
from siweb.db.types import word


class DraftState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"


class Draft(Base):
    __tablename__ = "draft"
    __table_args__ = (
        # One draft of a thing, however often its form is opened.
        UniqueConstraint("definition", "subject_kind", "subject_id"),
        Index("ix_draft_account", "account_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[str] = mapped_column(String(48))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    # Only this account answers; others' drafts do not exist for it.
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    state: Mapped[DraftState] = mapped_column(word(DraftState, "state"), default=DraftState.OPEN)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]


class DraftAnswer(Base):
    __tablename__ = "draft_answer"
    __table_args__ = (
        UniqueConstraint("draft_id", "step"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(32))
    # As typed, {"field": ["text", ...]}: read again by the step's form whenever it is needed.
    # Sealed as a whole: some forms ask for bank accounts, and people type numbers anywhere.
    typed: Mapped[dict[str, Any]] = mapped_column(SealedDocument())
    # Counts the changes, so that a form opened before one of them is noticed.
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
