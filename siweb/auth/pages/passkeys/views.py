"""One's own passkeys, and one as the second factor of staff."""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import signed_in, visitor
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.account import PresentPasswordWrong, confirm_password, reserve_change
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.passkeys.answer import read_made, read_used
from siweb.auth.credentials.passkeys.challenge import (
    PasskeyRefused,
    Purpose,
    issue_challenge,
    use_challenge,
)
from siweb.auth.credentials.passkeys.own import (
    RemovalRefused,
    add_passkey,
    name_passkey,
    options_to_add,
    own_passkeys,
    remove_passkey,
)
from siweb.auth.credentials.passkeys.use import factors_of, options_to_use, prove_by_passkey
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.credentials.second_factor.prove import note_proof, reserve_proof
from siweb.auth.credentials.second_factor.recovery import renew_codes
from siweb.auth.credentials.second_factor.set_up import tell_of_set_up
from siweb.auth.credentials.second_factor.set_up_code import SetUpCodeRefused
from siweb.auth.forms import (
    AddPasskeyForm,
    FirstPasskeyForm,
    PasskeyForm,
    PasskeyNameForm,
    ProofForm,
)
from siweb.auth.pages.answers import paused_sentence, way_on
from siweb.auth.pages.second_factor.views import (
    codes_page,
    proof_page,
    refused_sentence,
    take_given_code,
)
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.proof import ask_for_proof, is_fresh
from siweb.auth.sign_in.relying_party import is_here, relying_party
from siweb.auth.tables.account import Account
from siweb.web.database import db_session
from siweb.web.language.formats import instant
from siweb.web.language.shown_office import office_name


@blueprint.get("/account/passkeys")
@signed_in
def show_passkeys() -> str:
    return _list_page()


@blueprint.post("/account/passkeys/challenge")
@signed_in
def start_adding_passkey() -> Response:
    """Return what the browser asks the device to make."""
    me, db, at = visitor(), db_session(), clock.now()
    challenge = issue_challenge(db, Purpose.ADD, me.token, at=at)
    options = options_to_add(
        db,
        me.account_id,
        me.name,
        challenge,
        relying_party(),
        office=office_name(),
        key=browser.signing_key(),
    )
    db.commit()
    return json_answer(options)


@blueprint.route("/account/passkeys/add", methods=["GET", "POST"])
@signed_in
def add_own_passkey() -> Any:
    """Add a passkey: with the password; staff who have a second factor prove that as well.

    Who has none yet enters the code that an administrator gave: this becomes the first.
    """
    me = visitor()
    has_factor = me.is_staff and held_since(db_session(), me.account_id) is not None
    form = FirstPasskeyForm() if me.is_staff and not has_factor else AddPasskeyForm()
    if has_factor and not is_fresh(me):
        return ask_for_proof(me)
    if request.method == "GET":
        return _add_page(form)
    if not form.validate():
        return _add_page(form), 422
    if (status := _refusal(form)) is not None:
        return _add_page(form), status
    if me.is_staff and not has_factor:
        codes = renew_codes(db_session(), me.account_id, key=browser.signing_key())
        account = db_session().get_one(Account, me.account_id)
        tell_of_set_up(db_session(), account, at=clock.now())
        note_proof(db_session(), me.session_id, at=clock.now())
        db_session().commit()
        return codes_page(codes)
    db_session().commit()
    flash(_("The passkey is added: you can sign in with it."))
    return redirect(url_for("auth.show_passkeys"), 303)


@blueprint.post("/account/passkeys/<int:passkey_id>/name")
@signed_in
def name_own_passkey(passkey_id: int) -> Any:
    form = PasskeyNameForm(prefix=f"{passkey_id}-")
    if not form.validate():
        return _list_page(form, passkey_id), 422
    if not name_passkey(db_session(), visitor().account_id, passkey_id, form.name.data or ""):
        abort(404)
    db_session().commit()
    flash(_("Saved."))
    return redirect(url_for("auth.show_passkeys"), 303)


@blueprint.post("/account/passkeys/<int:passkey_id>/remove")
@signed_in
def remove_own_passkey(passkey_id: int) -> Any:
    me, db = visitor(), db_session()
    if me.is_staff and held_since(db, me.account_id) is not None and not is_fresh(me):
        return ask_for_proof(me)
    try:
        account = db.get_one(Account, me.account_id)
        if not remove_passkey(db, account, passkey_id, at=clock.now()):
            abort(404)
    except RemovalRefused:
        flash(_("This is your only second factor: set up another one first."))
    else:
        db.commit()
        flash(_("The passkey is removed. Delete it on your device as well."))
    return redirect(url_for("auth.show_passkeys"), 303)


@blueprint.post("/account/second-factor/passkey/challenge")
@signed_in
def start_proving() -> Response:
    """Return what the browser asks the device to sign."""
    me, db = visitor(), db_session()
    factors = factors_of(db, me.account_id)
    if not factors:
        abort(404)
    challenge = issue_challenge(db, Purpose.PROVE, me.token, at=clock.now())
    db.commit()
    return json_answer(options_to_use(challenge, relying_party(), factors))


@blueprint.post("/account/second-factor/passkey")
@signed_in
def prove_by_own_passkey() -> Any:
    """Prove the second factor by a passkey, which is as good as a code."""
    me, form = visitor(), ProofForm(None)
    if not me.is_staff:
        abort(404)
    try:
        _prove(PasskeyForm().answer.data or "")
    except SignInPaused as paused:
        form.form_errors.append(
            _("Too many wrong codes. You can try again at %(time)s.", time=instant(paused.until))
        )
        return proof_page(form), 429
    except PasskeyRefused:
        # What its owner was told of a refused answer stays.
        db_session().commit()
        form.form_errors.append(_("The device's answer does not match. Try once more."))
        return proof_page(form), 422
    return redirect(way_on(), 303)


def json_answer(options: str) -> Response:
    """Return what the library wrote for the browser."""
    return current_app.response_class(options, mimetype="application/json")


def _refusal(form: AddPasskeyForm) -> int | None:
    """Add the passkey and return None, or say in the form why not and return the status."""
    try:
        _add(form)
    except SignInPaused as paused:
        form.form_errors.append(paused_sentence(paused))
        return 429
    except PresentPasswordWrong:
        form.password.errors = [_("This is not your current password.")]
        return 422
    except PasskeyRefused:
        form.form_errors.append(_("The device's answer does not match. Try once more."))
        return 422
    except SetUpCodeRefused:
        form.given.errors = [refused_sentence()]
        return 422
    return None


def _add(form: AddPasskeyForm) -> None:
    me, db, at = visitor(), db_session(), clock.now()
    made = read_made(form.answer.data or "")
    reserved = reserve_change(db, me.account_id, key=browser.signing_key(), at=at)
    use_challenge(db, Purpose.ADD, me.token, made.challenge, at=at)
    # The try counts, and the challenge is used up, before password and answer are compared.
    db.commit()
    account = confirm_password(db, me.account_id, reserved, form.password.data or "")
    if isinstance(form, FirstPasskeyForm):
        take_given_code(me, form.given.data or "", at=at)
    add_passkey(
        db,
        account,
        made,
        form.name.data or "",
        relying_party(),
        is_second_factor=me.is_staff,
        at=at,
    )


def _prove(typed: str) -> None:
    me, db, at, key = visitor(), db_session(), clock.now(), browser.signing_key()
    used = read_used(typed)
    reserved = reserve_proof(db, me.account_id, request.remote_addr or "", key=key, at=at)
    use_challenge(db, Purpose.PROVE, me.token, used.challenge, at=at)
    db.commit()
    account = db.get_one(Account, me.account_id)
    prove_by_passkey(db, account, used, reserved, relying_party(), sign_in_id=me.session_id, at=at)
    db.commit()


def _add_page(form: AddPasskeyForm) -> str:
    form.answer.data = ""
    return render_template("auth/passkeys/add.html", form=form, is_here=is_here())


def _list_page(form: PasskeyNameForm | None = None, named: int | None = None) -> str:
    """List one's passkeys; the form of the one that was `named` says what is wrong with it."""
    passkeys = own_passkeys(db_session(), visitor().account_id)
    forms = {
        each.id: PasskeyNameForm(None, prefix=f"{each.id}-", name=each.name) for each in passkeys
    }
    if form is not None and named is not None:
        if named not in forms:
            abort(404)
        forms[named] = form
    return render_template(
        "auth/passkeys/passkeys.html", passkeys=passkeys, forms=forms, wrong=form
    )
