"""What happens when a page wants a sign-in and there is none, or none any more."""

from typing import Any

from flask import make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.sign_in.browser import signing_key
from siweb.auth.sign_in.seal import seal_post
from siweb.auth.sign_in.sessions import account_of_ended
from siweb.web.database import db_session
from siweb.web.visitor import carried_token


def answer_without_sign_in() -> Response:
    """Send the person to sign in and back; a form that was being sent is kept for its owner."""
    target = url_for("auth.show_sign_in", next=_way_back())
    if request.method == "POST" and (reference := _seal()):
        session["sealed"] = reference
        target = url_for("auth.show_sign_in", kept="yes", next=_way_back())
    if request.headers.get("HX-Request") == "true":
        response = make_response("", 200)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target, 303)


def _way_back() -> str:
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path


def _seal() -> str | None:
    """Keep the form for the account that this browser was signed in to until just now."""
    token = carried_token()
    fields: list[tuple[str, Any]] = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]
    account_id = account_of_ended(db_session(), token) if token else None
    if account_id is None or not fields:
        return None
    reference = seal_post(
        db_session(), account_id, request.path, fields, key=signing_key(), at=clock.now()
    )
    db_session().commit()
    return reference
