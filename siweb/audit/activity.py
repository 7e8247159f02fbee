"""One line of the activity log. Rows are only added; the chain over them stands apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class Activity(Base):
    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_subject", "subject_kind", "subject_id"),
        Index("ix_activity_person", "person_id", "at"),
        Index("ix_activity_employer", "employer_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    # The person whose affairs this is about, so that they can ask who looked at their record.
    person_id: Mapped[int | None]
    # The employer that the account acted for.
    employer_id: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
