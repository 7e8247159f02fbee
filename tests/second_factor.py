"""The authenticator app of a member of staff."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.auth.credentials.second_factor.set_up import set_up
from siweb.auth.credentials.second_factor.totp import SECONDS, code_of
from siweb.auth.tables.account import Account

SECRET = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"


def code_at(at: datetime, secret: str = SECRET) -> str:
    """What the app shows at a time."""
    return code_of(secret, int(at.timestamp()) // SECONDS)


def give_factor(session: Session, account: Account, *, key: str, at: datetime) -> list[str]:
    """Set up the app for an account; return the recovery codes."""
    return set_up(session, account.id, SECRET, code_at(at), key=key, at=at)
