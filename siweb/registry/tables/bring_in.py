"""Files of an old system that were brought in: the cause of every row that they brought."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import Fen, RegionCode


class BringIn(Base):
    """One file. All that it brought was recorded at `recorded_at`, and comes to `added_fen`.

    `siweb check` holds contribution records and account entries to that.
    """

    __tablename__ = "bring_in"
    __table_args__ = (
        CheckConstraint("added_rows > 0", name="added_rows"),
        Index("ix_bring_in_recorded", "kind", "region_code", "recorded_at"),
        CLUSTERED,
    )

    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True, autoincrement=False
    )
    # A key of `siweb.bring_in.kinds`.
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    # SHA-256 of the file, which is kept (`siweb.files`).
    file_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The same file again brings what was not there: after the first time nothing.
    sequence: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    file_name: Mapped[str] = mapped_column(String(200))
    added_rows: Mapped[int]
    added_fen: Mapped[int] = mapped_column(Fen())
    recorded_at: Mapped[datetime]
    # No keys: accounts live in a room above.
    made_by_account_id: Mapped[int]
    checked_by_account_id: Mapped[int]
