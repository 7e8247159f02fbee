"""One line of the activity log. Rows are only added; the chain over them stands apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.next_number import counted_by, number_rows
from siweb.db.types import OFFICE, RegionCode


class Activity(Base):
    """Lines are numbered through the office, as they were written; the region ends their key."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_subject", "subject_kind", "subject_id"),
        Index("ix_activity_person", "person_id", "at"),
        Index("ix_activity_employer", "employer_id", "at"),
        CLUSTERED,
    )

    id: Mapped[int] = mapped_column(counted_by("activity"), primary_key=True, autoincrement=False)
    # That of the person, else of the employer, so that a region's lines go where the region goes;
    # no reference, since what is about neither is the office's own.
    region_code: Mapped[str] = mapped_column(RegionCode(), primary_key=True, default=OFFICE)
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


number_rows(Activity.id)
