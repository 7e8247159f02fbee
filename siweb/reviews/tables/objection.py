"""Objections (异议): a person says, or a comparison shows, that something is wrong."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Fen, Month, word


class Problem(StrEnum):
    """What is said to be wrong."""

    MISSING = "missing"
    WRONG_BASE = "wrong_base"
    NOT_MY_EMPLOYER = "not_my_employer"
    INSURANCES = "insurances"
    ACCOUNT = "account"
    NAME_DIFFERS = "name_differs"
    PERSONAL_DATA = "personal_data"
    # Another medical status than the register has, or a subsidy of one's own part (SIL 25).
    MEDICAL_STATUS = "medical_status"
    MEDICAL_RELIEF = "medical_relief"


class ObjectionState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    # Upheld, and the record has been set right since.
    CORRECTED = "corrected"
    # Taken back by the person before anybody decided.
    WITHDRAWN = "withdrawn"


class Objection(Base):
    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_employer", "employer_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    problem: Mapped[Problem] = mapped_column(word(Problem, "problem"))
    # Every insurance that it concerns: one month missing in five is one objection.
    insurances: Mapped[list[str]] = mapped_column(JSON, default=list)
    contribution_month: Mapped[str | None] = mapped_column(Month())
    # What the person says the wage was.
    claimed_base_fen: Mapped[int | None] = mapped_column(Fen())
    words: Mapped[str] = mapped_column(String(500))
    # True when the office found it itself, by comparing.
    found_by_office: Mapped[bool] = mapped_column(default=False)
    # Who is asked to confirm, where an employer can know.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    # None until the employer has answered.
    employer_agrees: Mapped[bool | None]
    employer_words: Mapped[str | None] = mapped_column(String(500))
    employer_answered_at: Mapped[datetime | None]
    state: Mapped[ObjectionState] = mapped_column(
        word(ObjectionState, "state"), default=ObjectionState.OPEN
    )
    answer: Mapped[str | None] = mapped_column(String(500))
    raised_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
