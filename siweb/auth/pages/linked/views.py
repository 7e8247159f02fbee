"""Sign in at another provider, link such a sign-in to one's account, and unlink it."""

import hmac
import secrets
from datetime import timedelta
from typing import Any, cast

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public, signed_in, visitor
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.account import PresentPasswordWrong, confirm_password, reserve_change
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.keyed_hash import keyed_hash, line_of
from siweb.auth.credentials.linked.fetch import ProviderFault
from siweb.auth.credentials.linked.links import (
    LinkRefused,
    link,
    means_of,
    own_links,
    sign_in_by_link,
    unlink,
)
from siweb.auth.credentials.linked.provider import PROVIDER, Attempt, Provider
from siweb.auth.credentials.means import tell_of_new_device
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.credentials.throttle import PER_ADDRESS, reserve, take_back
from siweb.auth.forms import ButtonForm, LinkForm
from siweb.auth.pages.answers import after_sign_in, closed_page, paused_sentence
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.proof import ask_for_proof, is_fresh
from siweb.auth.tables.account import Account
from siweb.messages.kinds.sign_in import LINK_USED
from siweb.web.addresses import public_address
from siweb.web.database import db_session
from siweb.web.visitor import who

# The attempt under way, in the browser's signed cookie: the provider's answer is good for it alone.
_ATTEMPT = "linked_attempt"
# Long enough to find the phone that the provider sends its own code to.
_LASTS = timedelta(minutes=10)


@blueprint.get("/sign-in/linked")
@public
def start_linked_sign_in() -> Response:
    """Go to the provider."""
    try:
        return redirect(_way_there(None), 303)
    except ProviderFault as fault:
        return _failed(fault)


@blueprint.get("/sign-in/linked/back")
@public
def finish_linked() -> Any:
    """Come back from the provider: signed in, or with a sign-in to link."""
    provider, kept = _provider(), session.pop(_ATTEMPT, None) or {}
    state = request.args.get("state", "")
    is_ours = hmac.compare_digest(state.encode(), str(kept.get("state", "")).encode())
    if not state or not is_ours or clock.now().timestamp() >= kept["until"]:
        # Or somebody sent a stranger's browser with a code of their own (RFC 6749, 10.12).
        flash(_("This sign-in was begun in another browser or took too long. Begin anew."))
        return redirect(url_for("auth.show_sign_in"), 303)
    if not (code := request.args.get("code", "")):
        flash(_("You were not signed in there. Nothing is changed."))
        return redirect(_way_back(kept), 303)
    try:
        subject = _asked(provider, kept, code)
    except SignInPaused as paused:
        flash(paused_sentence(paused))
        return redirect(_way_back(kept), 303)
    except ProviderFault as fault:
        return _failed(fault)
    return (
        _linked(provider, kept, subject) if kept["sign_in"] else _signed_in(provider, subject, kept)
    )


@blueprint.get("/account/linked")
@signed_in
def show_links() -> str:
    """List what opens the account besides; links of a former provider stay until they are ended."""
    return _list_page(LinkForm())


@blueprint.post("/account/linked")
@signed_in
def begin_link() -> Any:
    """Go to the provider to link a sign-in there: with the password, which a browser knows not."""
    me, form, db, provider = visitor(), LinkForm(), db_session(), _provider()
    if me.is_staff and held_since(db, me.account_id) is not None and not is_fresh(me):
        return ask_for_proof(me)
    if not form.validate():
        return _list_page(form), 422
    try:
        reserved = reserve_change(db, me.account_id, key=browser.signing_key(), at=clock.now())
        # The try counts before the password is compared.
        db.commit()
        confirm_password(db, me.account_id, reserved, form.password.data or "")
        db.commit()
        address = _way_there(me.session_id)
    except SignInPaused as paused:
        form.form_errors.append(paused_sentence(paused))
        return _list_page(form), 429
    except PresentPasswordWrong:
        form.password.errors = [_("This is not your current password.")]
        return _list_page(form), 422
    except ProviderFault as fault:
        return _failed(fault)
    # A page and not a redirect: browsers let no form lead to another's address (form-action).
    return render_template("auth/linked/go.html", address=address, name=provider.name)


@blueprint.post("/account/linked/<int:link_id>/remove")
@signed_in
def remove_link(link_id: int) -> Response:
    db = db_session()
    account = db.get_one(Account, visitor().account_id)
    if not unlink(db, account, link_id, at=clock.now()):
        abort(404)
    db.commit()
    flash(_("Unlinked: it does not open your account any more."))
    return redirect(url_for("auth.show_links"), 303)


def _provider() -> Provider:
    """Return the provider; an office without one has none of these pages."""
    found = current_app.extensions[PROVIDER]
    if found is None:
        abort(404)
    return cast("Provider", found)


def _way_there(sign_in: int | None) -> str:
    """Return where to go; the attempt is this browser's, and to link also this sign-in's."""
    attempt = Attempt(*(secrets.token_urlsafe(32) for _each in range(3)))
    address = _provider().way_there(attempt, _back(), at=clock.now())
    session[_ATTEMPT] = {
        "state": attempt.state,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "sign_in": sign_in,
        # Held here and not in the address: a provider takes only the one address it has registered.
        "next": request.args.get("next"),
        "until": (clock.now() + _LASTS).timestamp(),
    }
    return address


def _back() -> str:
    # The one that is registered with the provider, whatever host the request named.
    return public_address(url_for("auth.finish_linked"))


def _way_back(kept: dict[str, Any]) -> str:
    return url_for("auth.show_links" if kept["sign_in"] else "auth.show_sign_in")


def _asked(provider: Provider, kept: dict[str, Any], code: str) -> str:
    """Ask the provider who came; tries are counted by line, since each makes a thread wait."""
    db, at = db_session(), clock.now()
    line = line_of(request.remote_addr or "")
    who_hash = keyed_hash(browser.signing_key(), "address", line)
    reserve(db, {who_hash: PER_ADDRESS}, at=at)
    db.commit()
    attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
    subject = provider.subject(attempt, code, _back(), at=at)
    take_back(db, who_hash, PER_ADDRESS)
    return subject


def _signed_in(provider: Provider, subject: str, kept: dict[str, Any]) -> Any:
    db, at = db_session(), clock.now()
    try:
        account, linked = sign_in_by_link(db, provider.issuer, subject, at=at)
    except LinkRefused:
        db.commit()
        flash(
            _(
                "This sign-in opens no account here yet. Sign in with your ID number, or open your "
                "account with an activation code; then link it under “My account”."
            )
        )
        return redirect(url_for("auth.show_sign_in"), 303)
    except AccountClosed:
        db.commit()
        return closed_page()
    browser.open_browser_session(account, at)
    means, here = means_of(linked), visitor().session_id
    tell_of_new_device(db, account, means, LINK_USED, here, at=at)
    db.commit()
    return redirect(after_sign_in(kept["next"]), 303)


def _linked(provider: Provider, kept: dict[str, Any], subject: str) -> Response:
    db, at = db_session(), clock.now()
    # Whoever signed in here meanwhile did not type the password that began it.
    if who() is None or visitor().session_id != kept["sign_in"]:
        abort(404)
    try:
        account = db.get_one(Account, visitor().account_id)
        link(db, account, provider.issuer, subject, at=at)
    except LinkRefused:
        flash(
            _(
                "It was not linked: this sign-in opens another account, or another one of this "
                "provider opens yours. Unlink that first."
            )
        )
    else:
        flash(_("Linked: you can sign in with it."))
    db.commit()
    return redirect(url_for("auth.show_links"), 303)


def _failed(fault: ProviderFault) -> Response:
    # What a provider answered wrongly is for whoever runs the office; a person is told what to do.
    current_app.logger.warning("linked sign-in: %s", fault)
    db_session().commit()
    flash(_("Signing in there does not work just now. Sign in with your ID number and password."))
    return redirect(url_for("auth.show_sign_in" if who() is None else "auth.show_links"), 303)


def _list_page(form: LinkForm) -> str:
    return render_template(
        "auth/linked/links.html",
        links=own_links(db_session(), visitor().account_id),
        form=form,
        button=ButtonForm(None),
        provider=current_app.extensions[PROVIDER],
    )
