"""Tokens with which programs act for an employer, or hand in another office's lists.

Only the hash of the secret is kept.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode


class ApiToken(Base):
    """Whose it is: an employer's, or another office's of a region, and never both."""

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("(employer_id IS NULL) <> (region_code IS NULL)", name="one_owner"),
        CheckConstraint(
            "(region_code IS NULL) = (office IS NULL)"
            " AND (region_code IS NULL) = (sign_kinds IS NULL)",
            name="office",
        ),
        Index("ix_api_token_employer", "employer_id", "issued_at"),
        Index("ix_api_token_region", "region_code", "issued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    region_code: Mapped[str | None] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # The other office by its name, as its lists are called, and of what it may hand in lists.
    office: Mapped[str | None] = mapped_column(String(100))
    # SQL's NULL: JSON's null would be a value to the check above.
    sign_kinds: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    # Of an employer's: whose mandate it is under, with which it ends. Of an office's: who gave it.
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(80))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # What it begins with, so that it is recognised.
    beginning: Mapped[str] = mapped_column(String(12))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    expires_on: Mapped[date]
    issued_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
