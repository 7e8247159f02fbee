"""Tries to sign in with a wrong password: the owner of the account sees a stranger's by them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class RefusedSignIn(Base):
    """Written with the count of the try, before the password is compared; a fitting one is deleted.

    Of numbers without an account nothing is kept: whoever tries them is nobody's affair.
    """

    __tablename__ = "refused_sign_in"
    __table_args__ = (Index("ix_refused_sign_in_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(80))
    network: Mapped[str] = mapped_column(String(45))
