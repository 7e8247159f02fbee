"""A case whose scans are kept whatever their term: a court, a review body, an audit needs them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode

_STANDING = text("lifted_at IS NULL")


class KeepingHold(Base):
    """Set by one, since it only keeps; lifted by two. Rows are only added, or ended."""

    __tablename__ = "keeping_hold"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifting_task_id IS NULL)", name="lifted_by"),
        # A case is held once at a time.
        Index(
            "uq_keeping_hold_standing",
            "case_number",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # The number that everybody quotes: of a task, a complaint or a review.
    case_number: Mapped[str] = mapped_column(String(24))
    because: Mapped[str] = mapped_column(String(500))
    set_at: Mapped[datetime]
    set_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifting_task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
