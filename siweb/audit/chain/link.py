"""The chain over the activity log, and the lines that wait to be sealed in it.

Whoever writes a line must not wait for whoever writes another: the chain has one end, so that it
is made afterwards, by one sealer.
"""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.audit.activity import Activity
from siweb.db.base import Base
from siweb.db.types import RegionCode

_LINE = ("activity_id", "region_code")
_KEY = ("activity.id", "activity.region_code")


class ActivityLink(Base):
    """A line in its place: lines stand in the order in which they were sealed, not of their ids."""

    __tablename__ = "activity_link"
    __table_args__ = (
        ForeignKeyConstraint(_LINE, _KEY, name="fk_activity_link_line"),
        UniqueConstraint(*_LINE, name="uq_activity_link_line"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    activity_id: Mapped[int]
    region_code: Mapped[str] = mapped_column(RegionCode())
    # What the hash is over; links of before lines had a region are of the first form.
    hash_form: Mapped[int] = mapped_column(SmallInteger())
    # Which key the hash was made with; None for the plain SHA-256 of before.
    key_mark: Mapped[str | None] = mapped_column(String(8))
    # 32 bytes over the line and the hash before.
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime]


class UnsealedActivity(Base):
    """A line that waits; it is deleted in the transaction that seals it."""

    __tablename__ = "activity_unsealed"
    __table_args__ = (ForeignKeyConstraint(_LINE, _KEY, name="fk_activity_unsealed_line"),)

    activity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(RegionCode(), primary_key=True)
    # By the machine's clock: a line may be about another day, the promise is about this one.
    written_at: Mapped[datetime]


def is_line(part: type[ActivityLink | UnsealedActivity]) -> ColumnElement[bool]:
    """Return the condition that a link, or what waits, is that of a line."""
    return and_(part.activity_id == Activity.id, part.region_code == Activity.region_code)
