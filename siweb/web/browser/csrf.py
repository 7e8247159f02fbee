"""The token of a page's forms: Flask-WTF's own, which looks at what comes back with it."""

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, session
from flask_wtf.csrf import generate_csrf
from itsdangerous.encoding import base64_encode

from siweb.web.browser.signer import KeptSerializer

# Under this name Flask-WTF keeps the token of a page in `g`, and what it proves in the session.
_NAME = "csrf_token"
_SALT = "wtf-csrf-token"


class _Tokens(KeptSerializer):
    def dump_payload(self, obj: Any) -> bytes:
        # Digits by chance grow no shorter, and to try it takes longer than all the rest.
        return base64_encode(self.serializer.dumps(obj).encode())


def csrf_token() -> str:
    """Return the token of the forms of this page, the same for all of them."""
    found = g.get(_NAME)
    if found is None:
        kept = session.get(_NAME)
        if not isinstance(kept, str):
            # A browser without a session: Flask-WTF begins one.
            return str(generate_csrf())
        secret: Any = current_app.secret_key
        found = g.csrf_token = _tokens(secret).dumps(kept)
    return str(found)


def install(app: Flask) -> None:
    """Give the templates their `csrf_token`; called after Flask-WTF has given its own."""
    app.jinja_env.globals[_NAME] = csrf_token
    app.context_processor(lambda: {_NAME: csrf_token})


@lru_cache(maxsize=16)
def _tokens(secret: str | bytes) -> _Tokens:
    return _Tokens(secret, salt=_SALT)
