"""How often an employer's names agreed with the register's today: the measure of guessing."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base


class StrangerCount(Base):
    """Of people who are registered and do not work there, by employer and day."""

    __tablename__ = "stranger_count"
    __table_args__ = CLUSTERED

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), primary_key=True)
    on: Mapped[date] = mapped_column("counted_on", primary_key=True)
    agreed: Mapped[int] = mapped_column(default=0)
    disagreed: Mapped[int] = mapped_column(default=0)
