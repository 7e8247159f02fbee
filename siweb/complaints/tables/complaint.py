"""Complaints (投诉, 社会保险法 82): what somebody says is wrong, and what the agency answered.

The agency handles what is its duty and hands on what is not, in writing either way.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Month, RegionCode, word


class ComplaintKind(StrEnum):
    NOT_REGISTERED = "not_registered"
    TOO_LITTLE = "too_little"
    DECISION = "decision"


class ComplaintState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    # It is another body's duty: handed on, and the sender told to whom.
    HANDED_ON = "handed_on"


class Complaint(Base):
    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("to_month IS NULL OR to_month >= from_month", name="month_order"),
        CheckConstraint("(state = 'answered') = (outcome IS NOT NULL)", name="answered"),
        CheckConstraint("(state = 'answered') = (answer <> '')", name="in_writing"),
        Index("ix_complaint_person", "person_id", "lodged_at"),
        Index(
            "ix_complaint_open",
            "region_code",
            "answer_by",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Public: what its sender quotes.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    # Of sender and what was said: the same sent twice is one complaint.
    source_key: Mapped[str] = mapped_column(String(64), unique=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    kind: Mapped[ComplaintKind] = mapped_column(word(ComplaintKind, "kind"))
    state: Mapped[ComplaintState] = mapped_column(word(ComplaintState, "state"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # None until somebody finds out which employer was meant, and of a decision without one.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    employer_named: Mapped[str] = mapped_column(String(200))
    from_month: Mapped[str] = mapped_column(Month())
    to_month: Mapped[str | None] = mapped_column(Month())
    # The number of the decision that its sender disagrees with.
    about_decision: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(String(2000))
    # What its sender has to show for it, in words.
    evidence: Mapped[str] = mapped_column(String(1000))
    lodged_at: Mapped[datetime]
    answer_by: Mapped[date]
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome, "outcome"))
    answer: Mapped[str] = mapped_column(String(2000), default="")
    handed_on_to: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None]
    answered_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # The last days for administrative review and for a court (社会保险法 83), as told.
    review_until: Mapped[date | None]
    suit_until: Mapped[date | None]
    # The report of a missing registration that was made of it, from which a case may come.
    hire_report_id: Mapped[int | None] = mapped_column(ForeignKey("hire_report.id"))
