"""Change the password."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import signed_in, visitor
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.account import (
    PresentPasswordWrong,
    replace_password,
    reserve_change,
)
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.password import PasswordRefused
from siweb.auth.forms import ChangePasswordForm
from siweb.auth.pages.answers import again, password_sentence, paused_sentence, tell_what_ended
from siweb.auth.sign_in import browser
from siweb.web.database import db_session
from siweb.web.failures.lost_form import show_again
from siweb.web.visitor import who


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_own_password() -> Any:
    form = ChangePasswordForm()
    if request.method == "GET":
        return render_template("auth/change_password.html", form=form)
    if not form.validate():
        return _change_page(form)
    db, me, at = db_session(), visitor(), clock.now()
    try:
        reserved = reserve_change(db, me.account_id, key=browser.signing_key(), at=at)
        db.commit()
        ended = replace_password(
            db,
            me.account_id,
            reserved,
            present=form.password.data or "",
            new=form.new_password.data or "",
            sign_in_id=me.session_id,
            at=at,
        )
    except SignInPaused as paused:
        form.form_errors.append(paused_sentence(paused))
        return _change_page(form, 429)
    except PresentPasswordWrong:
        form.password.errors = [_("This is not your current password.")]
        return _change_page(form)
    except PasswordRefused as refused:
        # The present password was right: that the try was taken back is kept.
        db.commit()
        form.new_password.errors = [password_sentence(refused)]
        return _change_page(form)
    db.commit()
    flash(_("Your password is changed."))
    tell_what_ended(ended)
    return redirect(url_for("auth.show_account"), 303)


def _change_page(form: ChangePasswordForm, status: int = 422) -> tuple[str, int]:
    return render_template("auth/change_password.html", form=form), status


def _page_again() -> str | None:
    """Return the page after a lost token; None without a sign-in: nothing typed may be kept."""
    if who() is None:
        return None
    return again(lambda form: _change_page(form)[0], ChangePasswordForm())


show_again("auth.change_own_password", _page_again)
