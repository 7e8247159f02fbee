"""Open an account, or set a new password, by a code from the agency."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import public
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.activate import (
    AccountClosed,
    ActivationRefused,
    activate,
    reserve_activation,
)
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.password import PasswordRefused
from siweb.auth.forms import ActivationForm
from siweb.auth.pages.answers import (
    after_sign_in,
    again,
    closed_page,
    password_sentence,
    paused_sentence,
    tell_what_ended,
)
from siweb.auth.sign_in import browser
from siweb.web.database import db_session
from siweb.web.failures.lost_form import show_again


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate_account() -> Any:
    form = ActivationForm()
    if request.method == "GET":
        return render_template("auth/activate.html", form=form)
    return _send_activation(form) if form.validate() else _activation_page(form)


def _send_activation(form: ActivationForm) -> Any:
    db, at, attempt = db_session(), clock.now(), browser.attempt(form.id_number.data)
    try:
        reserve_activation(db, attempt, at=at)
        db.commit()
        activated = activate(
            db,
            attempt,
            name=form.name.data or "",
            code=form.code.data or "",
            password=form.new_password.data or "",
            at=at,
        )
    except SignInPaused as paused:
        form.form_errors.append(paused_sentence(paused))
        return _activation_page(form, 429)
    except ActivationRefused:
        form.form_errors.append(
            # Never which of them: who tries numbers learns nothing.
            _("Number, name and code do not match. Check all three and try again.")
        )
        return _activation_page(form)
    except PasswordRefused as refused:
        # All three fitted: that the try was taken back is kept, and the code stays good.
        db.commit()
        form.new_password.errors = [password_sentence(refused)]
        return _activation_page(form)
    except AccountClosed:
        db.commit()
        return closed_page()
    browser.open_browser_session(activated.account, at)
    db.commit()
    flash(_("Your account is open."))
    if activated.ended is not None:
        tell_what_ended(activated.ended)
    return redirect(after_sign_in(), 303)


def _activation_page(form: ActivationForm, status: int = 422) -> tuple[str, int]:
    return render_template("auth/activate.html", form=form), status


show_again(
    "auth.activate_account",
    lambda: again(lambda form: _activation_page(form)[0], ActivationForm()),
)
