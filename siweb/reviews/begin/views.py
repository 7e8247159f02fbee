"""Where the QR codes of the counter lead: to what is due, or to the case that was begun there."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.begin.counter_codes import CodeRefused, case_of_code, use_counter_code
from siweb.reviews.begin.due import due_reviews
from siweb.reviews.forms import ButtonForm
from siweb.web.database import db_session

blueprint = Blueprint("counter_codes", __name__, url_prefix="/reviews")


@blueprint.get("/now")
@signed_in
def show_now() -> str | Response:
    """Lead from the poster to what is to do: a case that was begun, what is due, or home."""
    session = db_session()
    due = due_reviews(session, visitor().person_id, packs=packs_in_force(session), on=clock.today())
    to_do = [found for found in due if found.is_to_do]
    if not to_do:
        flash(_("No review is due for you now."))
        return redirect(url_for("portal.show_home"), 303)
    # Who stands at the counter came for what was begun there, whatever else is due.
    begun = [found for found in to_do if found.is_started or found.is_from_counter]
    if len(begun) == 1:
        (case,) = begun
        if case.is_from_counter:
            return _page(case.campaign, ButtonForm(), is_own=True)
        assert case.review is not None
        return redirect(url_for("reviews.resume", reference=case.review.reference), 303)
    # An address that is only opened begins nothing: the page has a button for each.
    return redirect(url_for("reviews.show_due"), 303)


@blueprint.route("/counter/<code>", methods=["GET", "POST"])
@signed_in
def go_on(code: str) -> Any:
    """Say which case the code leads to, and go on with it when its button is pressed."""
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            review = use_counter_code(db_session(), code, actor=actor(), at=clock.now())
        except CodeRefused:
            return _page(None, form), 422
        db_session().commit()
        return redirect(url_for("reviews.resume", reference=review.reference), 303)
    campaign = case_of_code(db_session(), code, person_id=visitor().person_id, at=clock.now())
    return _page(campaign, form)


def _page(campaign: Any, form: ButtonForm, *, is_own: bool = False) -> str:
    # By a code its own address goes on; whoever came without one starts as from their list.
    return render_template("reviews/counter.html", campaign=campaign, form=form, is_own=is_own)
