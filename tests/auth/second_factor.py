"""The authenticator app of a member of staff."""

import re
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.auth.credentials.second_factor.set_up import set_up
from siweb.auth.credentials.second_factor.set_up_code import issue_set_up_code
from siweb.auth.credentials.second_factor.totp import SECONDS, code_of
from siweb.auth.tables.account import Account

SECRET = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"


def code_at(at: datetime, secret: str = SECRET) -> str:
    """What the app shows at a time."""
    return code_of(secret, int(at.timestamp()) // SECONDS)


def give_factor(session: Session, account: Account, *, key: str, at: datetime) -> list[str]:
    """Set up the app for an account; return the recovery codes."""
    return set_up(session, account.id, SECRET, code_at(at), key=key, at=at)


def give_code(session: Session, account: Account, *, key: str, at: datetime) -> str:
    """Return the code by which the owner of an account sets up a first factor."""
    by = Actor(None, None, Channel.COMMAND)
    return issue_set_up_code(session, account.person_id, key=key, actor=by, at=at)


def set_up_by_page(browser: FlaskClient, given: str) -> str:
    """Set up the app by the page that leads there, at the time of the clock; return its secret."""
    page = "/account/second-factor/set-up"
    (shown,) = re.findall(r"<dd>([A-Z2-7 ]{39})</dd>", browser.get(page).text)
    secret = shown.replace(" ", "")
    sent = {"code": code_at(clock.now(), secret), "given": given}
    assert browser.post(page, data=sent).status_code == 200
    return secret
