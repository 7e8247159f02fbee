"""Entries of bank statements that were not simply booked: each waits, or says why it counts not."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.sealing.columns import SealedAccount
from siweb.db.types import Fen, RegionCode, word


class HeldReason(StrEnum):
    # The bank took money back: somebody says which payment it was.
    RETURNED = "returned"
    # One reference twice on one day with one amount, and no balance that proves it.
    REPEATED = "repeated"
    # Without a reference, and in another statement too; nothing proves whether it came twice.
    IN_BOTH = "in_both"
    # Reference, day and amount of an entry that is booked, but another payer.
    PAYER_DIFFERS = "payer_differs"
    # The details do not add up to the entry: it is booked whole, and nobody's.
    DETAILS = "details"
    CURRENCY = "currency"
    AMOUNT = "amount"
    AMOUNT_MISSING = "amount_missing"
    TWO_AMOUNTS = "two_amounts"
    ZERO = "zero"
    DAY = "day"
    DAY_FUTURE = "day_future"
    DAY_TOO_OLD = "day_too_old"
    DIRECTION = "direction"


class HeldState(StrEnum):
    WAITING = "waiting"
    BOOKED = "booked"
    RETURNED = "returned"
    DISMISSED = "dismissed"


class HeldEntry(Base):
    __tablename__ = "held_entry"
    __table_args__ = (
        UniqueConstraint("statement_id", "number"),
        Index("ix_held_entry_state", "state", "id"),
        Index("ix_held_entry_payment", "payment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # The line of a table; the place among the entries of an XML file.
    number: Mapped[int]
    reason: Mapped[HeldReason] = mapped_column(word(HeldReason, "reason"))
    state: Mapped[HeldState] = mapped_column(word(HeldState, "state"))
    # Which field is wrong, and what stands there.
    field: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(String(80), default="")
    account: Mapped[str] = mapped_column(String(40), default="")
    # Each None where it is what could not be read.
    amount_fen: Mapped[int | None] = mapped_column(Fen())
    entry_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(100), default="")
    payer_name: Mapped[str] = mapped_column(String(200), default="")
    payer_account: Mapped[str] = mapped_column(SealedAccount(), nullable=True, default="")
    remittance: Mapped[str] = mapped_column(String(500), default="")
    # What it is claimed by until a person says that another statement has it.
    identity: Mapped[str] = mapped_column(String(64), default="")
    # The payment that was booked for it, or that it took back.
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    settled_at: Mapped[datetime | None]
    settled_by_account_id: Mapped[int | None]
    settled_because: Mapped[str] = mapped_column(String(200), default="")
