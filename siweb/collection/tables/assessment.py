"""Assessments (核定): amounts that the agency fixes when nobody registered or declared.

SIL 58 (a hire that was not registered) and SIL 62 (no declaration). One person proposes, the
employer is heard, another person decides. What a later registration changes is a row of its own.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen, Month, RegionCode, word


class AssessmentKind(StrEnum):
    UNREGISTERED = "unregistered"
    UNDECLARED = "undeclared"
    # What a later registration or declaration takes back of an earlier one.
    SETTLEMENT = "settlement"


class AssessmentState(StrEnum):
    # Found by comparing; nobody has proposed anything yet.
    FOUND = "found"
    PROPOSED = "proposed"
    DECIDED = "decided"
    DROPPED = "dropped"
    # A registration or declaration came: the levy bills these months, then it is settled.
    OVERTAKEN = "overtaken"
    SETTLED = "settled"


class BaseRule(StrEnum):
    """By what the wage of somebody is set whom nobody declared (Order 20 Art. 8)."""

    WAGE = "wage"
    EMPLOYER_AVERAGE = "employer_average"
    LOCAL_AVERAGE = "local_average"


OPEN_STATES = (AssessmentState.FOUND, AssessmentState.PROPOSED)
_BOTH = "proposed_by_account_id IS NOT NULL AND decided_by_account_id IS NOT NULL"


class Assessment(Base):
    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(
            "decided_by_account_id IS NULL OR decided_by_account_id <> proposed_by_account_id",
            name="two_people",
        ),
        # What costs the employer money has a proposer and a decider, both known.
        CheckConstraint(
            f"kind = 'settlement' OR state NOT IN ('decided', 'overtaken', 'settled') OR ({_BOTH})",
            name="both_known",
        ),
        CheckConstraint("state <> 'proposed' OR hearing_until IS NOT NULL", name="is_heard"),
        CheckConstraint("(kind = 'settlement') = (settles_id IS NOT NULL)", name="settles"),
        CheckConstraint("to_month >= from_month", name="month_order"),
        Index("ix_assessment_employer", "employer_id", "from_month"),
        Index("ix_assessment_state", "region_code", "state"),
        # A month without declaration is found once, however often one looks.
        Index(
            "uq_assessment_undeclared",
            "employer_id",
            "from_month",
            unique=True,
            sqlite_where=text("kind = 'undeclared'"),
            postgresql_where=text("kind = 'undeclared'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[AssessmentKind] = mapped_column(word(AssessmentKind, "kind"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    # Whose registration was missing; None where the employer's whole declaration was.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What somebody reported, where that opened the case.
    report_id: Mapped[int | None] = mapped_column(ForeignKey("hire_report.id"), unique=True)
    # Of a settlement: the case that it takes back; one case is settled once.
    settles_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"), unique=True)
    from_month: Mapped[str] = mapped_column(Month())
    to_month: Mapped[str] = mapped_column(Month())
    # How it became known, in the words of whoever opened the case.
    origin: Mapped[str] = mapped_column(String(24))
    facts: Mapped[str] = mapped_column(String(2000))
    # Both None where no wage is set: SIL 62 goes by what was due last month.
    base_rule: Mapped[BaseRule | None] = mapped_column(word(BaseRule, "base_rule"))
    base_fen: Mapped[int | None] = mapped_column(Fen())
    # {"pension": {"base_fen", "employer_fen", "employee_fen", "headcount"}, ...}, all in fen.
    amounts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # How they were worked out, as `kept_steps` keeps it: it reads the same after packs changed.
    calculation: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # Why these amounts, when no rule gives them (no last month to go by).
    reasons: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[AssessmentState] = mapped_column(word(AssessmentState, "state"))
    opened_at: Mapped[datetime]
    # The employer may answer until this day is over.
    hearing_until: Mapped[date | None]
    # None: not heard. Empty: heard, and the employer had nothing to say.
    employer_statement: Mapped[str | None] = mapped_column(String(4000))
    heard_at: Mapped[datetime | None]
    heard_by_account_id: Mapped[int | None]
    proposed_by_account_id: Mapped[int | None]
    proposed_at: Mapped[datetime | None]
    decided_by_account_id: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(2000))
    # The notice (告知书) that the employer was given.
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    overtaken_on: Mapped[date | None]
    settled_at: Mapped[datetime | None]

    @property
    def total_fen(self) -> int:
        """Return both sides of every insurance together."""
        return sum(
            amount["employer_fen"] + amount["employee_fen"] for amount in self.amounts.values()
        )
