"""The desk's pages of reviews: the queue, and one case to decide."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, role
from siweb.desk.reviews.forms import YES, CertificationForm, objections_form
from siweb.documents.secret import document_secret
from siweb.reviews.decide import (
    WaitingReview,
    decide_certification,
    decide_objections,
    find_sent,
    open_objections,
    waiting_reviews,
)
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.campaign import ReviewKind
from siweb.web.database import db_session

blueprint = Blueprint("review_desk", __name__, url_prefix="/desk/reviews")


@blueprint.get("")
@role("staff")
def show_reviews() -> str:
    page = max(1, request.args.get("page", 1, type=int))
    found, has_more = waiting_reviews(db_session(), on=clock.today(), page=page)
    return render_template("desk/reviews/reviews.html", waiting=found, has_more=has_more, page=page)


@blueprint.route("/<reference>", methods=["GET", "POST"])
@role("staff")
def decide(reference: str) -> Any:
    """Show a case with what is to be decided, and decide it."""
    session = db_session()
    found = find_sent(session, reference)
    if found is None:
        abort(404)
    objections = open_objections(session, found.review.id)
    is_certification = found.campaign.kind is ReviewKind.CERTIFICATION
    form = CertificationForm() if is_certification else objections_form(objections)
    is_open = not found.review.state.is_decided
    if request.method == "POST" and is_open and form.validate():
        _decide(found, form, objections)
        session.commit()
        flash(_("Decided. The person reads it on the case's page, with a new receipt."))
        return redirect(url_for("review_desk.show_reviews"), 303)
    page = render_template(
        "desk/reviews/review.html", found=found, objections=objections, form=form, is_open=is_open
    )
    return page if request.method == "GET" or not is_open else (page, 422)


def _decide(found: WaitingReview, form: Any, objections: Any) -> None:
    session, at = db_session(), clock.now()
    facts = ReviewFacts(session, found.review, found.campaign, clock.today())
    secret = document_secret()
    if isinstance(form, CertificationForm):
        decide_certification(
            session,
            facts,
            is_certified=form.verdict.data == YES,
            words=form.words.data or "",
            actor=actor(),
            at=at,
            secret=secret,
        )
        return
    decisions = form.decisions(objections)
    decide_objections(session, facts, decisions, actor=actor(), at=at, secret=secret)
