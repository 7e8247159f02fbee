"""One's own bank account: see it, name or change it, take it away."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.auth.pages.fresh_password import missing_factor, refused_password
from siweb.collection.own_accounts.forms import EndAccountForm, OwnAccountForm
from siweb.collection.own_accounts.own_account import (
    end_own_account,
    name_own_account,
    own_account,
)
from siweb.registry.tables.person import Person
from siweb.web.database import db_session

blueprint = Blueprint("own_accounts", __name__, url_prefix="/account/bank-account")


@blueprint.route("", methods=["GET", "POST"])
@signed_in
def name_account() -> Any:
    """Show my account, and name another one: with the password."""
    form = OwnAccountForm()
    if request.method == "GET":
        return _page(form)
    if (proof := missing_factor()) is not None:
        return proof
    if not form.validate():
        return _page(form), 422
    if (status := refused_password(form)) is not None:
        return _page(form), status
    is_changed = name_own_account(
        db_session(),
        _me(),
        form.number.data or "",
        form.bank_name.data or "",
        actor=actor(),
        at=clock.now(),
    )
    db_session().commit()
    saved = _("Saved. The office looks at it before any money goes there.")
    flash(saved if is_changed else _("Nothing is changed."))
    return redirect(url_for("own_accounts.name_account"), 303)


@blueprint.post("/end")
@signed_in
def end_account() -> Any:
    """Take my account away: with the password."""
    form = EndAccountForm(prefix="end-")
    if (proof := missing_factor()) is not None:
        return proof
    if not form.validate():
        return _page(OwnAccountForm(None), form), 422
    if (status := refused_password(form)) is not None:
        return _page(OwnAccountForm(None), form), status
    is_ended = end_own_account(db_session(), _me(), actor=actor(), at=clock.now())
    db_session().commit()
    flash(_("The account is taken away.") if is_ended else _("Nothing is changed."))
    return redirect(url_for("own_accounts.name_account"), 303)


def _me() -> Person:
    return db_session().get_one(Person, visitor().person_id)


def _page(form: OwnAccountForm, ending: EndAccountForm | None = None) -> str:
    return render_template(
        "collection/own_accounts/account.html",
        person=_me(),
        account=own_account(db_session(), visitor().person_id),
        form=form,
        ending=ending or EndAccountForm(None, prefix="end-"),
    )
