"""Which entry of an account sets right one that an earlier system brought in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import RegionCode


class AccountCorrection(Base):
    """Rows are only added: the money is the entry, of the same kind and year as the wrong one."""

    __tablename__ = "account_correction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "entry_number", "region_code"],
            ["account_entry.person_id", "account_entry.entry_number", "account_entry.region_code"],
            name="fk_account_correction_entry",
        ),
        # What is set right was there before.
        CheckConstraint("corrected_number < entry_number", name="corrects_earlier"),
        CLUSTERED,
    )

    person_id: Mapped[int] = mapped_column(primary_key=True)
    # The entry with the difference, by its number in the account, and the one that was wrong.
    entry_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(RegionCode())
    corrected_number: Mapped[int]
    corrected_at: Mapped[datetime]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
