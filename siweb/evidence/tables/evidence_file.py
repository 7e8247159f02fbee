"""A scanned paper that a deed, a complaint or an objection rests on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class MediaType(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


# Neither database adds up what is true; both count what is there.
ONE_MATTER = (
    " + ".join(
        f"CASE WHEN {matter} IS NULL THEN 0 ELSE 1 END"
        for matter in ("task_id", "complaint_id", "review_id")
    )
    + " = 1"
)


class EvidenceFile(Base):
    """Which content belongs to which matter; the content lies in `siweb.files`, sealed.

    What the paper is, its number and its day stand in `evidence_paper`. The name that a file
    had on somebody's computer is not kept: it may say anything about anybody.
    """

    __tablename__ = "evidence_file"
    __table_args__ = (
        CheckConstraint(ONE_MATTER, name="one_matter"),
        CheckConstraint("size > 0 AND pages > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # What stands in its address: it tells nothing and is not to be guessed.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
    media_type: Mapped[MediaType] = mapped_column(word(MediaType, "media_type"))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    pages: Mapped[int]
    attached_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    attached_at: Mapped[datetime]
