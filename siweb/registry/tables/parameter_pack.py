"""Imported parameter packs (参数包), every version of them.

Rows inside a pack are dated by the law (from which month, published on which day); these columns
say what this office had at hand: from `imported_at` until `superseded_at`.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class ParameterPack(Base):
    __tablename__ = "parameter_pack"
    __table_args__ = (
        CheckConstraint("region = 'CN' OR length(region) = 6", name="region_code"),
        CheckConstraint("length(digest) = 64", name="digest_sha256"),
        CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= imported_at", name="superseded_after"
        ),
        # One version of a region's pack is in force; the database sees to it.
        Index(
            "uq_parameter_pack_in_force",
            "region",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_parameter_pack_region", "region", "imported_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # A GB/T 2260 code, or CN; no key of the region's table, since the nation is none.
    region: Mapped[str] = mapped_column(String(6))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text())
    imported_at: Mapped[datetime]
    imported_by_account_id: Mapped[int | None]
    superseded_at: Mapped[datetime | None]

    @property
    def is_in_force(self) -> bool:
        """Tell whether no later import has taken its place."""
        return self.superseded_at is None
