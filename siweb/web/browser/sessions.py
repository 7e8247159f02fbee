"""The session's cookie, as Flask keeps it: read at each request, and hardly ever written."""

from functools import lru_cache

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin, session_json_serializer

from siweb.web.browser.headers import VARY
from siweb.web.browser.signer import KeptSerializer


class OfficeSessions(SecureCookieSessionInterface):
    """Flask's own, which makes what it reads a cookie with anew for each of them."""

    def get_signing_serializer(self, app: Flask) -> KeptSerializer | None:
        """Return what reads and writes cookies; None without a secret."""
        if not app.secret_key:
            return None
        # The secret that signs stands last; those before it only let older cookies be read.
        return _serializer((*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key), self.salt)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where something in it has changed."""
        # What no cookie is sent for: Flask asks the settings for all its attributes first.
        if session.modified or self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed and response.headers.get("Vary") != VARY:
            response.vary.add("Cookie")


@lru_cache(maxsize=16)
def _serializer(secrets: tuple[str | bytes, ...], salt: str) -> KeptSerializer:
    return KeptSerializer(
        list(secrets),
        salt=salt,
        serializer=session_json_serializer,
        signer_kwargs={"key_derivation": SecureCookieSessionInterface.key_derivation},
    )
