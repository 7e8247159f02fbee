"""The account page, and the browsers that are signed in to it."""

from dataclasses import asdict
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.auth.blueprint import blueprint
from siweb.auth.credentials.linked.provider import PROVIDER
from siweb.auth.forms import ButtonForm, OwnContactForm
from siweb.auth.sign_in.sessions import end_sessions, open_sessions
from siweb.auth.tables.sign_in_session import EndReason
from siweb.messages.choice import Choice, choice_of, choose
from siweb.registry.change_contact import Contact, change_contact
from siweb.registry.tables.person import Person
from siweb.web.database import db_session
from siweb.web.language.locale import preferences
from siweb.web.paging import number_sent


@blueprint.get("/account")
@signed_in
def show_account() -> str:
    person = db_session().get_one(Person, visitor().person_id)
    provider = current_app.extensions[PROVIDER]
    return render_template("auth/account.html", person=person, form=ButtonForm(), provider=provider)


@blueprint.route("/account/contact", methods=["GET", "POST"])
@signed_in
def change_own_contact() -> Any:
    """Say how the agency reaches me, at any time of the year."""
    person = db_session().get_one(Person, visitor().person_id)
    by_now = "sms" if person.mobile and not person.email else "email"
    chosen = choice_of(db_session(), person.id) or Choice(preferences().locale, by_now)
    form = OwnContactForm(obj=person, data=asdict(chosen))
    if request.method == "GET":
        return render_template("auth/contact.html", form=form)
    if not form.validate():
        return render_template("auth/contact.html", form=form), 422
    contact = Contact(form.mobile.data or "", form.address.data or "", form.email.data or "")
    choice = Choice(form.language.data or "", form.channel.data or "")
    is_changed = change_contact(db_session(), person, contact, actor=actor(), at=clock.now())
    is_changed |= choose(db_session(), person.id, choice, actor=actor(), at=clock.now())
    db_session().commit()
    flash(_("Saved: the agency reaches you this way.") if is_changed else _("Nothing is changed."))
    return redirect(url_for("auth.show_account"), 303)


@blueprint.get("/account/sign-ins")
@signed_in
def show_sign_ins() -> str:
    found = open_sessions(db_session(), visitor().account_id)
    return render_template("auth/sign_ins.html", sign_ins=found, form=ButtonForm())


@blueprint.post("/account/sign-ins/end")
@signed_in
def end_sign_ins() -> Response:
    me = visitor()
    is_one = "only" in request.form
    # A number that no row has ends no sign-in, rather than all of them.
    ended = end_sessions(
        db_session(),
        me.account_id,
        reason=EndReason.REVOKED,
        at=clock.now(),
        only=(number_sent("only") or 0) if is_one else None,
        # "All others" leaves the browser that asks; one that is named may be this very one.
        but=None if is_one else me.session_id,
    )
    if is_one and not ended:
        abort(404)
    db_session().commit()
    flash(
        ngettext(
            "%(num)d sign-in ended: that browser has to sign in again.",
            "%(num)d sign-ins ended: those browsers have to sign in again.",
            ended,
        )
    )
    return redirect(url_for("auth.show_sign_ins"), 303)
