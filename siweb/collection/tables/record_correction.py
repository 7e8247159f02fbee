"""Corrections (更正) of a record and of who a person is, each by a task of two people."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Month, RegionCode, word


class CorrectionKind(StrEnum):
    """What was wrong with the months."""

    # Not registered, though the person took part; of some insurances or all.
    MISSING = "missing"
    BASE = "base"
    EMPLOYER = "employer"
    # Registered, though the person did not take part.
    NOT_INSURED = "not_insured"


class RecordCorrection(Base):
    """Written with what it changed; who decided, and on which paper, stands in its task."""

    __tablename__ = "record_correction"
    __table_args__ = (
        CheckConstraint("last_month >= first_month", name="month_order"),
        Index("ix_record_correction_person", "person_id"),
    )

    task_id: Mapped[int] = mapped_column(
        ForeignKey("task.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[CorrectionKind] = mapped_column(word(CorrectionKind, "kind"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    first_month: Mapped[str] = mapped_column(Month())
    last_month: Mapped[str] = mapped_column(Month())
    # The objection that was upheld, if it follows from one.
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"), unique=True)
    # What bills or credits the difference; None where the months were not billed yet.
    levy_run_id: Mapped[int | None] = mapped_column(ForeignKey("levy_run.id"))
    # How the records were and are, and the papers that show them as they were: see
    # `siweb.collection.corrections.record.effect`.
    effect: Mapped[dict[str, Any]] = mapped_column(JSON)
    corrected_at: Mapped[datetime]


class IdentityBasis(StrEnum):
    """Why the register says something else than it should."""

    # It was right, and the authorities replaced it: an earlier number still finds the person.
    REPLACED = "replaced"
    # It was entered wrongly: a wrong number finds the person no more.
    MISTAKEN = "mistaken"


class IdentityCorrection(Base):
    """Written with what it changed; numbers stand in no row of it but in their own tables."""

    __tablename__ = "identity_correction"
    __table_args__ = (
        CheckConstraint("made_by_account_id <> checked_by_account_id", name="two_people"),
        Index("ix_identity_correction_person", "person_id"),
    )

    task_id: Mapped[int] = mapped_column(
        ForeignKey("task.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    basis: Mapped[IdentityBasis] = mapped_column(word(IdentityBasis, "basis"))
    # What is another than before, "number" among it; and the values before and after but numbers.
    changed: Mapped[list[str]] = mapped_column(JSON)
    was: Mapped[dict[str, Any]] = mapped_column(JSON)
    now: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The references of papers that say it as it was.
    papers: Mapped[list[str]] = mapped_column(JSON)
    # The paper that it rests on: kind, number, date.
    paper: Mapped[str] = mapped_column(String(500))
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    checked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    corrected_at: Mapped[datetime]
