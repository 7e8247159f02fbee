"""Sign in, activate, the account page, open sign-ins, the form that was kept."""

import json
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public, signed_in, visitor
from siweb.auth.credentials.account import change_password
from siweb.auth.credentials.activate import ActivationRefused, activate
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.password import PasswordRefused, check_new_password, password_matches
from siweb.auth.forms import ActivationForm, ButtonForm, ChangePasswordForm, SignInForm
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.authenticate import SignInRefused, sign_in
from siweb.auth.sign_in.seal import open_seal
from siweb.auth.sign_in.sessions import end_sessions, open_sessions
from siweb.auth.sign_in.unauthorized import answer_without_sign_in
from siweb.auth.tables.account import Account
from siweb.auth.tables.sign_in_session import EndReason
from siweb.registry.tables.person import Person
from siweb.web.database import db_session
from siweb.web.language.formats import instant
from siweb.web.views import local_path
from siweb.web.visitor import answer_to_strangers, loader, who

blueprint = Blueprint("auth", __name__)
blueprint.after_app_request(browser.remember_device)
loader(browser.load_signed_in)
answer_to_strangers(answer_without_sign_in)


@blueprint.app_context_processor
def acting_for_whom() -> dict[str, Any]:
    """Give every page the employer acted for, shown under its header."""
    return {"acting": g.get("acting")}


@blueprint.app_url_defaults
def stay_with_the_employer(endpoint: str, values: dict[str, Any]) -> None:
    """Fill in the code of the employer acted for where an address wants one."""
    if "acting" in g and current_app.url_map.is_endpoint_expecting(endpoint, "uscc"):
        values.setdefault("uscc", g.acting.uscc)


@blueprint.get("/sign-in")
@public
def show_sign_in() -> str | Response:
    if who() is not None:
        return redirect(_after_sign_in(), 303)
    return _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@public
def send_sign_in() -> Any:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    at = clock.now()
    try:
        account = sign_in(
            db_session(), browser.attempt(form.id_number.data), form.password.data or "", at=at
        )
    except SignInPaused as paused:
        return _sign_in_page(form, _paused_sentence(paused)), 429
    except SignInRefused:
        db_session().commit()
        sentence = _("ID number and password do not fit together. Check both and try again.")
        return _sign_in_page(form, sentence), 422
    browser.open_browser_session(account, at)
    db_session().commit()
    return redirect(_after_sign_in(), 303)


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate_account() -> Any:
    form = ActivationForm()
    if request.method == "GET":
        return render_template("auth/activate.html", form=form)
    if form.validate():
        at = clock.now()
        try:
            account = activate(
                db_session(),
                browser.attempt(form.id_number.data),
                name=form.name.data or "",
                code=form.code.data or "",
                password=form.new_password.data or "",
                at=at,
            )
        except SignInPaused as paused:
            form.form_errors.append(_paused_sentence(paused))
        except ActivationRefused:
            db_session().commit()
            form.form_errors.append(
                _("Number, name and code do not fit together. Check all three and try again.")
            )
        except PasswordRefused as refused:
            form.new_password.errors = [_password_sentence(refused)]
        else:
            browser.open_browser_session(account, at)
            db_session().commit()
            flash(_("Your account is open."))
            return redirect(_after_sign_in(), 303)
    return render_template("auth/activate.html", form=form), 422


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


@blueprint.get("/account")
@signed_in
def show_account() -> str:
    person = db_session().get_one(Person, visitor().person_id)
    return render_template("auth/account.html", person=person, form=ButtonForm())


@blueprint.get("/account/sign-ins")
@signed_in
def show_sign_ins() -> str:
    found = open_sessions(db_session(), visitor().account_id)
    return render_template("auth/sign_ins.html", sign_ins=found, form=ButtonForm())


@blueprint.post("/account/sign-ins/end")
@signed_in
def end_sign_ins() -> Response:
    me = visitor()
    only = request.form.get("only", type=int)
    ended = end_sessions(
        db_session(),
        me.account_id,
        reason=EndReason.REVOKED,
        at=clock.now(),
        only=only,
        but=None if only else me.session_id,
    )
    if only and not ended:
        abort(404)
    db_session().commit()
    flash(_("Ended. That browser has to sign in again."))
    return redirect(url_for("auth.show_sign_ins"), 303)


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_own_password() -> Any:
    form = ChangePasswordForm()
    if request.method == "GET":
        return render_template("auth/change_password.html", form=form)
    account = db_session().get_one(Account, visitor().account_id)
    if form.validate() and _password_fits(form, account):
        at = clock.now()
        change_password(db_session(), account, form.new_password.data or "", at=at)
        end_sessions(
            db_session(),
            account.id,
            reason=EndReason.PASSWORD_CHANGED,
            at=at,
            but=visitor().session_id,
        )
        db_session().commit()
        flash(_("Your password is changed. Other browsers have to sign in again."))
        return redirect(url_for("auth.show_account"), 303)
    return render_template("auth/change_password.html", form=form), 422


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
def stay_signed_in() -> dict[str, str]:
    """Show a sign of life: the click of somebody who was warned."""
    return {"until": visitor().ends_at.isoformat()}


def _after_sign_in() -> str:
    reference = session.pop("sealed", None)
    if reference and who() is not None:
        found = open_seal(
            db_session(),
            reference,
            visitor().account_id,
            key=browser.signing_key(),
            at=clock.now(),
        )
        if found is not None:
            return url_for("auth.show_kept", reference=reference)
    return local_path(request.args.get("next"), url_for("portal.show_home"))


def _sign_in_page(form: SignInForm, sentence: str | None = None) -> str:
    if sentence:
        form.form_errors.append(sentence)
    return render_template("auth/sign_in.html", form=form, demo_sign_ins=_demo_sign_ins())


def _demo_sign_ins() -> list[dict[str, str]]:
    file = browser.settings().var_dir / "demo_sign_ins.json"
    if not browser.settings().demo or not file.exists():
        return []
    found: list[dict[str, str]] = json.loads(file.read_text("utf-8"))
    return found


def _password_fits(form: ChangePasswordForm, account: Account) -> bool:
    if not password_matches(account.password_hash, form.password.data or ""):
        form.password.errors = [_("This is not your present password.")]
        return False
    id_number = db_session().scalar(select(Person.id_number).where(Person.id == account.person_id))
    try:
        check_new_password(form.new_password.data or "", str(id_number))
    except PasswordRefused as refused:
        form.new_password.errors = [_password_sentence(refused)]
        return False
    return True


def _paused_sentence(paused: SignInPaused) -> str:
    sentence: str = _(
        "Too many failed tries. You can try again at %(time)s. If you forgot the password, ask the "
        "agency for a new one-time code.",
        time=instant(paused.until),
    )
    return sentence


def _password_sentence(refused: PasswordRefused) -> str:
    sentences: dict[str, str] = {
        "too_short": _("This password is too short. Use at least 8 characters."),
        "too_long": _("This password is too long. Use at most 200 characters."),
        "common": _("Many people use this password. Choose another one."),
        "personal": _("This password is part of your ID number. Choose another one."),
    }
    return sentences[refused.code]
