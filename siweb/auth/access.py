"""Who may open a page: every view is marked with exactly one of these, beside its route."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort
from flask_login import current_user

from siweb.audit.actor import Actor
from siweb.auth.signed_in import SignedIn
from siweb.extensions import login_manager

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a page that anyone may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a page for people who signed in; others are sent to sign in and come back here."""

    @wraps(view)
    def guarded(*args: Any, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return login_manager.unauthorized()
        return view(*args, **values)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return cast("View", guarded)


def role(name: str) -> Callable[[View], View]:
    """Mark a page for accounts that hold a role; for others it does not exist."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if not current_user.is_authenticated:
                return login_manager.unauthorized()
            if name not in visitor().roles:
                abort(404)
            return view(*args, **values)

        guarded.access = f"role:{name}"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return mark


def visitor() -> SignedIn:
    """Return who is signed in; only for views that are not public."""
    return cast("SignedIn", current_user)


def actor() -> Actor:
    """Return the signed-in visitor as the acting person."""
    return visitor().as_actor()
