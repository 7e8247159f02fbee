"""What happens when a page wants a sign-in and there is none, or none any more."""

from http import HTTPStatus

from flask import make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.sign_in.browser import signing_key
from siweb.auth.sign_in.seal import seal_post
from siweb.auth.sign_in.sessions import account_of_ended
from siweb.web.database import db_session
from siweb.web.failures.lost_form import typed_fields, typed_page
from siweb.web.visitor import carried_token


def answer_without_sign_in() -> Response:
    """Send the person to sign in and back; a form that was being sent is kept.

    For its owner, where the cookie says who that was; in the page itself otherwise.
    """
    target = url_for("auth.show_sign_in", next=_way_back())
    is_piece = request.headers.get("HX-Request") == "true"
    if request.method == "POST":
        if reference := _seal():
            session["sealed"] = reference
            target = url_for("auth.show_sign_in", kept="yes", next=_way_back())
        elif not is_piece and (page := typed_page()) is not None:
            # The cookie is gone as well: nobody knows whose it is, so it stays in this browser.
            return make_response(page, HTTPStatus.UNAUTHORIZED)
    if is_piece:
        # A redirect would be followed by the script itself, and the sign-in page land in the piece.
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
    fields = typed_fields()
    account_id = account_of_ended(db_session(), token, at=clock.now()) if token else None
    if account_id is None or not fields:
        return None
    reference = seal_post(
        db_session(), account_id, request.path, fields, key=signing_key(), at=clock.now()
    )
    db_session().commit()
    return reference
