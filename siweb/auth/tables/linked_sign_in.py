"""Sign-ins at another provider (OpenID Connect) that open an account here."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class LinkedSignIn(Base):
    """Who somebody is at a provider: linked by them, signed in here; never by name or mail."""

    __tablename__ = "linked_sign_in"
    __table_args__ = (
        # It opens one account, and an account has one of each provider.
        UniqueConstraint("issuer", "subject_digest"),
        UniqueConstraint("account_id", "issuer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    # A keyed digest: some providers call people by their ID number.
    subject_digest: Mapped[str] = mapped_column(String(64))
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
