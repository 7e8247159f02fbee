"""The second of three people: checked, and not done before a third has checked it too."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class FirstCheck(Base):
    """One a task; the one that closes it stands in the task itself."""

    __tablename__ = "first_check"

    task_id: Mapped[int] = mapped_column(
        ForeignKey("task.id"), primary_key=True, autoincrement=False
    )
    checked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime]
