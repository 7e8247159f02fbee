"""What was paid of a benefit for a month, what was held back of it, and what was paid back."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import Fen, Month, RegionCode, is_month, word
from siweb.registry.tables.benefit import BenefitKind


class BenefitEntryKind(StrEnum):
    # What the paying side paid for a month, as its list says.
    PAID = "paid"
    # A difference that it paid later, or below zero took back.
    ADJUSTED = "adjusted"
    # Not paid, since the benefit was suspended.
    HELD = "held"
    # What was held back, decided by two people; `paid_on` follows.
    BACK_PAY = "back_pay"


PAYS = (BenefitEntryKind.PAID, BenefitEntryKind.BACK_PAY)
"""What pays a month: either of the two, once."""
_PAYS = text("kind IN ('paid', 'back_pay')")


class BenefitEntry(Base):
    """One amount of one month. Rows are only added; only the day of a back payment comes later."""

    __tablename__ = "benefit_entry"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "benefit"], ["benefit.person_id", "benefit.kind"]),
        CheckConstraint(is_month("month"), name="month"),
        # Only a difference may be below zero: money that the paying side took back (经办条例 46).
        CheckConstraint("amount_fen > 0 OR kind = 'adjusted' AND amount_fen < 0", name="amount"),
        CheckConstraint("sequence = 0 OR kind = 'adjusted' AND sequence > 0", name="sequence"),
        CheckConstraint("kind = 'back_pay' OR (kind = 'held') = (paid_on IS NULL)", name="paid_on"),
        # No month is paid twice: by the paying side's list, or as back pay.
        Index(
            "uq_benefit_entry_paid",
            "region_code",
            "person_id",
            "benefit",
            "month",
            unique=True,
            sqlite_where=_PAYS,
            postgresql_where=_PAYS,
        ),
        Index("ix_benefit_entry_person", "person_id", "month"),
        Index("ix_benefit_entry_recorded", "region_code", "recorded_at"),
        CLUSTERED,
    )

    region_code: Mapped[str] = mapped_column(RegionCode(), primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(Month(), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    benefit: Mapped[BenefitKind] = mapped_column(word(BenefitKind, "benefit"), primary_key=True)
    kind: Mapped[BenefitEntryKind] = mapped_column(word(BenefitEntryKind, "kind"), primary_key=True)
    # Several differences of a month count up.
    sequence: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    amount_fen: Mapped[int] = mapped_column(Fen())
    # What was held back has none; back pay has one once the paying side, or the bank, said so.
    paid_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
