"""Sign in and out, stay signed in, and the form that was kept meanwhile."""

import json
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public, signed_in, visitor
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.linked.provider import PROVIDER
from siweb.auth.forms import ButtonForm, SignInForm
from siweb.auth.pages.answers import after_sign_in, again, closed_page, paused_sentence
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.authenticate import SignInRefused, reserve_sign_in, sign_in
from siweb.auth.sign_in.seal import open_seal
from siweb.auth.sign_in.sessions import end_sessions
from siweb.auth.tables.sign_in_session import EndReason
from siweb.web.database import db_session
from siweb.web.failures.lost_form import show_again
from siweb.web.visitor import who


@blueprint.get("/sign-in")
@public
def show_sign_in() -> str | Response:
    if who() is not None:
        return redirect(after_sign_in(), 303)
    return _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@public
def send_sign_in() -> Any:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    db, at = db_session(), clock.now()
    try:
        reserved = reserve_sign_in(db, browser.attempt(form.id_number.data), at=at)
        # The try must be counted for everybody else before the password is compared.
        db.commit()
        account = sign_in(db, reserved, form.password.data or "", at=at)
    except SignInPaused as paused:
        return _sign_in_page(form, paused_sentence(paused)), 429
    except SignInRefused:
        # One sentence for all that does not fit: nobody learns which numbers have an account.
        sentence = _("ID number and password do not match. Check both and try again.")
        return _sign_in_page(form, sentence), 422
    except AccountClosed:
        db.commit()
        return closed_page()
    browser.open_browser_session(account, at)
    db.commit()
    return redirect(after_sign_in(), 303)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    me = visitor()
    end_sessions(
        db_session(),
        me.account_id,
        reason=EndReason.SIGNED_OUT,
        at=clock.now(),
        only=me.session_id,
    )
    db_session().commit()
    browser.close_browser_session()
    flash(_("You have signed out."))
    return redirect(url_for("portal.show_home"), 303)


@blueprint.get("/account/kept/<reference>")
@signed_in
def show_kept(reference: str) -> str:
    found = open_seal(
        db_session(),
        reference,
        visitor().account_id,
        key=browser.signing_key(),
        at=clock.now(),
    )
    if found is None:
        abort(404)
    path, fields = found
    return render_template("auth/kept.html", path=path, fields=fields, form=ButtonForm())


@blueprint.get("/account/stay")
@signed_in
def stay_signed_in() -> dict[str, int]:
    """Show a sign of life: the click of somebody who was warned."""
    return {"seconds_left": int((visitor().ends_at - clock.now()).total_seconds())}


def _sign_in_page(form: SignInForm, sentence: str | None = None) -> str:
    if sentence:
        form.form_errors.append(sentence)
    return render_template(
        "auth/sign_in.html",
        form=form,
        demo_sign_ins=_demo_sign_ins(),
        provider=current_app.extensions[PROVIDER],
    )


def _demo_sign_ins() -> list[dict[str, str]]:
    file = browser.settings().var_dir / "demo_sign_ins.json"
    if not browser.settings().demo or not file.exists():
        return []
    found: list[dict[str, str]] = json.loads(file.read_text("utf-8"))
    return found


show_again("auth.send_sign_in", lambda: again(_sign_in_page, SignInForm()))
