"""How often somebody tried of late, by keyed hashes: neither number nor address is kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base


class AttemptCount(Base):
    """One row for each number, device, address or account that failed or is trying just now.

    A row to lock, not rows to count: parallel tries read the same number of old failures before
    any of them is written, and so all pass.
    """

    __tablename__ = "attempt_count"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries"), CLUSTERED)

    who_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    # Counting begins anew some time after this.
    first_at: Mapped[datetime] = mapped_column(index=True)
    paused_until: Mapped[datetime | None]
