"""Codes that an administrator gives a member of staff, to set up their first second factor."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class SetUpCode(Base):
    """Only a digest is kept; of a person's codes one is open at most."""

    __tablename__ = "set_up_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The person's and not the account's: it is given with the appointment, before there is one.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    # None when the command that opens the office gave it.
    issued_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Counted before each comparison: after some the code is worth nothing.
    tries: Mapped[int]
    used_at: Mapped[datetime | None]
