"""Sign a test's browser in without walking through the sign-in page."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.credentials.account import create_account
from siweb.auth.sign_in.sessions import Browser, Limits, open_session
from siweb.auth.tables.account import Account
from siweb.registry.tables.person import Person

LIMITS = Limits(idle=timedelta(hours=1), whole=timedelta(hours=8))


def sign_in(
    client: FlaskClient, session: Session, person: Person, roles: tuple[str, ...] = ()
) -> None:
    """Open a sign-in of the person, whose account is made when there is none yet."""
    at = clock.now()
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        account = create_account(session, person.id, "correct horse battery", roles, at=at)
    account.roles = list(roles) or account.roles
    browser = Browser("test", "127.0.0.0/24", f"device of account {account.id}")
    token = open_session(session, account.id, browser, limits=LIMITS, at=at)
    session.commit()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
        kept["_fresh"] = True
