"""The office itself: one row, written when it is opened."""

from datetime import datetime

from sqlalchemy import CheckConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base

THE_OFFICE = 1


class Office(Base):
    __tablename__ = "office"
    __table_args__ = (CheckConstraint(f"id = {THE_OFFICE}", name="one_row"), CLUSTERED)

    id: Mapped[int] = mapped_column(
        SmallInteger(), primary_key=True, autoincrement=False, default=THE_OFFICE
    )
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    # Whether one person may hold functions of several groups, as a small office has to.
    mixes_functions: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
