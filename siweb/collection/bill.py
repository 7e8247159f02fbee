"""Bills (缴费通知单): what a payer owes for a month, one line per insurance.

The people behind a line are the contribution records that carry its run and payer.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen, Month, word
from siweb.registry.words import Insurance


class Bill(Base):
    __tablename__ = "bill"
    __table_args__ = (
        CheckConstraint("(employer_id IS NULL) <> (person_id IS NULL)", name="one_payer"),
        UniqueConstraint("levy_run_id", "employer_id"),
        UniqueConstraint("levy_run_id", "person_id"),
        Index("ix_bill_employer", "employer_id", "contribution_month"),
        Index("ix_bill_person", "person_id", "contribution_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    levy_run_id: Mapped[int] = mapped_column(ForeignKey("levy_run.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    contribution_month: Mapped[str] = mapped_column(Month())
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Written on the transfer; its last two digits check the rest (see bank_reference.py).
    bank_reference: Mapped[int | None] = mapped_column(BigInteger(), unique=True)
    headcount: Mapped[int] = mapped_column(default=0)
    employer_fen: Mapped[int] = mapped_column(Fen(), default=0)
    employee_fen: Mapped[int] = mapped_column(Fen(), default=0)
    total_fen: Mapped[int] = mapped_column(Fen(), default=0)
    due_on: Mapped[date]
    issued_at: Mapped[datetime | None]


class BillLine(Base):
    __tablename__ = "bill_line"
    __table_args__ = (UniqueConstraint("bill_id", "insurance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    insurance: Mapped[Insurance] = mapped_column(word(Insurance, "insurance"))
    headcount: Mapped[int] = mapped_column(default=0)
    base_fen: Mapped[int] = mapped_column(Fen(), default=0)
    employer_fen: Mapped[int] = mapped_column(Fen(), default=0)
    employee_fen: Mapped[int] = mapped_column(Fen(), default=0)
    # Where the employer's total is what is rounded: line minus the sum of its records.
    rounding_fen: Mapped[int] = mapped_column(Fen(), default=0)
    rounding: Mapped[str | None] = mapped_column(String(16))
    scope: Mapped[str | None] = mapped_column(String(16))
