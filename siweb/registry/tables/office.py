"""The office itself: one row, written when it is opened, and what pages show of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, String
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
    # The number that people call; empty: only the national hotline is named.
    phone: Mapped[str] = mapped_column(String(30), default="")
    # A PNG (registry/regions/shown_office.py says which); none: the sign that comes with siweb.
    emblem: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Whether one person may hold functions of several groups, as a small office has to.
    mixes_functions: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
