"""Forms that move money: sent twice, they are one action, and the second answer says so.

A person clicks twice, a browser sends a form again, a connection breaks after the office acted.
The page gives each of its forms a key; whoever sends it claims the key in the transaction of
the action, so that what was refused may be sent again.
"""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, flash, redirect, request
from flask_babel import gettext as _

from siweb import clock
from siweb.audit.form_key import claim_form
from siweb.auth.access import visitor
from siweb.web.database import db_session

FIELD = "form_key"
View = TypeVar("View", bound=Callable[..., Any])
MONEY_FORMS: dict[str, Callable[..., Any]] = {}
"""Every view behind a form that moves money, by its module and name; a test walks them."""


def once(view: View) -> View:
    """Mark a view behind a form that moves money; put it below `role`, above the function."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        session = db_session()
        if claim_form(session, _key(), at=clock.now()):
            return view(**values)
        session.rollback()
        flash(_("This was done already; nothing was done twice."))
        # The page above: the address of a form only takes it.
        return redirect(request.path.rpartition("/")[0], 303)

    MONEY_FORMS[f"{view.__module__}.{view.__name__}"] = guarded
    return cast("View", guarded)


def new_form_key() -> str:
    """Return the key of a form that is shown now."""
    return secrets.token_urlsafe(18)


def install(app: Flask) -> None:
    """Let templates give their forms a key."""
    app.jinja_env.globals["new_form_key"] = new_form_key


def _key() -> str:
    """Return what a sending of a form is claimed by.

    One that came without a key, from a program, is known by its whole content: word for word
    the same on one day is the same.
    """
    given = request.form.get(FIELD, "")[:100]
    content = f"{clock.today()} {sorted(request.form.items(multi=True))}"
    # Whose form and where to are part of it: a key that somebody copied claims nothing of others.
    parts = (str(visitor().account_id), request.path, given or content)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
