"""Ask for the password once more, where an open browser alone must not be enough."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import visitor
from siweb.auth.credentials.account import PresentPasswordWrong, confirm_password, reserve_change
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.pages.answers import paused_sentence
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.proof import ask_for_proof, is_fresh
from siweb.web.database import db_session


def refused_password(form: Any) -> int | None:
    """Return None when the form's password is the visitor's; else say why not, and the status.

    The try is counted and committed before it is compared, as that of a sign-in is.
    """
    me, db = visitor(), db_session()
    try:
        reserved = reserve_change(db, me.account_id, key=browser.signing_key(), at=clock.now())
        db.commit()
        confirm_password(db, me.account_id, reserved, form.password.data or "")
    except SignInPaused as paused:
        form.form_errors.append(paused_sentence(paused))
        return 429
    except PresentPasswordWrong:
        form.password.errors = [_("This is not your current password.")]
        return 422
    return None


def missing_factor() -> Response | None:
    """Return the way to the second factor where the visitor has one and did not just prove it."""
    me = visitor()
    # Only staff have one: a citizen has the password, and the desk's look before money moves.
    if me.is_staff and held_since(db_session(), me.account_id) is not None and not is_fresh(me):
        return ask_for_proof(me)
    return None
