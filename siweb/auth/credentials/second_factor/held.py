"""Whether somebody has a second factor: an app, or a passkey that was added as one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from siweb.auth.tables.account import Account
from siweb.auth.tables.passkey import Passkey
from siweb.auth.tables.second_factor import SecondFactor


def since(account_id: Any) -> ColumnElement[datetime | None]:
    """Return the column that says since when an account has one; empty without one."""
    app = select(SecondFactor.set_up_at).where(SecondFactor.account_id == account_id)
    passkey = select(func.min(Passkey.added_at)).where(
        Passkey.account_id == account_id, Passkey.is_second_factor.is_(True)
    )
    return func.coalesce(app.scalar_subquery(), passkey.scalar_subquery())


def held_since(session: Session, account_id: int) -> datetime | None:
    """Return since when an account has a second factor; None without one."""
    return session.scalar(select(since(Account.id)).where(Account.id == account_id))
