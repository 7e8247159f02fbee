"""Segments (SIL 19): months contributed in another region that count here, or went along there."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen, Month, word


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class TransferSegment(Base):
    """Rows are only added; what moved is an entry of the account."""

    __tablename__ = "transfer_segment"
    __table_args__ = (
        CheckConstraint("through_month >= from_month", name="month_order"),
        CheckConstraint("months > 0", name="months"),
        CheckConstraint("amount_fen >= 0", name="amount"),
        Index("ix_transfer_segment_person", "person_id", "from_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    direction: Mapped[Direction] = mapped_column(word(Direction, "direction"))
    other_region: Mapped[str] = mapped_column(String(60))
    from_month: Mapped[str] = mapped_column(Month())
    through_month: Mapped[str] = mapped_column(Month())
    # How many of the months were contributed: there may be gaps.
    months: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(Fen())
    transferred_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_account_id: Mapped[int | None]
