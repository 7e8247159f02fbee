"""The desk's pages of reviews: one case to decide."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import actor, duty, subject
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.may_open import may_open
from siweb.desk.reviews.added import added_to
from siweb.desk.reviews.forms import YES, CertificationForm, objections_form
from siweb.desk.subjects import of_review
from siweb.documents.secret import document_secret
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.cases.sent_answers import sent_answers
from siweb.reviews.decide import (
    DecisionRefused,
    decide_certification,
    decide_objections,
    find_sent,
    open_objections,
)
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.campaign import ReviewKind
from siweb.signs.find import signs_of
from siweb.web.database import db_session
from siweb.web.read_once import read_once

blueprint = Blueprint("review_desk", __name__, url_prefix="/desk/reviews")
REFUSALS = {
    "own_case": _l("This is your own case: somebody else decides it."),
    "benefit_ended": _l("The benefit has ended: there is nothing to certify any more."),
}


@blueprint.route("/<reference>", methods=["GET", "POST"])
@duty(Function.REVIEW, of=of_review)
def decide(reference: str) -> Any:
    """Show a case with what is to be decided, and decide it."""
    session = db_session()
    found = read_once(find_sent, reference)
    if found is None:
        abort(404)
    objections = open_objections(session, found.review.id)
    is_certification = found.campaign.kind is ReviewKind.CERTIFICATION
    form = CertificationForm() if is_certification else objections_form(objections)
    is_open = found.review.state.is_waiting
    added = added_to(session, found.review.id)
    facts = ReviewFacts(
        session, found.review, found.campaign, clock.today(), packs_in_force(session)
    )
    if (
        request.method == "POST"
        and is_open
        and form.validate()
        and _is_as_seen(form, added.seen)
        and _decide(facts, form, objections)
    ):
        flash(_("Decided. The person reads it on the case's page, with a new receipt."))
        return redirect(url_for("desk.show_desk", kind="reviews"), 303)
    page = render_template(
        "desk/reviews/review.html",
        found=found,
        objections=objections,
        form=form,
        is_open=is_open,
        seen=added.seen,
        answers=sent_answers(session, facts),
        added=added.words,
        scans=added.scans,
        signs=signs_of(session, found.review.person_id) if is_certification else [],
        may_open=lambda: may_open(session, found.review, subject()),
    )
    return page if request.method == "GET" or not is_open else (page, 422)


def _is_as_seen(form: Any, seen: int) -> bool:
    """Return whether the case still says what the page said: a person may add to it meanwhile."""
    if request.form.get("seen", str(seen)) == str(seen):
        return True
    form.form_errors.append(_("Something happened to this case meanwhile. Read it, then decide."))
    return False


def _decide(facts: ReviewFacts, form: Any, objections: Any) -> bool:
    session, at, secret = db_session(), clock.now(), document_secret()
    try:
        if isinstance(form, CertificationForm):
            is_decided = decide_certification(
                session,
                facts,
                is_certified=form.verdict.data == YES,
                words=form.words.data or "",
                actor=actor(),
                at=at,
                secret=secret,
            )
        else:
            decisions = form.decisions(objections)
            is_decided = decide_objections(
                session, facts, decisions, actor=actor(), at=at, secret=secret
            )
    except DecisionRefused as refused:
        session.rollback()
        form.form_errors.append(REFUSALS[refused.code])
        return False
    if not is_decided:
        session.rollback()
        form.form_errors.append(_("Somebody else decided this case meanwhile."))
        return False
    session.commit()
    return True
