"""Payments that were begun online: for which bill, how much was shown, and what came of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen


class OnlinePayment(Base):
    """Only the gateway's own notification makes it paid; the browser's return changes nothing."""

    __tablename__ = "online_payment"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(payment_id IS NULL) = (paid_at IS NULL)", name="paid"),
        Index("ix_online_payment_bill", "bill_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    gateway: Mapped[str] = mapped_column(String(24))
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    # What was shown before paying, late fee included.
    amount_fen: Mapped[int] = mapped_column(Fen())
    late_fee_fen: Mapped[int] = mapped_column(Fen())
    # Where the browser goes to pay.
    address: Mapped[str] = mapped_column(String(1000))
    started_at: Mapped[datetime]
    started_by_account_id: Mapped[int]
    # None until the gateway itself has told us.
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    paid_at: Mapped[datetime | None]
