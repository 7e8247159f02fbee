"""Set up the second factor, prove it, and make new recovery codes."""

from datetime import datetime
from typing import Any

import segno
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from siweb import clock
from siweb.audit.actor import Actor
from siweb.auth.access import signed_in, visitor
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.passkeys.use import factors_of
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.credentials.second_factor.prove import (
    ProofRefused,
    note_proof,
    prove,
    reserve_proof,
    take_back_proof,
)
from siweb.auth.credentials.second_factor.recovery import codes_left, renew_codes
from siweb.auth.credentials.second_factor.set_up import (
    SetUpRefused,
    note_change,
    require_shown,
    set_up,
)
from siweb.auth.credentials.second_factor.set_up_code import (
    SetUpCodeRefused,
    reserve_code,
    tell_if_spent,
    use_code,
)
from siweb.auth.credentials.second_factor.totp import app_address, pending_secret
from siweb.auth.forms import ButtonForm, FirstSetUpForm, PasskeyForm, ProofForm, SetUpForm
from siweb.auth.pages.answers import way_on
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.proof import ask_for_proof, is_fresh
from siweb.auth.sign_in.relying_party import is_here
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.auth.tables.account import Account
from siweb.auth.tables.second_factor import SecondFactor
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.language.formats import instant
from siweb.web.language.shown_office import office_name

# The secret is read out to somebody who types it, in groups of four.
_GROUP = 4


@blueprint.get("/account/second-factor")
@signed_in
def show_factor() -> str | Response:
    me = _staff()
    since = held_since(db_session(), me.account_id)
    if since is None:
        return redirect(url_for("auth.set_up_factor"), 303)
    left = codes_left(db_session(), me.account_id)
    return render_template(
        "auth/second_factor/factor.html",
        factor=_factor_of(me),
        since=since,
        left=left,
        form=ButtonForm(),
    )


@blueprint.route("/account/second-factor/set-up", methods=["GET", "POST"])
@signed_in
def set_up_factor() -> Any:
    """Let an app read the secret; a code of it proves that it has.

    The first factor wants the code that an administrator gave, each other one a proof of it.
    """
    me = _staff()
    has_factor, factor = _has_factor(me), _factor_of(me)
    form = SetUpForm() if has_factor else FirstSetUpForm()
    if has_factor and not is_fresh(me):
        return ask_for_proof(me)
    replaced = factor.set_up_at.isoformat() if factor else ""
    secret = pending_secret(browser.signing_key(), me.token, replaced)
    if request.method == "GET":
        return _set_up_page(me, form, secret)
    if not form.validate():
        return _set_up_page(me, form, secret), 422
    try:
        codes = _set_up(me, form, secret)
    except (SignInPaused, SetUpCodeRefused, SetUpRefused) as refused:
        status = _say_why(form, refused)
        return _set_up_page(me, form, secret), status
    return codes_page(codes)


@blueprint.route("/account/second-factor/prove", methods=["GET", "POST"])
@signed_in
def prove_factor() -> Any:
    me, form = _staff(), ProofForm()
    if request.method == "GET":
        if not _has_factor(me):
            # Whoever was asked to prove one and has none sets it up, and goes on from there.
            return redirect(url_for("auth.set_up_factor", next=request.args.get("next")), 303)
        return proof_page(form)
    if not form.validate():
        return proof_page(form), 422
    try:
        left = _prove(me, form.code.data or "")
    except SignInPaused as paused:
        form.form_errors.append(_paused(paused))
        return proof_page(form), 429
    except ProofRefused:
        form.code.errors = [
            _("This code is wrong or was used already. Wait for the next one and enter that.")
        ]
        return proof_page(form), 422
    if left is not None:
        _tell_how_many_are_left(left)
    return redirect(way_on(), 303)


@blueprint.post("/account/second-factor/recovery-codes")
@signed_in
def renew_recovery_codes() -> Any:
    me, db = _staff(), db_session()
    if not _has_factor(me):
        abort(404)
    if not is_fresh(me):
        return ask_for_proof(me)
    codes = renew_codes(db, me.account_id, key=browser.signing_key())
    account = db.get_one(Account, me.account_id)
    actor = Actor(account.id, account.person_id)
    note_change(db, account, "second_factor.codes_renewed", actor, clock.now())
    db.commit()
    return codes_page(codes)


def _staff() -> SignedIn:
    """Return the visitor, who holds a function: others have nothing that it would guard."""
    me = visitor()
    if not me.is_staff:
        abort(404)
    return me


def _factor_of(me: SignedIn) -> SecondFactor | None:
    return db_session().get(SecondFactor, me.account_id)


def _has_factor(me: SignedIn) -> bool:
    return held_since(db_session(), me.account_id) is not None


def _set_up(me: SignedIn, form: SetUpForm, secret: str) -> list[str]:
    db, at, typed = db_session(), clock.now(), form.code.data or ""
    if isinstance(form, FirstSetUpForm):
        # The app first: whose phone has a wrong clock spends no try of the given code.
        require_shown(secret, typed, at=at)
        take_given_code(me, form.given.data or "", at=at)
    codes = set_up(db, me.account_id, secret, typed, key=browser.signing_key(), at=at)
    note_proof(db, me.session_id, at=at)
    db.commit()
    return codes


def _say_why(form: Any, refused: Refusal) -> int:
    """Say in the form why nothing was set up, and return the status of the page."""
    if isinstance(refused, SignInPaused):
        form.form_errors.append(_paused(refused))
        return 429
    if isinstance(refused, SetUpCodeRefused):
        form.given.errors = [refused_sentence()]
    else:
        form.code.errors = [
            _("This is not the code that the app should show. Check the clock of your phone.")
        ]
    return 422


def _paused(paused: SignInPaused) -> str:
    sentence: str = _(
        "Too many wrong codes. You can try again at %(time)s.", time=instant(paused.until)
    )
    return sentence


def _prove(me: SignedIn, typed: str) -> int | None:
    db, at, key = db_session(), clock.now(), browser.signing_key()
    reserved = reserve_proof(db, me.account_id, request.remote_addr or "", key=key, at=at)
    # The try must be counted for everybody else before the code is compared.
    db.commit()
    left = prove(
        db,
        me.account_id,
        me.person_id,
        typed,
        reserved,
        sign_in_id=me.session_id,
        key=key,
        at=at,
    )
    db.commit()
    return left


def _set_up_page(me: SignedIn, form: SetUpForm, secret: str) -> str:
    address = app_address(secret, account=me.name, office=office_name())
    typed = " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))
    qr = segno.make(address, error="m", micro=False).svg_data_uri(border=3, light="#fff")
    return render_template("auth/second_factor/set_up.html", form=form, qr=qr, secret=typed)


def proof_page(form: ProofForm) -> str:
    """Ask for the second factor: a code, or a passkey where there is one."""
    return render_template(
        "auth/second_factor/prove.html",
        form=form,
        passkey=PasskeyForm(None),
        can_use=bool(factors_of(db_session(), visitor().account_id)),
        is_here=is_here(),
    )


def codes_page(codes: list[str]) -> str:
    """Show recovery codes, once."""
    return render_template("auth/second_factor/codes.html", codes=codes, way_on=way_on())


def take_given_code(me: SignedIn, typed: str, *, at: datetime) -> None:
    """Use the code up; what is done besides is the caller's to commit.

    Nothing may be pending: the try is committed before the code is compared.

    :raises SignInPaused: after too many failures.
    :raises SetUpCodeRefused: "does_not_fit".
    """
    db, key = db_session(), browser.signing_key()
    reserved = reserve_proof(db, me.account_id, request.remote_addr or "", key=key, at=at)
    try:
        reserve_code(db, me.person_id, at=at)
        db.commit()
        use_code(db, me.person_id, typed, key=key, at=at)
    except SetUpCodeRefused:
        # What was wrong stays counted, and who owns the account hears of the last one.
        tell_if_spent(db, db.get_one(Account, me.account_id), at=at)
        db.commit()
        raise
    take_back_proof(db, reserved)


def refused_sentence() -> str:
    """Return why a set-up code does not do, never which of the reasons it is."""
    sentence: str = _(
        "This set-up code does not match, or is no longer valid. Ask an administrator for a "
        "new one."
    )
    return sentence


def _tell_how_many_are_left(left: int) -> None:
    flash(
        ngettext(
            "%(num)d recovery code is left: make new ones before it is used up.",
            "%(num)d recovery codes are left.",
            left,
        )
    )
