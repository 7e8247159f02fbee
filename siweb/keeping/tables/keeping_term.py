"""For how many years a region keeps scans of a class: what was set last holds."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, word

YEARS = (10, 30, 50, 100)
"""The terms that business archives know besides for good (社会保险业务档案管理规定)."""


class KeptClass(StrEnum):
    """What scans belong to; each has its own term in the region's list of archives."""

    DECISIONS = "decisions"
    COMPLAINTS = "complaints"
    REVIEWS = "reviews"


class KeepingTerm(Base):
    """A term as it was set, with who set it; rows are only added.

    Where nobody set one, scans are kept for good: what is gone cannot be brought back.
    """

    __tablename__ = "keeping_term"
    __table_args__ = (
        CheckConstraint("years IN (10, 30, 50, 100)", name="years"),
        CheckConstraint("made_by_account_id <> checked_by_account_id", name="two_people"),
        Index("ix_keeping_term_region", "region_code", "kept_class", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    kept_class: Mapped[KeptClass] = mapped_column(word(KeptClass, "kept_class"))
    # None: for good, as before anybody set a term.
    years: Mapped[int | None]
    basis: Mapped[str] = mapped_column(String(500))
    set_at: Mapped[datetime]
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    checked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
