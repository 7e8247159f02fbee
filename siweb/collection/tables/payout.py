"""Money that goes out: what two people decided, and the files by which the bank is told to pay."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.sealing.columns import SealedAccount
from siweb.db.types import Fen, RegionCode, word
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING


class PayoutKind(StrEnum):
    REFUND = "refund"
    HEIRS = "heirs"
    BENEFIT = "benefit"


OF_INSURANCES: Mapping[PayoutKind, frozenset[Insurance]] = MappingProxyType(
    {
        # What was collected together is paid back together.
        PayoutKind.REFUND: frozenset(),
        PayoutKind.HEIRS: frozenset({Insurance.PENSION}),
        PayoutKind.BENEFIT: PAYING,
    }
)
"""Whose agencies pay it out."""


class PayoutState(StrEnum):
    OPEN = "open"
    # In a file whose answer is awaited.
    SENT = "sent"
    PAID = "paid"
    # The bank did not pay: it waits for another account.
    REJECTED = "rejected"


class Payout(Base):
    """One sum to one account; a decision is paid out once."""

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name="paid"),
        CheckConstraint("person_id IS NULL OR employer_id IS NULL", name="one_payee"),
        Index("ix_payout_state", "region_code", "state"),
        Index("ix_payout_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    kind: Mapped[PayoutKind] = mapped_column(word(PayoutKind, "kind"))
    # What decided it, as "payment:17": another payout of the same decision is refused.
    source: Mapped[str] = mapped_column(String(80), unique=True)
    # Whose money it is; of an account that heirs get, who died.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    amount_fen: Mapped[int] = mapped_column(Fen())
    payee_name: Mapped[str] = mapped_column(String(140), default="")
    # Empty until somebody names one; checked by `siweb.rules.identifiers.account_number`.
    payee_account: Mapped[str] = mapped_column(SealedAccount(), nullable=True, default="")
    # The bank's number of 12 digits (CNAPS 行号), where it is known.
    payee_bank: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[PayoutState] = mapped_column(word(PayoutState, "state"), default=PayoutState.OPEN)
    # Why the bank did not pay, in its words.
    reason: Mapped[str] = mapped_column(String(200), default="")
    ordered_at: Mapped[datetime]
    # None again where the bank sent the money back.
    paid_on: Mapped[date | None]


class PaymentFile(Base):
    """One file for the bank (pain.001), with all it says: it is made alike each time."""

    __tablename__ = "payment_file"
    __table_args__ = (CheckConstraint("transactions > 0 AND total_fen > 0", name="filled"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # MsgId: the bank's answer names it.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"), index=True)
    debtor_name: Mapped[str] = mapped_column(String(140))
    debtor_account: Mapped[str] = mapped_column(String(34))
    debtor_bank: Mapped[str] = mapped_column(String(40))
    execution_on: Mapped[date]
    transactions: Mapped[int]
    total_fen: Mapped[int] = mapped_column(Fen())
    made_at: Mapped[datetime]
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    released_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class LineState(StrEnum):
    SENT = "sent"
    PAID = "paid"
    REJECTED = "rejected"


_STANDS = text("state <> 'rejected'")


class PaymentFileLine(Base):
    """One transaction of a file, as the bank was told; its account may be another next time."""

    __tablename__ = "payment_file_line"
    __table_args__ = (
        # A payout stands in one file at a time; only what was rejected goes again.
        Index(
            "uq_payment_file_line_payout",
            "payout_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answered"),
        CLUSTERED,
    )

    payment_file_id: Mapped[int] = mapped_column(ForeignKey("payment_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    # EndToEndId: statements and answers name the transaction by it.
    end_to_end: Mapped[str] = mapped_column(String(35), unique=True)
    payee_name: Mapped[str] = mapped_column(String(140))
    payee_account: Mapped[str] = mapped_column(SealedAccount(), nullable=True)
    payee_bank: Mapped[str] = mapped_column(String(12))
    amount_fen: Mapped[int] = mapped_column(Fen())
    state: Mapped[LineState] = mapped_column(word(LineState, "state"), default=LineState.SENT)
    reason: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None]
