"""Share codes: what a person lets others see, until when and how often, and each use.

The code is not in the table: it is derived from the reference with the office's secret key, so that
its owner can read it again, and found by its SHA-256. A stolen table opens nothing.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, WordSet

MOST_USES, MOST_YEARS = 20, 10


class Shown(StrEnum):
    """What a code may show; nothing else of the record is ever behind one."""

    INSURED_NOW = "insured_now"
    MONTHS = "months"
    BASE_BAND = "base_band"
    PENSION_INCOME = "pension_income"


class ShareCode(Base):
    __tablename__ = "share_code"
    __table_args__ = (
        CheckConstraint("shown <> ''", name="shown"),
        CheckConstraint(f"years BETWEEN 1 AND {MOST_YEARS}", name="years"),
        CheckConstraint(f"uses_allowed BETWEEN 1 AND {MOST_USES}", name="uses_allowed"),
        # Whoever comes last of two at once finds nothing left: the database counts, not a page.
        CheckConstraint("uses BETWEEN 0 AND uses_allowed", name="uses"),
        Index("ix_share_code_person", "person_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Part of its owner's addresses; it opens nothing.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # Whom its owner gives it to, in their own words: how they tell one code from another.
    for_whom: Mapped[str] = mapped_column(String(60))
    shown: Mapped[frozenset[Shown]] = mapped_column(WordSet(Shown))
    # Of how many years the months are counted.
    years: Mapped[int] = mapped_column(SmallInteger())
    made_at: Mapped[datetime]
    valid_until_on: Mapped[date]
    uses_allowed: Mapped[int] = mapped_column(SmallInteger())
    uses: Mapped[int] = mapped_column(SmallInteger(), default=0)
    revoked_at: Mapped[datetime | None]

    def is_open(self, on: date) -> bool:
        """Return whether the code still shows something on a day."""
        return (
            self.revoked_at is None and on <= self.valid_until_on and self.uses < self.uses_allowed
        )


class ShareCodeUse(Base):
    """One time that somebody used a code; its owner reads when."""

    __tablename__ = "share_code_use"
    __table_args__ = (Index("ix_share_code_use_code", "code_id", "used_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("share_code.id"))
    used_at: Mapped[datetime]
    # Keyed, as those of verifications are: enough to tell one place from another.
    address_hash: Mapped[str] = mapped_column(String(64))
