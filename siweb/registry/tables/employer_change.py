"""What was changed in an employer's registration: a row a field, only added (SIL 57, OpReg 10)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class EmployerChange(Base):
    __tablename__ = "employer_change"
    __table_args__ = (Index("ix_employer_change_employer", "employer_id", "changed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    field: Mapped[str] = mapped_column(String(40))
    old_value: Mapped[str | None] = mapped_column(String(254))
    new_value: Mapped[str | None] = mapped_column(String(254))
    # When it happened, which starts the days to tell it; and when it was told.
    happened_on: Mapped[date]
    changed_at: Mapped[datetime]
    # No key: accounts live in a room above.
    changed_by_account_id: Mapped[int | None]
