"""Mandates (授权): the right of one account to act for an employer, from one day to another."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class MandateKind(StrEnum):
    """What may be done; each kind may do what the kinds before it may."""

    VIEWER = "viewer"
    FILER = "filer"
    OWNER = "owner"

    def covers(self, needed: "MandateKind") -> bool:
        """Return whether this kind may do what the other may."""
        # The order of their definition is what counts: each holds those above it.
        kinds = list(MandateKind)
        return kinds.index(self) >= kinds.index(needed)


class Mandate(Base):
    """Never changed but by its end: another kind or time is another row."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="until_after_from"),
        Index("ix_mandate_employer", "employer_id", "granted_at"),
        # One mandate of an account for an employer at a time.
        Index(
            "uq_mandate_open",
            "account_id",
            "employer_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    kind: Mapped[MandateKind] = mapped_column(word(MandateKind, "kind"))
    from_on: Mapped[date]
    # The last day; without an end while None.
    until_on: Mapped[date | None]
    # None when the office itself granted it: with the registration, or at the desk.
    granted_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    def is_in_force(self, on: date) -> bool:
        """Return whether it holds on a day."""
        started = self.revoked_at is None and self.from_on <= on
        return started and (self.until_on is None or self.until_on >= on)
