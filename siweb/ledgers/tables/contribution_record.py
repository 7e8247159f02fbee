"""Contribution records (缴费记录): per person, insurance and month. Rows are only added."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, Month, RegionCode, is_month
from siweb.registry.codes import INSURING_EMPLOYER, Insurance, Scheme


class RecordKind(StrEnum):
    """A correction is a new row that points at the old one; amounts of all rows add up."""

    REGULAR = "regular"
    BACK_PAYMENT = "back_payment"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class ContributionRecord(Base):
    __tablename__ = "contribution_record"
    __table_args__ = (
        CheckConstraint(is_month("contribution_month"), name="month_shape"),
        # One row bills a month, those after it correct it; the same index finds a person's months.
        # Work injury is each employer's own (Order 13 Art. 9): there the employer is in the key.
        Index(
            "uq_contribution_record_month",
            "person_id",
            "contribution_month",
            "insurance",
            "sequence",
            text(INSURING_EMPLOYER),
            unique=True,
        ),
        Index("ix_contribution_record_employer", "employer_id", "contribution_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance")
    )
    scheme: Mapped[Scheme] = mapped_column(code(Scheme, "scheme"), is_listed("scheme"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    contribution_month: Mapped[str] = mapped_column(Month())
    # 0 is the month's own row, 1 and up are corrections in their order.
    sequence: Mapped[int] = mapped_column(SmallInteger(), default=0, server_default="0")
    kind: Mapped[RecordKind] = mapped_column(
        code(RecordKind, "record_kind"),
        is_listed("kind", "record_kind"),
        default=RecordKind.REGULAR,
    )
    declared_base_fen: Mapped[int] = mapped_column(Fen())
    base_fen: Mapped[int] = mapped_column(Fen())
    employer_fen: Mapped[int] = mapped_column(Fen())
    employee_fen: Mapped[int] = mapped_column(Fen())
    # What of it goes to the individual account; posted there only when paid (Order 20 Art. 13).
    account_fen: Mapped[int] = mapped_column(Fen())
    paid_on: Mapped[date | None]
    # The run that billed it; a row of a run that is not issued yet does not count.
    levy_run_id: Mapped[int | None] = mapped_column(ForeignKey("levy_run.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("contribution_record.id"))
    recorded_at: Mapped[datetime]
