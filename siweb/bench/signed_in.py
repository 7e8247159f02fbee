"""Browsers that are signed in, made without a sign-in page: for measuring only."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from siweb.auth.account import Account
from siweb.auth.browser import limits
from siweb.auth.sessions import Browser, open_session
from siweb.web.database import database


def sign_in_people(app: Flask, people: Iterable[int], *, at: datetime) -> list[str]:
    """Open a sign-in for each person; return their Cookie headers."""
    interface = cast("SecureCookieSessionInterface", app.session_interface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    cookies = []
    with app.app_context(), database().writers() as session:
        for person_id in people:
            account = Account(
                person_id=person_id,
                password_hash="",  # nobody signs in with it
                roles=[],
                created_at=at,
                password_changed_at=at,
            )
            session.add(account)
            session.flush()
            browser = Browser("bench", "127.0.0.0/24", f"device {person_id}")
            token = open_session(session, account.id, browser, limits=limits(), at=at)
            signed = serializer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
            cookies.append(f"{app.config['SESSION_COOKIE_NAME']}={signed}")
        session.commit()
    return cookies
