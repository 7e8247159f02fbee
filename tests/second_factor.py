"""The authenticator app of a member of staff."""

import re
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from siweb import clock
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


def set_up_by_page(browser: FlaskClient) -> None:
    """Set up the app by the page that leads there, at the time of the clock."""
    page = "/account/second-factor/set-up"
    (secret,) = re.findall(r"<dd>([A-Z2-7 ]{39})</dd>", browser.get(page).text)
    code = code_at(clock.now(), secret.replace(" ", ""))
    assert browser.post(page, data={"code": code}).status_code == 200
