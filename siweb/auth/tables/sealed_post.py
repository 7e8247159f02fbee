"""A form that met an ended sign-in: kept encrypted, finished by the same person."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class SealedPost(Base):
    __tablename__ = "sealed_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[bytes] = mapped_column(LargeBinary())
    sealed_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
