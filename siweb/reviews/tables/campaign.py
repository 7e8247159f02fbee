"""Review campaigns as data: which kind, where, for which months, by which rules."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Month, word


class ReviewKind(StrEnum):
    """What is reviewed; the population follows from it (employees, flexible, recipients)."""

    RECORD_CHECK = "record_check"
    BASE_CHOICE = "base_choice"
    CERTIFICATION = "certification"


class Campaign(Base):
    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("region_code", "kind", "year"),
        CheckConstraint("period_from_month <= period_to_month", name="period"),
        CheckConstraint("closes_on IS NULL OR closes_on >= opens_on", name="closes_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    kind: Mapped[ReviewKind] = mapped_column(word(ReviewKind, "kind"))
    year: Mapped[int] = mapped_column(SmallInteger())
    # Record check: the months looked back on. Base choice: the months the base will hold for.
    period_from_month: Mapped[str] = mapped_column(Month())
    period_to_month: Mapped[str] = mapped_column(Month())
    opens_on: Mapped[date]
    # None for certification, which has no season (人社厅发〔2018〕54号).
    closes_on: Mapped[date | None]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def correction_days(self) -> int:
        """Return how many days a person has to put something right."""
        return int(self.rules.get("correction_days", 30))

    @property
    def employer_days(self) -> int:
        """Return how many days an employer has to answer an objection."""
        return int(self.rules.get("employer_days", 15))

    @property
    def match_days(self) -> int:
        """Return how old a sign of life from other bodies' data may be."""
        return int(self.rules.get("match_days", 90))

    @property
    def window_days(self) -> int:
        """Return how long before its last day a certification is called due."""
        return int(self.rules.get("window_days", 90))
