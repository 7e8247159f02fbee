"""Open an account, and set its password."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.password import hash_password
from siweb.auth.tables.account import Account


def create_account(
    session: Session, person_id: int, password: str, roles: tuple[str, ...] = (), *, at: datetime
) -> Account:
    """Return a new account of a person."""
    account = Account(
        person_id=person_id,
        password_hash=hash_password(password),
        roles=list(roles),
        created_at=at,
        password_changed_at=at,
    )
    session.add(account)
    session.flush()
    return account


def change_password(session: Session, account: Account, password: str, *, at: datetime) -> None:
    """Set a new password."""
    account.password_hash = hash_password(password)
    account.password_changed_at = at
    record_activity(
        session,
        "account.password_changed",
        actor=Actor(account.id, account.person_id),
        at=at,
        subject=("account", account.id),
        person_id=account.person_id,
    )
