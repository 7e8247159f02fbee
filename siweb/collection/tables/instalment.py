"""Instalments of arrears: how much of the bill must be paid by which day."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen


class Instalment(Base):
    """One step of a plan; a new plan takes the place of the one before."""

    __tablename__ = "instalment"
    __table_args__ = (
        UniqueConstraint("arrears_id", "due_on"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("paid_by_then_fen >= amount_fen", name="paid_by_then"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    arrears_id: Mapped[int] = mapped_column(ForeignKey("arrears.id"))
    due_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(Fen())
    # What of the bill's premium must be paid when this day is over, earlier steps included.
    paid_by_then_fen: Mapped[int] = mapped_column(Fen())
