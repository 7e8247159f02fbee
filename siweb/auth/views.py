"""Sign in, activate, the account page, open sign-ins, the form that was kept."""

import json
from collections.abc import Callable
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
from flask_babel import ngettext
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public, signed_in, visitor
from siweb.auth.credentials.account import (
    PresentPasswordWrong,
    replace_password,
    reserve_change,
)
from siweb.auth.credentials.activate import (
    AccountClosed,
    ActivationRefused,
    activate,
    reserve_activation,
)
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.end_access import Ended
from siweb.auth.credentials.password import PasswordRefused
from siweb.auth.forms import ActivationForm, ButtonForm, ChangePasswordForm, SignInForm
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.authenticate import SignInRefused, reserve_sign_in, sign_in
from siweb.auth.sign_in.seal import open_seal
from siweb.auth.sign_in.sessions import end_sessions, open_sessions
from siweb.auth.sign_in.unauthorized import answer_without_sign_in
from siweb.auth.tables.sign_in_session import EndReason
from siweb.registry.tables.person import Person
from siweb.web.database import db_session
from siweb.web.failures.lost_form import show_again
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
    db, at = db_session(), clock.now()
    try:
        reserved = reserve_sign_in(db, browser.attempt(form.id_number.data), at=at)
        # The try must be counted for everybody else before the password is compared.
        db.commit()
        account = sign_in(db, reserved, form.password.data or "", at=at)
    except SignInPaused as paused:
        return _sign_in_page(form, _paused_sentence(paused)), 429
    except SignInRefused:
        sentence = _("ID number and password do not fit together. Check both and try again.")
        return _sign_in_page(form, sentence), 422
    except AccountClosed:
        db.commit()
        return _closed_page()
    browser.open_browser_session(account, at)
    db.commit()
    return redirect(_after_sign_in(), 303)


@blueprint.route("/activate", methods=["GET", "POST"])
@public
def activate_account() -> Any:
    form = ActivationForm()
    if request.method == "GET":
        return render_template("auth/activate.html", form=form)
    return _send_activation(form) if form.validate() else _activation_page(form)


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
        form.form_errors.append(_paused_sentence(paused))
        return _change_page(form, 429)
    except PresentPasswordWrong:
        form.password.errors = [_("This is not your present password.")]
        return _change_page(form)
    except PasswordRefused as refused:
        db.commit()
        form.new_password.errors = [_password_sentence(refused)]
        return _change_page(form)
    db.commit()
    flash(_("Your password is changed."))
    _tell_what_ended(ended)
    return redirect(url_for("auth.show_account"), 303)


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
        form.form_errors.append(_paused_sentence(paused))
        return _activation_page(form, 429)
    except ActivationRefused:
        form.form_errors.append(
            _("Number, name and code do not fit together. Check all three and try again.")
        )
        return _activation_page(form)
    except PasswordRefused as refused:
        db.commit()
        form.new_password.errors = [_password_sentence(refused)]
        return _activation_page(form)
    except AccountClosed:
        db.commit()
        return _closed_page()
    browser.open_browser_session(activated.account, at)
    db.commit()
    flash(_("Your account is open."))
    if activated.ended is not None:
        _tell_what_ended(activated.ended)
    return redirect(_after_sign_in(), 303)


def _again(page: Callable[[Any], Any], form: Any) -> str:
    """Return the page of a form that lost its token, with what was typed but for passwords."""
    form.form_errors.append(
        _("The page was open too long, or the browser lost its cookies. Type the password again.")
    )
    return str(page(form))


def _activation_page(form: ActivationForm, status: int = 422) -> tuple[str, int]:
    return render_template("auth/activate.html", form=form), status


def _change_page(form: ChangePasswordForm, status: int = 422) -> tuple[str, int]:
    return render_template("auth/change_password.html", form=form), status


def _closed_page() -> tuple[str, int]:
    """Say whom to see: only who holds the right password or code gets here."""
    return render_template("auth/closed.html"), 403


def _tell_what_ended(ended: Ended) -> None:
    """Say on the next page what the new password ended, so that a stranger's sign-in is noticed."""
    if ended.sign_ins:
        flash(
            ngettext(
                "%(num)d other sign-in ended: that browser needs the new password.",
                "%(num)d other sign-ins ended: those browsers need the new password.",
                ended.sign_ins,
            )
        )
    if ended.tokens:
        flash(
            ngettext(
                "%(num)d API token of yours ended: issue a new one for your program.",
                "%(num)d API tokens of yours ended: issue new ones for your programs.",
                ended.tokens,
            )
        )


show_again("auth.send_sign_in", lambda: _again(_sign_in_page, SignInForm()))
show_again(
    "auth.activate_account",
    lambda: _again(lambda form: _activation_page(form)[0], ActivationForm()),
)


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


def _paused_sentence(paused: SignInPaused) -> str:
    sentence: str = _(
        "Too many failed tries. You can try again at %(time)s. If you forgot the password, ask the "
        "agency for a new activation code.",
        time=instant(paused.until),
    )
    return sentence


def _password_sentence(refused: PasswordRefused) -> str:
    sentences: dict[str, str] = {
        "too_short": _("This password is too short. Use at least 8 characters."),
        "too_long": _("This password is too long. Use at most 200 characters."),
        "common": _(
            "This is a common password, or one with a little added: it is guessed at once. Choose "
            "another one."
        ),
        "personal": _(
            "This password is part of your ID number, or holds your birth date. Choose another one."
        ),
        "same": _("This is your present password. Choose another one."),
    }
    return sentences[refused.code]
