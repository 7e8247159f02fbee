"""Who is signed in, for every room: the one file that knows Flask-Login.

The signed cookie carries a random token. Whose it is, and whether it still counts, is answered by
the room `auth`, which registers its loader and its answer to strangers here: rooms below `auth`
may ask who is there without importing it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, cast

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from werkzeug.wrappers import Response

# The name under which Flask-Login keeps what `get_id` returned.
_COOKIE_FIELD = "_user_id"
_UNKNOWN = object()


class Visitor(Protocol):
    """What the frame of every page asks of whoever is signed in."""

    @property
    def token(self) -> str:
        """The random token that the cookie carries, never the ID number."""

    @property
    def name(self) -> str:
        """The visitor's name, for the head of a printed page."""

    @property
    def id_end(self) -> str:
        """The last four characters of the visitor's ID number, for the same."""

    @property
    def ends_at(self) -> datetime:
        """When the sign-in ends if nothing more is clicked."""


class _Carried(UserMixin):  # type: ignore[misc]
    """A visitor in the form in which Flask-Login carries one through a request."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def get_id(self) -> str:
        return self.visitor.token


_manager = LoginManager()
# The sign-in kept on the server says whether a cookie is still good; a phone that changes its
# network is the same phone.
_manager.session_protection = None
_loaders: list[Callable[[str], Visitor | None]] = []


@_manager.user_loader  # type: ignore[untyped-decorator]
def _whom(_token: str) -> _Carried | None:
    """Let Flask-Login know whom it signs out; it is asked for once, as everywhere."""
    found = who()
    return None if found is None else _Carried(found)


def install(app: Flask) -> None:
    """Let the app read the cookie, and give every template `current_user`."""
    _manager.init_app(app, add_context_processor=False)
    app.context_processor(lambda: {"current_user": who()})


def loader(load: Callable[[str], Visitor | None]) -> None:
    """Register what finds the visitor of a token; None when the sign-in has ended."""
    _loaders[:] = [load]


def answer_to_strangers(answer: Callable[[], Response]) -> None:
    """Register how a page that wants a sign-in answers when there is none."""
    _manager.unauthorized_handler(answer)


def who() -> Visitor | None:
    """Return who is signed in, or None; loaded once for a request."""
    found = g.get("visitor", _UNKNOWN)
    if found is _UNKNOWN:
        # Past Flask-Login's own way, which makes a fingerprint of the browser for each request that
        # nothing here looks at (see `session_protection`).
        token = session.get(_COOKIE_FIELD)
        found = g.visitor = None if token is None else _loaders[-1](token)
    return cast("Visitor | None", found)


def forget_for_now() -> None:
    """Let the rest of this request go on as nobody's: asking who is there has failed once."""
    g.visitor = None


def ask_to_sign_in() -> Any:
    """Return the answer to somebody who is not signed in."""
    return _manager.unauthorized()


def carry(visitor: Visitor) -> None:
    """Put the visitor's token into this browser's cookie."""
    login_user(_Carried(visitor))
    g.visitor = visitor


def forget() -> None:
    """Take the token out of this browser's cookie."""
    logout_user()
    g.visitor = None


def carried_token() -> str | None:
    """Return the token in the cookie, also that of a sign-in which has ended."""
    return session.get(_COOKIE_FIELD)
