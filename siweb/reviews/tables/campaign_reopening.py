"""A campaign whose last day had passed, and that took answers again for a while."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class CampaignReopening(Base):
    """Rows are only added, or ended early: when answers counted stays provable.

    What had been counted as its result is kept here; it is counted anew after the new last day.
    """

    __tablename__ = "campaign_reopening"
    __table_args__ = (
        CheckConstraint("until_on >= from_on AND former_last_on < from_on", name="day_order"),
        CheckConstraint("(ended_on IS NULL) = (ending_task_id IS NULL)", name="ended_by"),
        CheckConstraint("ended_on BETWEEN from_on AND until_on", name="ended_within"),
        Index("ix_campaign_reopening_campaign", "campaign_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    from_on: Mapped[date]
    # The last day as it was approved, and the one that had passed.
    until_on: Mapped[date]
    former_last_on: Mapped[date]
    # How many had sent nothing by then, if it was counted already.
    former_silent: Mapped[int | None]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), unique=True)
    ended_on: Mapped[date | None]
    ending_task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
