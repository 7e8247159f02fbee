"""Failed sign-ins, counted by keyed hashes: neither the number nor the address is kept."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class FailedAttempt(Base):
    __tablename__ = "failed_attempt"
    __table_args__ = (Index("ix_failed_attempt_who", "who_hash", "failed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who_hash: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[datetime]
