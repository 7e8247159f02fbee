"""Ask for the second factor before a page of the desk, and once more before what moves money."""

from datetime import timedelta
from typing import cast

from flask import Response, current_app, make_response, redirect, request, session, url_for

from siweb import clock
from siweb.auth.sign_in.browser import settings, signing_key
from siweb.auth.sign_in.seal import seal_post
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.web.database import db_session
from siweb.web.failures.lost_form import typed_fields

# The forms of the desk that do without a fresh proof, by endpoint: every other one asks for it.
ROUTINE_FORMS = "siweb_routine_forms"
# What keeps the files of a form that waits for a proof, and returns the fields that stand for them.
KEEPS_FILES = "siweb_keeps_files"


def missing_proof(me: SignedIn) -> Response | None:
    """Return the way to the proof that a page of the desk needs; None when it is there.

    Every page needs one since the sign-in, a form one of the last minutes unless it is routine.
    """
    if not settings().asks_second_factor:
        return None
    if me.proved_at is not None and (_is_routine() or is_fresh(me)):
        return None
    return ask_for_proof(me)


def is_fresh(me: SignedIn) -> bool:
    """Return whether the second factor was proved in the last minutes."""
    lasts = timedelta(minutes=settings().fresh_proof_minutes)
    # Sharp at the end, as sign-ins are.
    return me.proved_at is not None and clock.now() - me.proved_at < lasts


def ask_for_proof(me: SignedIn) -> Response:
    """Lead to the proof and back; a form that was being sent is kept meanwhile."""
    if request.method in {"GET", "HEAD"}:
        way_back: str | None = request.full_path.rstrip("?")
    else:
        way_back = None
        session["sealed"] = seal_post(
            db_session(),
            me.account_id,
            request.path,
            [*typed_fields(), *current_app.extensions[KEEPS_FILES]()],
            key=signing_key(),
            at=clock.now(),
        )
        db_session().commit()
    target = url_for("auth.prove_factor", next=way_back)
    if request.headers.get("HX-Request") == "true":
        # As without a sign-in: the whole page moves on, not the piece.
        return make_response("", 200, {"HX-Redirect": target})
    return cast("Response", redirect(target, 303))


def _is_routine() -> bool:
    reads = request.method in {"GET", "HEAD"}
    return reads or request.endpoint in current_app.extensions[ROUTINE_FORMS]
