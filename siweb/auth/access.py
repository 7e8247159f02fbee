"""Who may open a page: every view is marked with exactly one of these, beside its route."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, g, request

from siweb import clock
from siweb.audit.actor import Actor
from siweb.auth.acting import Acting, find_acting
from siweb.auth.api_tokens import Bearer, find_bearer
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.auth.tables.mandate import MandateKind
from siweb.web.database import db_session
from siweb.web.failures.problems import ApiProblem
from siweb.web.visitor import ask_to_sign_in, who

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a page that anyone may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a page for people who signed in; others are sent to sign in and come back here."""

    @wraps(view)
    def guarded(*args: Any, **values: Any) -> Any:
        if who() is None:
            return ask_to_sign_in()
        return view(*args, **values)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return cast("View", guarded)


def role(name: str) -> Callable[[View], View]:
    """Mark a page for accounts that hold a role; for others it does not exist."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if who() is None:
                return ask_to_sign_in()
            if name not in visitor().roles:
                abort(404)
            return view(*args, **values)

        guarded.access = f"role:{name}"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return mark


def acting_for(kind: str) -> Callable[[View], View]:
    """Mark a page of the employer whose code stands in its address, `<uscc>`.

    Only accounts with a mandate of that kind, or of one that may do more, find it. The view asks
    `acting()` for the employer; `url_for` fills in the code of the pages it leads to.
    """
    needed = MandateKind(kind)

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, uscc: str, **values: Any) -> Any:
            if who() is None:
                return ask_to_sign_in()
            found = find_acting(db_session(), visitor().account_id, uscc, on=clock.today())
            if found is None or not found.kind.covers(needed):
                abort(404)
            g.acting = found
            return view(*args, **values)

        guarded.access = f"acting_for:{kind}"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return mark


def bearer(scope: str) -> Callable[[View], View]:
    """Mark an address for programs with a token of a scope; sign-ins count for nothing there."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
            on, at = clock.today(), clock.now()
            found = None
            if kind.casefold() == "bearer" and secret:
                found = find_bearer(db_session(), secret.strip(), on=on, at=at)
            if found is None:
                raise ApiProblem(
                    401,
                    "token",
                    "Send a token that is in force: Authorization: Bearer siweb_…",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            if scope not in found.scopes:
                raise ApiProblem(403, "scope", f"The token needs the scope “{scope}”.")
            g.bearer = found
            return view(*args, **values)

        guarded.access = f"bearer:{scope}"  # type: ignore[attr-defined]
        return cast("View", guarded)

    return mark


def token_bearer() -> Bearer:
    """Return the token in use; only in views marked `bearer`."""
    return cast("Bearer", g.bearer)


def acting() -> Acting:
    """Return the employer acted for; only in views marked `acting_for`."""
    return cast("Acting", g.acting)


def visitor() -> SignedIn:
    """Return who is signed in; only for views that are not public."""
    return cast("SignedIn", who())


def actor() -> Actor:
    """Return the signed-in visitor as the acting person, with the employer acted for."""
    found = visitor().as_actor()
    employer: Acting | None = g.get("acting")
    return replace(found, on_behalf_of_employer_id=employer.employer_id) if employer else found
