"""Accounts: the sign-in of a person, keyed to the citizen ID through the person."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class Account(Base):
    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Of each key: somebody registered twice may have two until the registrations are joined.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    # Empty where none may open it before an activation code sets one (`separate_accounts.py`).
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime]
