"""Reviews (年审): one person's case in a campaign, and every move it made."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class ReviewState(StrEnum):
    """Where a case stands; a person reads each with its reason and what to do next."""

    DRAFT = "draft"
    PASSED = "passed"
    EMPLOYER_CONFIRM = "employer_confirm"
    TO_CORRECT = "to_correct"
    MANUAL_REVIEW = "manual_review"
    # Decided for the person; the office has not set the record right yet.
    CORRECTING = "correcting"
    REJECTED = "rejected"

    @property
    def is_decided(self) -> bool:
        """Return whether somebody decided: nothing is added or withdrawn after that."""
        return self.is_final or self is ReviewState.CORRECTING

    @property
    def is_final(self) -> bool:
        """Return whether nothing more happens."""
        return self in {ReviewState.PASSED, ReviewState.REJECTED}

    @property
    def is_waiting(self) -> bool:
        """Return whether the answers were sent and nobody has decided."""
        return self is not ReviewState.DRAFT and not self.is_decided


class Review(Base):
    __tablename__ = "review"
    __table_args__ = (
        # One case per campaign and round: starting twice is starting once.
        Unique("campaign_id", "person_id", "round"),
        CheckConstraint("round >= 1", name="round"),
        Index("ix_review_person", "person_id"),
        Index("ix_review_state", "state", "submitted_at"),
        # How far a campaign is: counted without reading the cases.
        Index("ix_review_campaign", "campaign_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Above 1 where it was done anew: a certification after each success, the others while their
    # window is open.
    round: Mapped[int] = mapped_column(SmallInteger(), default=1)
    state: Mapped[ReviewState] = mapped_column(
        word(ReviewState, "state"), default=ReviewState.DRAFT
    )
    # Why it stands there: a code that siweb.reviews.labels puts into words.
    reason: Mapped[str | None] = mapped_column(String(32))
    # None where nobody else is asked.
    answer_by: Mapped[date | None]
    # What was sent, as it was sent.
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # A relative who did it on their own sign-in: both names are kept.
    helper_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    helper_name: Mapped[str | None] = mapped_column(String(100))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    opened_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class ReviewEvent(Base):
    """One move: from where, to where, why, by whom, over which channel, on what evidence."""

    __tablename__ = "review_event"
    __table_args__ = (Index("ix_review_event_review", "review_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    at: Mapped[datetime]
    # None of the first move: there was no case before it.
    from_state: Mapped[str | None] = mapped_column(String(24))
    to_state: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str | None] = mapped_column(String(32))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    channel: Mapped[str] = mapped_column(String(16))
    # What it rests on, and the notice or message that told the person; no ID number.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
