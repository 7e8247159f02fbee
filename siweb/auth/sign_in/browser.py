"""What the request says of the browser, and the two tokens that it carries."""

import secrets
from datetime import datetime, timedelta

from flask import Response, current_app, request, session

from siweb import clock
from siweb.auth.credentials.attempt import Attempt
from siweb.auth.credentials.keyed_hash import network_of
from siweb.auth.sign_in.sessions import TOUCH, Browser, Limits, find_signed_in, open_session, touch
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.auth.tables.account import Account
from siweb.settings import Settings
from siweb.web.database import db_reader, db_session, note
from siweb.web.visitor import carry, forget

DEVICE_COOKIE = "device"
# Longer than any sign-in: by it its owner is let in while strangers' tries pause the number.
DEVICE_LASTS = timedelta(days=365)
_SYSTEMS = ("HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
_PROGRAMS = ("MicroMessenger", "Alipay", "Edg", "Firefox", "Chrome", "Safari")


def settings() -> Settings:
    """Return the office's settings."""
    found = current_app.extensions["siweb_settings"]
    assert isinstance(found, Settings)
    return found


def signing_key() -> str:
    """Return the key for hashes and seals."""
    return str(current_app.config["SECRET_KEY"])


def limits() -> Limits:
    """Return how long a sign-in lasts."""
    return Limits(
        idle=timedelta(minutes=settings().idle_minutes),
        whole=timedelta(hours=settings().sign_in_hours),
    )


def attempt(id_number: str) -> Attempt:
    """Return who tries to sign in, from where."""
    device = request.cookies.get(DEVICE_COOKIE, "")
    return Attempt(id_number, request.remote_addr or "", device, signing_key(), _device())


def open_browser_session(account: Account, at: datetime) -> None:
    """Sign the browser in under a new token: one from before the sign-in is worth nothing."""
    device_token = request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(24)
    browser = Browser(_device(), network_of(request.remote_addr or ""), device_token)
    token = open_session(db_session(), account.id, browser, limits=limits(), at=at)
    found = find_signed_in(db_reader(), token, limits=limits(), at=at)
    assert found is not None
    # Nothing else of an earlier visitor stays. A sealed form opens for its owner alone.
    kept = {name: session[name] for name in ("recent_cities", "sealed") if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    session["device_token"] = device_token
    carry(found)


def remember_device(response: Response) -> Response:
    """Give a browser that just signed in its long-lived device token."""
    if token := session.pop("device_token", None):
        response.set_cookie(
            DEVICE_COOKIE,
            token,
            max_age=DEVICE_LASTS,
            httponly=True,
            samesite="Lax",
            secure=bool(current_app.config["HTTPS"]),
        )
    return response


def close_browser_session() -> None:
    """Forget the token in this browser."""
    forget()


def load_signed_in(token: str) -> SignedIn | None:
    """Return who holds the cookie's token; note a sign of life once a minute."""
    at = clock.now()
    found = find_signed_in(db_reader(), token, limits=limits(), at=at)
    if found is not None and at - found.last_seen_at > TOUCH:
        note(lambda session: touch(session, found.session_id, at=at))
    return found


def _device() -> str:
    agent = request.user_agent.string
    system = next((name for name in _SYSTEMS if name in agent), "")
    program = next((name for name in _PROGRAMS if name in agent), "")
    # The order of the names decides: every browser says that it is some other one as well.
    return " · ".join(part for part in (system, program) if part) or agent[:40]
