"""Payments and what they were used for. What came in or went out is never changed, only added to.

Filled in later, and held to the rest by `siweb check`: whom a payment is from, and what of it is
left. A refund and a bounced transfer are payments of their own with a negative amount.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    and_,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.next_number import counted_by, number_rows
from siweb.db.sealing.columns import SealedAccount
from siweb.db.types import Fen, RegionCode, word
from siweb.registry.codes import Insurance


class PaymentKind(StrEnum):
    TRANSFER = "transfer"
    GATEWAY = "gateway"
    # Collected by the tax office and told to us.
    TAX = "tax"
    # An adjustment in the payer's favour; no money moved.
    CREDIT = "credit"
    REFUND = "refund"
    REVERSAL = "reversal"


class MatchedBy(StrEnum):
    REFERENCE = "reference"
    AMOUNT = "amount"
    PAYER = "payer"
    STAFF = "staff"


class AllocationKind(StrEnum):
    PREMIUM = "premium"
    LATE_FEE = "late_fee"


class Payment(Base):
    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("employer_id IS NULL OR person_id IS NULL", name="one_payer"),
        CheckConstraint(
            "(kind IN ('refund', 'reversal')) = (origin_payment_id IS NOT NULL)", name="origin"
        ),
        # What leaves the office is below zero, and is always of money that came.
        CheckConstraint("(origin_payment_id IS NOT NULL) = (amount_fen < 0)", name="sign"),
        # A credit moves no money: what it settles stands in its allocations alone.
        CheckConstraint("(kind = 'credit') = (amount_fen = 0)", name="credit"),
        Index("ix_payment_left", "region_code", "unallocated_fen"),
        Index("ix_payment_employer", "employer_id"),
        Index("ix_payment_person", "person_id"),
        Index("ix_payment_origin", "origin_payment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    kind: Mapped[PaymentKind] = mapped_column(word(PaymentKind, "kind"))
    amount_fen: Mapped[int] = mapped_column(Fen())
    # The day that counts for late fees: the bank's value date.
    received_on: Mapped[date]
    payer_name: Mapped[str] = mapped_column(String(200), default="")
    payer_account: Mapped[str] = mapped_column(SealedAccount(), nullable=True, default="")
    remittance: Mapped[str] = mapped_column(String(500), default="")
    # One entry of a statement is one payment however often it is imported.
    entry_key: Mapped[str] = mapped_column(String(64), unique=True)
    # None where no statement brought it: a gateway, the tax office, or a credit, which is no money.
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("bank_statement.id"))
    # Of a refund or reversal: the payment whose money goes back.
    origin_payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    recorded_at: Mapped[datetime]
    recorded_by_account_id: Mapped[int | None]
    # Neither is set while nobody has found out whose money it is.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    matched_by: Mapped[MatchedBy | None] = mapped_column(word(MatchedBy, "matched_by"))
    # When a person left what is unallocated as the payer's credit.
    kept_at: Mapped[datetime | None]
    # Amount with its refunds and reversals, less what was allocated; 0 on those themselves.
    unallocated_fen: Mapped[int] = mapped_column(Fen())


_BACK = ("bill_id", "reverses_number", "region_code")


class Allocation(Base):
    """What a payment was used for; what is taken back is a negative row that names the first."""

    __tablename__ = "allocation"
    __table_args__ = (
        ForeignKeyConstraint(
            _BACK,
            ["allocation.bill_id", "allocation.allocation_number", "allocation.region_code"],
            name="fk_allocation_reverses",
        ),
        Index("ix_allocation_payment", "payment_id"),
        # Hardly any is taken back: those that are have an index of their own.
        Index(
            "ix_allocation_reverses",
            *_BACK,
            unique=True,
            sqlite_where=text("reverses_number IS NOT NULL"),
            postgresql_where=text("reverses_number IS NOT NULL"),
        ),
        CLUSTERED,
    )

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    # A later one of a bill has a larger one; seals name an allocation by it.
    allocation_number: Mapped[int] = mapped_column(
        counted_by("allocation"), primary_key=True, autoincrement=False
    )
    # The bill's; `siweb check` names one that says another.
    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True
    )
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance")
    )
    kind: Mapped[AllocationKind] = mapped_column(
        code(AllocationKind, "allocation_kind"), is_listed("kind", "allocation_kind")
    )
    amount_fen: Mapped[int] = mapped_column(Fen())
    paid_on: Mapped[date]
    allocated_at: Mapped[datetime]
    allocated_by_account_id: Mapped[int | None]
    # Which one of the bill is taken back.
    reverses_number: Mapped[int | None]


number_rows(Allocation.allocation_number, Allocation.bill_id)


def is_standing() -> ColumnElement[bool]:
    """Return the condition that an allocation is not taken back and takes nothing back."""
    back = aliased(Allocation, name="back")
    is_undone = exists().where(
        back.bill_id == Allocation.bill_id,
        back.reverses_number == Allocation.allocation_number,
        back.region_code == Allocation.region_code,
    )
    return and_(Allocation.reverses_number.is_(None), ~is_undone)
