"""Passkeys (WebAuthn): what a device proves its owner by, and what waits for its answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base


class Passkey(Base):
    """A key pair whose secret half never leaves the owner's device."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    # How the device calls it: at most 1,023 bytes (WebAuthn, 4).
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary())
    # What the device counted at its last use; one that does not count says 0 for ever.
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    # Whether it was added as a second factor of staff: one that was only to sign in proves none.
    is_second_factor: Mapped[bool]
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a device is to sign, until it does or some minutes are over."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (CLUSTERED,)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The hash of the sign-in, or of the attempt to sign in, that asked for it.
    bound_to: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime] = mapped_column(index=True)
