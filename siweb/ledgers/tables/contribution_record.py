"""Contribution records (缴费记录): per person, insurance and month. Rows are only added."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb import clock
from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Day, Fen, Instant, Month, RegionCode, is_month
from siweb.ledgers.month_tables.hold import hold_month, hold_region
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.enrolment import IS_INSURING_EMPLOYER, of_new_row

# Word for word in the condition of a query: a database uses a part of an index only then.
NOT_LEVIED = "{0}levy_run_id IS NULL OR {0}kind > 1"
"""What no month's own levy wrote, in SQL; 1 is `regular` of `siweb.db.codes`."""


class RecordKind(StrEnum):
    """A correction is a new row of the same month; amounts of all rows add up."""

    REGULAR = "regular"
    BACK_PAYMENT = "back_payment"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class ContributionRecord(Base):
    """Rows lie by region, month and person: a levy adds to the end, and nothing else is kept.

    Whoever looks for a person names the months, and whoever looks for an employer its people: see
    `siweb.ledgers.lookup`.
    """

    __tablename__ = "contribution_record"
    __table_args__ = (
        CheckConstraint(is_month("contribution_month"), name="month_shape"),
        CheckConstraint(IS_INSURING_EMPLOYER, name="insuring_employer"),
        # What no month's own levy wrote: of that the register need not know whom it insured.
        Index(
            "ix_contribution_record_not_levied",
            "employer_id",
            "contribution_month",
            sqlite_where=text(NOT_LEVIED.format("")),
            postgresql_where=text(NOT_LEVIED.format("")),
        ),
        CLUSTERED | {"postgresql_partition_by": "LIST (region_code)"},
    )

    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True
    )
    contribution_month: Mapped[str] = mapped_column(Month(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True
    )
    # Work injury is each employer's own (Order 13 Art. 9): there the employer is in the key.
    insuring_employer_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, default=of_new_row
    )
    # 0 is the month's own row, 1 and up are corrections in their order.
    sequence: Mapped[int] = mapped_column(
        SmallInteger(), primary_key=True, autoincrement=False, default=0
    )
    scheme: Mapped[Scheme] = mapped_column(code(Scheme, "scheme"), is_listed("scheme"))
    # None for who pays alone.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    kind: Mapped[RecordKind] = mapped_column(
        code(RecordKind, "record_kind"),
        is_listed("kind", "record_kind"),
        default=RecordKind.REGULAR,
    )
    # Of a correction these are differences to the rows before it, and may be below zero.
    declared_base_fen: Mapped[int] = mapped_column(Fen())
    base_fen: Mapped[int] = mapped_column(Fen())
    employer_fen: Mapped[int] = mapped_column(Fen())
    employee_fen: Mapped[int] = mapped_column(Fen())
    # What of it goes to the individual account; posted there only when paid (Order 20 Art. 13).
    account_fen: Mapped[int] = mapped_column(Fen())
    paid_on: Mapped[date | None] = mapped_column(Day())
    # The run that billed it; a row of a run that is not issued yet does not count.
    levy_run_id: Mapped[int | None] = mapped_column(ForeignKey("levy_run.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant())


RECORDS = cast("Table", ContributionRecord.__table__)


def place_of(region_code: str, month: str) -> tuple[int, int]:
    """Return a region and a month as the table has them."""
    record: Any = ContributionRecord
    region = record.region_code.type.process_bind_param(region_code, None)
    number = record.contribution_month.type.process_bind_param(month, None)
    return int(region), int(number)


def hold_records_of(connection: Connection, region_code: str) -> None:
    """Give a region's records parts of their own, before any of them is written.

    A region whose records lie among the rest stays there, and is levied row by row.
    """
    hold_region(connection, RECORDS, int(region_code))


def hold_record_month(connection: Connection, region_code: str, month: str) -> None:
    """Let a month of a region be written to, whether it was levied or not: see `month_tables`.

    Called before records are written by hand; a levy sees to its own month.
    """
    open_from = (clock.today().year - 1) * 100 + 1
    hold_month(connection, RECORDS, *place_of(region_code, month), open_from=open_from)


@event.listens_for(ContributionRecord, "before_insert")
def _hold(_mapper: Any, connection: Connection, record: ContributionRecord) -> None:
    hold_record_month(connection, record.region_code, record.contribution_month)
