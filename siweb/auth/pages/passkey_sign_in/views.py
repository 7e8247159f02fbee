"""Sign in by a passkey: the account says which ID number it is keyed to."""

import secrets
from typing import Any

from flask import Response, redirect, render_template, request, session
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import public, visitor
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.means import tell_of_new_device
from siweb.auth.credentials.passkeys.answer import read_used
from siweb.auth.credentials.passkeys.challenge import (
    PasskeyRefused,
    Purpose,
    issue_challenge,
    use_challenge,
)
from siweb.auth.credentials.passkeys.own import means_of
from siweb.auth.credentials.passkeys.use import (
    options_to_use,
    reserve_use,
    sign_in_by_passkey,
)
from siweb.auth.forms import PasskeyForm
from siweb.auth.pages.answers import after_sign_in, closed_page, paused_sentence
from siweb.auth.pages.passkeys.views import json_answer
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.relying_party import is_here, relying_party
from siweb.messages.kinds.sign_in import PASSKEY_USED
from siweb.web.database import db_session

# The attempt to sign in, in the browser's signed cookie: a challenge is good for it alone.
_ATTEMPT = "passkey_attempt"


@blueprint.get("/sign-in/passkey")
@public
def show_passkey_sign_in() -> str:
    """Offer to sign in by a passkey."""
    return _page(PasskeyForm())


@blueprint.post("/sign-in/passkey/challenge")
@public
def start_passkey_sign_in() -> Response:
    """Return what the browser asks the device to sign."""
    session[_ATTEMPT] = secrets.token_urlsafe(24)
    db = db_session()
    challenge = issue_challenge(db, Purpose.SIGN_IN, session[_ATTEMPT], at=clock.now())
    db.commit()
    return json_answer(options_to_use(challenge, relying_party(), []))


@blueprint.post("/sign-in/passkey")
@public
def send_passkey_sign_in() -> Any:
    """Sign in by what the device answered."""
    form, db, at = PasskeyForm(), db_session(), clock.now()
    try:
        used = read_used(form.answer.data or "")
        key = browser.signing_key()
        reserved = reserve_use(db, used, request.remote_addr or "", key=key, at=at)
        # The try counts, and the challenge is used up, before the answer is compared.
        use_challenge(db, Purpose.SIGN_IN, session.pop(_ATTEMPT, ""), used.challenge, at=at)
        db.commit()
        account, passkey = sign_in_by_passkey(db, used, reserved, relying_party(), at=at)
    except SignInPaused as paused:
        form.form_errors.append(paused_sentence(paused))
        return _page(form), 429
    except PasskeyRefused:
        db.commit()
        form.form_errors.append(
            _("This passkey does not open an account here. Sign in with your password.")
        )
        return _page(form), 422
    except AccountClosed:
        db.commit()
        return closed_page()
    browser.open_browser_session(account, at)
    means, here = means_of(passkey.id), visitor().session_id
    tell_of_new_device(db, account, means, PASSKEY_USED, here, at=at)
    db.commit()
    return redirect(after_sign_in(), 303)


def _page(form: PasskeyForm) -> str:
    form.answer.data = ""
    return render_template("auth/passkeys/sign_in.html", form=form, is_here=is_here())
