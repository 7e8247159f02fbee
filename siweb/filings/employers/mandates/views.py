"""The pages of mandates; only an owner finds them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.mandates import (
    GrantRefused,
    LastOwner,
    grant_mandate,
    mandates_of,
    revoke_mandate,
)
from siweb.auth.sign_in.browser import signing_key
from siweb.auth.tables.mandate import MandateKind
from siweb.filings.employers.mandates.forms import GrantForm
from siweb.filings.employers.mandates.labels import KIND_HINTS, KINDS, STAFF
from siweb.web.database import db_session
from siweb.web.language.labels import template_labels

blueprint = Blueprint("mandates", __name__, url_prefix="/employer/<uscc>/mandates")


# The templates name the states and kinds of mandates.
template_labels(blueprint, mandate_words={"kinds": KINDS, "hints": KIND_HINTS})


@blueprint.get("")
@acting_for("owner")
def show_mandates() -> str:
    return render_template(
        "filings/employers/mandates/mandates.html",
        holders=mandates_of(db_session(), acting().employer_id),
        today=clock.today(),
    )


@blueprint.route("/grant", methods=["GET", "POST"])
@acting_for("owner")
def grant() -> Any:
    form = GrantForm()
    form.prepare(clock.today())
    if request.method == "GET":
        return render_template("filings/employers/mandates/grant.html", form=form)
    if form.validate() and _granted(form):
        flash(_("%(name)s may now act for this employer.", name=form.name.data))
        return redirect(url_for("mandates.show_mandates"), 303)
    return render_template("filings/employers/mandates/grant.html", form=form), 422


@blueprint.post("/<int:mandate_id>/revoke")
@acting_for("owner")
def revoke(mandate_id: int) -> Response:
    session = db_session()
    try:
        ended = revoke_mandate(
            session,
            acting().employer_id,
            mandate_id,
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        )
    except LastOwner:
        flash(_last_owner_sentence())
        return redirect(url_for("mandates.show_mandates"), 303)
    if not ended:
        abort(404)
    session.commit()
    flash(_("Ended. This person can no longer act for the employer."))
    return (
        redirect(url_for("employers.choose"), 303)
        if _is_out()
        else redirect(url_for("mandates.show_mandates"), 303)
    )


def _is_out() -> bool:
    """Return whether the owner just ended their own mandate."""
    on, me = clock.today(), actor().account_id
    return not any(
        entry.mandate.account_id == me and entry.mandate.is_in_force(on)
        for entry in mandates_of(db_session(), acting().employer_id)
    )


def _granted(form: GrantForm) -> bool:
    session = db_session()
    try:
        grant_mandate(
            session,
            acting().employer_id,
            form.id_number.data,
            form.name.data or "",
            MandateKind(form.kind.data),
            actor=actor(),
            key=signing_key(),
            on=clock.today(),
            at=clock.now(),
            until_on=form.until_on.data,
        )
    except SignInPaused:
        form.form_errors.append(_("Too many failed attempts. Wait a few minutes and try again."))
    except GrantRefused as refused:
        # Both fitted where it is one of the staff: no try is counted.
        if refused.code != "staff":
            session.commit()
        form.show_refusal(refused.code, _grant_sentence(refused))
    except LastOwner:
        form.form_errors.append(_last_owner_sentence())
    else:
        session.commit()
        return True
    return False


def _grant_sentence(refused: GrantRefused) -> str:
    if refused.code == "staff":
        return str(STAFF)
    sentence: str = _(
        "Nobody else with this number and name has an account here. Compare both with the "
        "ID card; the person opens an account first."
    )
    return sentence


def _last_owner_sentence() -> str:
    sentence: str = _("An employer keeps at least one owner. Make somebody else owner first.")
    return sentence
