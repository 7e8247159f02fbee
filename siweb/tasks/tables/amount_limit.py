"""Above which amount a third person checks, by region: what was set last holds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen, RegionCode


class AmountLimit(Base):
    """A limit as it was set, with who set it; rows are only added."""

    __tablename__ = "amount_limit"
    __table_args__ = (
        CheckConstraint("above_fen >= 0", name="above"),
        CheckConstraint("made_by_account_id <> checked_by_account_id", name="two_people"),
        Index("ix_amount_limit_region", "region_code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # None: two people are enough, whatever the amount.
    above_fen: Mapped[int | None] = mapped_column(Fen())
    basis: Mapped[str] = mapped_column(String(500))
    set_at: Mapped[datetime]
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    checked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
