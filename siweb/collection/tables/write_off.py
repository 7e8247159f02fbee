"""What cannot be collected any more (核销): written off in the books, and kept on file.

The claim does not end with it: 账销案存. Its amounts stay readable, and two people may take it up
again, as when an estate is found later.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, exists, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.bill import Bill
from siweb.db.base import Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, RegionCode, word
from siweb.registry.codes import Insurance

_STANDING = text("reinstated_on IS NULL")


class WriteOffCause(StrEnum):
    """Why nobody can be asked for it any more; that somebody will not pay is no cause."""

    BANKRUPTCY = "bankruptcy"
    DEREGISTERED = "deregistered"


class WriteOff(Base):
    """Rows are only added, or ended by a correcting deed: what was written off stays provable."""

    __tablename__ = "write_off"
    __table_args__ = (
        CheckConstraint("premium_fen >= 0 AND late_fee_fen >= 0", name="amounts"),
        CheckConstraint("premium_fen + late_fee_fen > 0", name="of_something"),
        CheckConstraint(
            "(reinstated_on IS NULL) = (reinstating_task_id IS NULL)", name="reinstated_by"
        ),
        CheckConstraint("reinstated_on >= written_off_on", name="day_order"),
        # A claim is written off once at a time.
        Index(
            "uq_write_off_standing",
            "arrears_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    arrears_id: Mapped[int] = mapped_column(ForeignKey("arrears.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    cause: Mapped[WriteOffCause] = mapped_column(word(WriteOffCause, "cause"))
    # The last day through which a late fee was counted.
    written_off_on: Mapped[date]
    # What was open of the premium, as its lines say, and of the late fee to that day.
    premium_fen: Mapped[int] = mapped_column(Fen())
    late_fee_fen: Mapped[int] = mapped_column(Fen())
    legal_basis: Mapped[str] = mapped_column(String(200))
    decided_by: Mapped[str] = mapped_column(String(120))
    written_off_at: Mapped[datetime]
    # The two people and their papers stand there.
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), unique=True)
    reinstated_on: Mapped[date | None]
    reinstating_task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))


class WriteOffLine(Base):
    """What of one insurance was written off, both sides together."""

    __tablename__ = "write_off_line"
    __table_args__ = (CheckConstraint("premium_fen > 0", name="amount"),)

    write_off_id: Mapped[int] = mapped_column(ForeignKey("write_off.id"), primary_key=True)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True
    )
    premium_fen: Mapped[int] = mapped_column(Fen())


def is_written_off() -> ColumnElement[bool]:
    """Return the condition that nothing is asked for on a bill any more."""
    return exists().where(Arrears.bill_id == Bill.id, Arrears.state == ArrearsState.WRITTEN_OFF)
