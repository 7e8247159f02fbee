"""Assessments (核定): amounts that the agency fixes when nobody registered or declared.

SIL 58 (a hire that was not registered) and SIL 62 (no declaration). One person proposes, the
employer is heard, another person decides.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Month, word


class AssessmentKind(StrEnum):
    UNREGISTERED = "unregistered"
    UNDECLARED = "undeclared"


class AssessmentState(StrEnum):
    PROPOSED = "proposed"
    DECIDED = "decided"
    DROPPED = "dropped"
    # A later registration or declaration took its place.
    SETTLED = "settled"


class Assessment(Base):
    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(
            "decided_by_account_id IS NULL OR decided_by_account_id <> proposed_by_account_id",
            name="two_people",
        ),
        CheckConstraint("to_month >= from_month", name="month_order"),
        Index("ix_assessment_employer", "employer_id", "from_month"),
        Index("ix_assessment_state", "region_code", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[AssessmentKind] = mapped_column(word(AssessmentKind, "kind"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    # Whose registration was missing; None where the employer's whole declaration was.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    from_month: Mapped[str] = mapped_column(Month())
    to_month: Mapped[str] = mapped_column(Month())
    # How it became known, in the words of whoever opened the case.
    origin: Mapped[str] = mapped_column(String(24))
    facts: Mapped[str] = mapped_column(String(2000))
    # {"pension": {"base_fen", "employer_fen", "employee_fen", "headcount"}, ...}, all in fen.
    amounts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Why these amounts, when no rule gives them (no last month to go by).
    reasons: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[AssessmentState] = mapped_column(word(AssessmentState, "state"))
    # The employer may answer until this day is over.
    hearing_until: Mapped[date]
    employer_statement: Mapped[str | None] = mapped_column(String(4000))
    proposed_by_account_id: Mapped[int | None]
    proposed_at: Mapped[datetime]
    decided_by_account_id: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(2000))
    settled_at: Mapped[datetime | None]
