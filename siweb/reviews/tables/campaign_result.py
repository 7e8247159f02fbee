"""What a campaign came to: how many of those who were meant sent nothing by its last day."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class CampaignResult(Base):
    """Kept once: who was meant changes with the register; what was decided stands in the cases."""

    __tablename__ = "campaign_result"

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id"), primary_key=True, autoincrement=False
    )
    counted_at: Mapped[datetime]
    silent: Mapped[int]
