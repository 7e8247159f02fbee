"""The signed cookie and the token of forms: each signature is made and checked once, then known."""

from functools import lru_cache
from typing import Any, cast

from flask import Flask, current_app, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Request

from siweb import clock

# Browsers that are at work at the same time; others are only checked anew.
_KEPT = 4096


class CookieInterface(SecureCookieSessionInterface):
    """Flask's own; the same cookie of a browser that goes from page to page is opened once."""

    def __init__(self, app: Flask) -> None:
        serializer = super().get_signing_serializer(app)
        assert serializer is not None
        self._serializer = serializer
        self._longest = app.permanent_session_lifetime.total_seconds()
        self._name = self.get_cookie_name(app)
        self._opened = lru_cache(maxsize=_KEPT)(self._open)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer of the app's key, which stays what it is."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return what the cookie carries; nothing when it is forged or too old."""
        cookie = request.cookies.get(self._name)
        if not cookie:
            return self.session_class()
        kept, signed_at = self._opened(cookie)
        if not 0 <= clock.now().timestamp() - signed_at <= self._longest:
            return self.session_class()
        # Each request has its own, lists included, and may change it.
        own = {name: list(one) if type(one) is list else one for name, one in kept.items()}
        return self.session_class(own)

    def save_session(self, app: Flask, session: SessionMixin, response: Any) -> None:
        """Send the cookie when something in it changed; every answer varies with it anyway."""
        if session.modified:
            super().save_session(app, session, response)

    def _open(self, cookie: str) -> tuple[dict[str, Any], float]:
        try:
            kept, signed_at = self._serializer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return {}, 0.0
        return kept, signed_at.timestamp()


def install(app: Flask) -> None:
    """Keep what a browser carries in that cookie, and give its forms their token."""
    app.session_interface = CookieInterface(app)
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.context_processor(lambda: {"csrf_token": csrf_token})


def csrf_token() -> str:
    """Return the token of this browser's forms."""
    if "csrf_token" not in g:
        if "csrf_token" not in session:
            return cast("str", generate_csrf())
        g.csrf_token = _signed(current_app.config["SECRET_KEY"], session["csrf_token"])
    return cast("str", g.csrf_token)


@lru_cache(maxsize=_KEPT)
def _signed(_key: str, _token: str) -> str:
    return cast("str", generate_csrf())
