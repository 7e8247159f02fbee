"""Pooling areas (统筹地区), usually a city, keyed by their GB/T 2260 code."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import RegionCode


class Region(Base):
    __tablename__ = "region"
    __table_args__ = (
        CheckConstraint("code BETWEEN 100000 AND 999999", name="code_length"),
        CLUSTERED,
    )

    code: Mapped[str] = mapped_column(RegionCode(), primary_key=True, autoincrement=False)
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    pinyin: Mapped[str] = mapped_column(String(60), index=True)
    province_zh: Mapped[str] = mapped_column(String(40))
    province_en: Mapped[str] = mapped_column(String(60))
    # Regions that are not hosted are listed all the same, to point people to 12333.
    is_hosted: Mapped[bool] = mapped_column(default=False, index=True)
