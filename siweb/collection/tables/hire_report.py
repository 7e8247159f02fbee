"""Reports that somebody works for an employer without being registered (SIL 4, 58, 82).

A person says it in the yearly review or in a complaint, or an imported list shows it. A report is
kept whether or not a case comes of it, with what its sender was answered.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.sealing.columns import Sealed
from siweb.db.sealing.field_keys import DIGEST_LENGTH
from siweb.db.types import Fen, RegionCode, word


class ReportOrigin(StrEnum):
    REVIEW = "review"
    COMPLAINT = "complaint"
    LIST = "list"


class ReportState(StrEnum):
    OPEN = "open"
    # A case was opened on it.
    CASE_OPENED = "taken_up"
    DROPPED = "dropped"


class HireReport(Base):
    __tablename__ = "hire_report"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= hired_on", name="ended_after"),
        CheckConstraint("wage_fen IS NULL OR wage_fen >= 0", name="wage"),
        Index("ix_hire_report_state", "region_code", "state"),
        Index("ix_hire_report_sender", "reported_by_person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    origin: Mapped[ReportOrigin] = mapped_column(word(ReportOrigin, "origin"))
    # What was questioned, row of a list, or sender with employer and day: once is enough.
    source_key: Mapped[str] = mapped_column(String(64), unique=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # None until somebody finds out which employer was meant.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    employer_named: Mapped[str] = mapped_column(String(200))
    # None where a list names somebody whom the register does not know.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # For people of a list whom the register does not know.
    person_name: Mapped[str] = mapped_column(String(100))
    id_number: Mapped[str | None] = mapped_column("sealed_number", Sealed())
    number_digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    hired_on: Mapped[date]
    ended_on: Mapped[date | None]
    # A month's, as it was said; None where nobody said it.
    wage_fen: Mapped[int | None] = mapped_column(Fen())
    words: Mapped[str] = mapped_column(String(1000))
    # None of a list, which another office sent.
    reported_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime]
    state: Mapped[ReportState] = mapped_column(word(ReportState, "state"))
    # What its sender reads when no case comes of it.
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_at: Mapped[datetime | None]
    answered_by_account_id: Mapped[int | None]
