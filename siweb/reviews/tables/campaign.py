"""Review campaigns as data: which kind, where, for which months, by which rules."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.auth.staff.duties import Scope
from siweb.db.base import Base
from siweb.db.types import Month, RegionCode, word
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING


class ReviewKind(StrEnum):
    """What is reviewed; the population follows from it (employees, flexible, recipients, …)."""

    RECORD_CHECK = "record_check"
    BASE_CHOICE = "base_choice"
    CERTIFICATION = "certification"
    MEDICAL_STATUS = "medical_status"
    # Of employers, each with its people: no person has a case in it.
    EMPLOYER_BASES = "employer_bases"


CERTIFIED_BY: Mapping[ReviewKind, frozenset[Insurance]] = MappingProxyType(
    {
        ReviewKind.CERTIFICATION: PAYING,
        # The medical security bureau's own, where pension and medical have two agencies.
        ReviewKind.MEDICAL_STATUS: frozenset({Insurance.MEDICAL}),
    }
)
"""The insurances that a kind of review is about; the others are about the whole record."""


class Campaign(Base):
    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("region_code", "kind", "year"),
        CheckConstraint("period_from_month <= period_to_month", name="period"),
        CheckConstraint("closes_on IS NULL OR closes_on >= opens_on", name="closes_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    kind: Mapped[ReviewKind] = mapped_column(word(ReviewKind, "kind"))
    year: Mapped[int] = mapped_column(SmallInteger())
    # Record check: the months looked back on. The other kinds: those that it holds for.
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

    @property
    def task_days(self) -> int:
        """Return how many days the office has for what follows from a decision."""
        return int(self.rules.get("task_days", 30))

    @property
    def recheck_ppm(self) -> int:
        """Return which share of passed certifications a second person looks at, in ppm."""
        return int(self.rules.get("recheck_ppm", 50_000))

    @property
    def may_be_repeated(self) -> bool:
        """Return whether a passed case may be done anew while the window is open.

        A base may be chosen again, a record that was found right may be questioned after all, and
        a status may change. A certification alone runs in rounds of its own.
        """
        return self.kind not in {ReviewKind.CERTIFICATION, ReviewKind.EMPLOYER_BASES}

    @property
    def holds_ahead(self) -> bool:
        """Return whether its months come after it: a base, and not a look back on a record."""
        return self.kind in {ReviewKind.BASE_CHOICE, ReviewKind.EMPLOYER_BASES}

    def is_open(self, on: date) -> bool:
        """Return whether answers are accepted on a day; the last day counts."""
        return self.opens_on <= on and (self.closes_on is None or on <= self.closes_on)


def lies_in(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a campaign is one of the agencies of a scope."""
    about = ((Campaign.kind == kind, of) for kind, of in CERTIFIED_BY.items())
    return scope.has(Campaign.region_code, *about)
