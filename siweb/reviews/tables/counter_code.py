"""Codes that the counter shows for one case, so that its person goes on with it on their phone."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class CounterCode(Base):
    __tablename__ = "counter_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The code stands in an address, and so in a phone's history: it is kept as its digest alone.
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Also when the counter made another one for the same case: either way it is over.
    used_at: Mapped[datetime | None]
