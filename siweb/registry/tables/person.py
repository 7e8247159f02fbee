"""Natural persons (参保人), keyed by citizen ID number, their social-security number (SIL 58)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word
from siweb.registry.codes import RetirementCategory, Sex


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (CheckConstraint("died_on IS NULL OR died_on >= born_on", name="died_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    id_number: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    sex: Mapped[Sex] = mapped_column(word(Sex, "sex", 1))
    born_on: Mapped[date]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    retirement_category: Mapped[RetirementCategory] = mapped_column(
        word(RetirementCategory, "retirement_category")
    )
    mobile: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    address: Mapped[str | None] = mapped_column(String(200))
    postcode: Mapped[str | None] = mapped_column(String(10))
    # Months before joining that count as contributed (视同缴费年限, SIL 13).
    deemed_months: Mapped[int] = mapped_column(default=0)
    died_on: Mapped[date | None]
    registered_at: Mapped[datetime]
