"""The chain over the activity log, and the lines that wait to be sealed in it.

Whoever writes a line must not wait for whoever writes another: the chain has one end, so that it
is made afterwards, by one sealer.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.audit.activity import Activity
from siweb.db.base import Base


class ActivityLink(Base):
    """A line in its place: lines stand in the order in which they were sealed, not of their ids."""

    __tablename__ = "activity_link"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id), unique=True)
    # Which key the hash was made with; None for the plain SHA-256 of before.
    key_mark: Mapped[str | None] = mapped_column(String(8))
    # 32 bytes over the line and the hash before.
    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime]


class UnsealedActivity(Base):
    """A line that waits; it is deleted in the transaction that seals it."""

    __tablename__ = "activity_unsealed"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey(Activity.id), primary_key=True, autoincrement=False
    )
    # By the machine's clock: a line may be about another day, the promise is about this one.
    written_at: Mapped[datetime]
