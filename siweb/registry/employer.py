"""Employers (用人单位), keyed by their unified social credit code."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word
from siweb.registry.words import EmployerStatus


class Employer(Base):
    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint("injury_class BETWEEN 1 AND 8", name="injury_class"),
        CheckConstraint("injury_tier_ppm > 0", name="injury_tier"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    industry_code: Mapped[str] = mapped_column(String(8))
    # Work-injury class by industry and the tier the agency set (SIL 34, 35): 1,000,000 = 100 %.
    injury_class: Mapped[int]
    injury_tier_ppm: Mapped[int] = mapped_column(default=1_000_000)
    address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(30))
    legal_representative: Mapped[str | None] = mapped_column(String(100))
    bank_name: Mapped[str | None] = mapped_column(String(100))
    bank_account: Mapped[str | None] = mapped_column(String(40))
    established_on: Mapped[date]
    status: Mapped[EmployerStatus] = mapped_column(
        word(EmployerStatus, "status"), default=EmployerStatus.ACTIVE
    )
    registered_at: Mapped[datetime]
