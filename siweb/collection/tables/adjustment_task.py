"""Months to adjust: billed with last year's figures, and the notice has come since."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Month, RegionCode


class AdjustmentTask(Base):
    """Found by the day; a person gives the notice's day to pay by, which begins the adjustment."""

    __tablename__ = "adjustment_task"
    __table_args__ = (
        CheckConstraint("last_month >= first_month", name="month_order"),
        Index("ix_adjustment_task_open", "region_code", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    first_month: Mapped[str] = mapped_column(Month())
    last_month: Mapped[str] = mapped_column(Month())
    found_at: Mapped[datetime]
    # The adjustment that was begun for it.
    levy_run_id: Mapped[int | None] = mapped_column(ForeignKey("levy_run.id"))
    done_at: Mapped[datetime | None]
