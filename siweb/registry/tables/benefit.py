"""Long-term benefits (待遇) and the day their recipient was last certified."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen, Month, RegionCode, word
from siweb.registry.codes import Insurance


class BenefitKind(StrEnum):
    PENSION = "pension"
    INJURY = "injury"
    SURVIVOR = "survivor"
    UNEMPLOYMENT = "unemployment"


OF_INSURANCES: Mapping[BenefitKind, frozenset[Insurance]] = MappingProxyType(
    {
        BenefitKind.PENSION: frozenset({Insurance.PENSION}),
        BenefitKind.INJURY: frozenset({Insurance.WORK_INJURY}),
        BenefitKind.SURVIVOR: frozenset({Insurance.PENSION, Insurance.WORK_INJURY}),
        BenefitKind.UNEMPLOYMENT: frozenset({Insurance.UNEMPLOYMENT}),
    }
)
"""Whose fund pays a benefit; survivors are paid from one or the other (SIL 17, 38)."""
PAYING: frozenset[Insurance] = frozenset().union(*OF_INSURANCES.values())
"""The insurances that pay benefits from month to month."""


class BenefitState(StrEnum):
    """Overdue is never ineligible: only a confirmed fact ends a benefit (OpReg 26)."""

    ACTIVE = "active"
    DUE = "due"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


_STOPPED = text("state IN ('suspended', 'terminated')")


class Benefit(Base):
    __tablename__ = "benefit"
    __table_args__ = (
        UniqueConstraint("person_id", "kind"),
        # Of all benefits few are suspended or ended: what they were paid since is asked for.
        Index(
            "ix_benefit_stopped",
            "region_code",
            "state",
            sqlite_where=_STOPPED,
            postgresql_where=_STOPPED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"), index=True)
    kind: Mapped[BenefitKind] = mapped_column(word(BenefitKind, "kind"))
    monthly_fen: Mapped[int] = mapped_column(Fen())
    from_month: Mapped[str] = mapped_column(Month())
    state: Mapped[BenefitState] = mapped_column(word(BenefitState, "state"))
    suspended_from_month: Mapped[str | None] = mapped_column(Month())
    certified_on: Mapped[date]
    # What stopped it, where that is no missing certification: none of these months is due.
    stop_sign_id: Mapped[int | None] = mapped_column(ForeignKey("sign.id"))


class BenefitWithdrawal(Base):
    """Months of a benefit that were not due after all: decided by two, in effect once served.

    It may begin again: what is not due are the months from the first to the one before that.
    """

    __tablename__ = "benefit_withdrawal"
    __table_args__ = (
        CheckConstraint("(stopped_on IS NULL) = (state_before IS NULL)", name="stopped"),
        CheckConstraint(
            "(resumed_from_month IS NULL) = (resumed_at IS NULL)"
            " AND (resumed_at IS NULL) = (resuming_task_id IS NULL)",
            name="resumed",
        ),
        CheckConstraint("resumed_from_month >= from_month", name="month_order"),
        Index("ix_benefit_withdrawal_benefit", "benefit_id"),
        # One of a benefit stands at a time.
        Index(
            "uq_benefit_withdrawal_standing",
            "benefit_id",
            unique=True,
            sqlite_where=text("resumed_at IS NULL"),
            postgresql_where=text("resumed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    # The first month that was not due.
    from_month: Mapped[str] = mapped_column(Month())
    decided_at: Mapped[datetime]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    # When it took effect, and how the benefit stood until then.
    stopped_on: Mapped[date | None]
    state_before: Mapped[BenefitState | None] = mapped_column(word(BenefitState, "state_before"))
    # From this month on it is due again; the first one itself where none was drawn wrongly.
    resumed_from_month: Mapped[str | None] = mapped_column(Month())
    resumed_at: Mapped[datetime | None]
    resuming_task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))


class LifeSign(Base):
    """Evidence from other bodies' data that a recipient is alive (数据比对), used before asking."""

    __tablename__ = "life_sign"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawing_task_id IS NULL)", name="withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    seen_on: Mapped[date]
    source: Mapped[str]
    # It was no sign of this person: nothing rests on it any more.
    withdrawn_at: Mapped[datetime | None]
    withdrawing_task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
