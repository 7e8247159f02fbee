"""Bills (缴费通知单): what a payer owes, one line per insurance.

The people behind a line are the contribution records that carry the bill's run and payer; a bill
that the agency assessed has no records (SIL 58, 62).
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, Month, RegionCode, word
from siweb.registry.codes import Insurance
from siweb.rules.calendar.pay_periods import Every
from siweb.rules.contributions.premium import Scope
from siweb.rules.numbers.arithmetic import Rounding


class BillKind(StrEnum):
    LEVY = "levy"
    ADJUSTMENT = "adjustment"
    ASSESSMENT = "assessment"


class Bill(Base):
    """Once issued only what was paid changes; `siweb check` holds that to the allocations."""

    __tablename__ = "bill"
    __table_args__ = (
        CheckConstraint("(employer_id IS NULL) <> (person_id IS NULL)", name="one_payer"),
        CheckConstraint("(levy_run_id IS NULL) <> (assessment_id IS NULL)", name="one_origin"),
        CheckConstraint("total_fen = employer_fen + employee_fen", name="total"),
        # NULLs differ from each other:
        # an employer has one bill of a run, and so has who pays alone.
        UniqueConstraint("levy_run_id", "employer_id"),
        UniqueConstraint("levy_run_id", "person_id"),
        UniqueConstraint("assessment_id"),
        Index("ix_bill_employer", "employer_id", "contribution_month"),
        Index("ix_bill_person", "person_id", "contribution_month"),
        Index("ix_bill_region", "region_code", "contribution_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BillKind] = mapped_column(word(BillKind, "kind"))
    levy_run_id: Mapped[int | None] = mapped_column(ForeignKey("levy_run.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    contribution_month: Mapped[str] = mapped_column(Month())
    # The last month it is about: an adjustment may go over several.
    through_month: Mapped[str] = mapped_column(Month())
    # Who owes it: an employer, for its people as well, or a person who pays alone.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Written on the transfer; its last two digits check the rest (see bank_reference.py).
    bank_reference: Mapped[int | None] = mapped_column(BigInteger(), unique=True)
    headcount: Mapped[int] = mapped_column(default=0)
    employer_fen: Mapped[int] = mapped_column(Fen(), default=0)
    employee_fen: Mapped[int] = mapped_column(Fen(), default=0)
    total_fen: Mapped[int] = mapped_column(Fen(), default=0)
    paid_fen: Mapped[int] = mapped_column(Fen(), default=0)
    late_fee_paid_fen: Mapped[int] = mapped_column(Fen(), default=0)
    due_on: Mapped[date]
    # Late fees do not start before this day is over, where the notice says so.
    late_fee_waived_until: Mapped[date | None]
    # None while its run is not issued: such a bill counts nowhere.
    issued_at: Mapped[datetime | None]

    @property
    def outstanding_fen(self) -> int:
        """Return what of the premium is not paid yet; negative when it is a credit."""
        return self.total_fen - self.paid_fen


class BillLine(Base):
    """Lines lie by their bill, which they are read with; a bill has one of an insurance."""

    __tablename__ = "bill_line"
    __table_args__ = CLUSTERED

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True
    )
    # Region and first month are the bill's; `siweb check` names a line that says others.
    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True
    )
    contribution_month: Mapped[str] = mapped_column(Month(), primary_key=True)
    headcount: Mapped[int] = mapped_column(default=0)
    base_fen: Mapped[int] = mapped_column(Fen(), default=0)
    employer_fen: Mapped[int] = mapped_column(Fen(), default=0)
    employee_fen: Mapped[int] = mapped_column(Fen(), default=0)
    paid_fen: Mapped[int] = mapped_column(Fen(), default=0)
    # Where the employer's total is what is rounded: line minus the sum of its records.
    rounding_fen: Mapped[int] = mapped_column(Fen(), default=0)
    # Both None on the lines of assessments, to which no run's terms were applied.
    rounding: Mapped[Rounding | None] = mapped_column(
        code(Rounding, "rounding"), is_listed("rounding")
    )
    scope: Mapped[Scope | None] = mapped_column(code(Scope, "scope"), is_listed("scope"))

    @property
    def total_fen(self) -> int:
        """Return both sides together."""
        return self.employer_fen + self.employee_fen


class BillMonth(Base):
    """What of a bill over several months is owed for one of them, and when that was due.

    Only where something is late on its own (SIL 86: from the day of arrears): an assessment gives
    a day to pay by, and each month owes the late fee since its own due day; so does what an
    adjustment bills of wages that were declared too low. What only a notice changed is due on the
    day that the notice names: a second row of the month. A bill without such rows is late as a
    whole, after its own due day.
    """

    __tablename__ = "bill_month"
    __table_args__ = (
        UniqueConstraint("bill_id", "contribution_month", "due_on"),
        CheckConstraint("amount_fen >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    contribution_month: Mapped[str] = mapped_column(Month())
    due_on: Mapped[date]
    # Both sides of all insurances; the rows of a bill add up to its total.
    amount_fen: Mapped[int] = mapped_column(Fen())


class PayRhythm(Base):
    """Rows are only added: the newest of a person holds for bills that come after it.

    Nobody's is "month", as it is for whoever never chose.
    """

    __tablename__ = "pay_rhythm"
    __table_args__ = (Index("ix_pay_rhythm_person", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    every: Mapped[Every] = mapped_column(word(Every, "every", 8))
    chosen_at: Mapped[datetime]
