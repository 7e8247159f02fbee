"""Arrears (欠缴): bills not paid in time, and what was done about them (SIL 63, Order 20 16)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.collection.tables.bill import Bill
from siweb.db.base import Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, RegionCode, word
from siweb.registry.codes import Insurance

_STANDING = text("reinstated_on IS NULL")


class ArrearsState(StrEnum):
    FOUND = "found"
    NOTICED = "noticed"
    # Not paid within the notice's period: the desk decides what follows.
    OVERDUE = "overdue"
    DEFERRED = "deferred"
    PAID = "paid"
    # Nobody is left to ask; two people may take it up again.
    WRITTEN_OFF = "written_off"


class Arrears(Base):
    __tablename__ = "arrears"
    __table_args__ = (
        # Premiums may be deferred only where a law says so (SIL 60).
        CheckConstraint("deferred_until IS NULL OR legal_basis IS NOT NULL", name="legal_basis"),
        Index("ix_arrears_state", "region_code", "state", "pay_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), unique=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    state: Mapped[ArrearsState] = mapped_column(word(ArrearsState, "state"))
    found_on: Mapped[date]
    # The last day for the agency's notice, and the last day to pay after it was received.
    notice_by: Mapped[date]
    noticed_on: Mapped[date | None]
    pay_by: Mapped[date | None]
    deferred_until: Mapped[date | None]
    legal_basis: Mapped[str | None] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class DeferredShare(StrEnum):
    """Which share of the premiums waits: phase notices defer the employer's alone."""

    WHOLE = "whole"
    EMPLOYER = "employer"


class Deferral(Base):
    """An approved deferral (缓缴) or agreement on instalments: no late fee while it lasts.

    Order 13 Art. 21, 22. Rows are only added, or ended early: what paused the fee stays provable.
    """

    __tablename__ = "deferral"
    __table_args__ = (
        CheckConstraint("until >= from_on", name="day_order"),
        CheckConstraint("deferred_fen >= 0", name="deferred"),
        Index("ix_deferral_arrears", "arrears_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    arrears_id: Mapped[int] = mapped_column(ForeignKey("arrears.id"))
    from_on: Mapped[date]
    # The last day without late fee, as it was approved.
    until: Mapped[date]
    # The last day that counts where it ended early: a missed instalment, or another agreement.
    ended_on: Mapped[date | None]
    legal_basis: Mapped[str] = mapped_column(String(200))
    # Who decided it, under which number and when: for force majeure the province's administration
    # (Order 13 Art. 21), for an agreement the collector (Art. 22). Empty for what was noted before
    # these were asked for.
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    decision_number: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None]
    share: Mapped[DeferredShare] = mapped_column(
        word(DeferredShare, "share"), default=DeferredShare.WHOLE
    )
    # Which insurances wait; none named are all of the bill.
    insurances: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    # What of the bill's premium waits; None where all of it does.
    deferred_fen: Mapped[int | None] = mapped_column(Fen())
    # What secures the payment, as the agreement names it (SIL 63).
    security: Mapped[str] = mapped_column(String(200), default="")
    approved_at: Mapped[datetime]


def is_in_arrears() -> ColumnElement[bool]:
    """Return the condition that a bill has arrears that are not over.

    They are not over while the late fee is to be paid, though nothing of the premium is left. What
    was written off is asked for no more: money for it waits until it is taken up again.
    """
    is_over = Arrears.state.in_((ArrearsState.PAID, ArrearsState.WRITTEN_OFF))
    return exists().where(Arrears.bill_id == Bill.id, ~is_over)


class WriteOffCause(StrEnum):
    """Why nobody can be asked for it any more; that somebody will not pay is no cause."""

    BANKRUPTCY = "bankruptcy"
    DEREGISTERED = "deregistered"


class WriteOff(Base):
    """What cannot be collected any more (核销): counted apart, and kept on file (账销案存).

    The claim does not end with it: two people may take it up again, as when an estate is found.
    Rows are only added, or ended by another action: what was written off stays provable.
    """

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
