"""Second factors of staff: the secret that an authenticator app shares, and the recovery codes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.sealing.columns import Sealed


class SecondFactor(Base):
    """One for an account; who sets up another device replaces it."""

    __tablename__ = "second_factor"
    __table_args__ = (CLUSTERED,)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    # As the app takes it, in base 32; sealed, since whoever reads it makes every code to come.
    secret: Mapped[str] = mapped_column(Sealed())
    # The time step of the newest code that was taken: neither it nor an older one is taken again.
    last_step: Mapped[int]
    set_up_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in once for a lost device; only its digest is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (CLUSTERED,)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None]
