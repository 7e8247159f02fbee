"""The pages of reviews: what is due, the steps, the case."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.sign_in.browser import signing_key
from siweb.documents.secret import document_secret
from siweb.documents.tables.document import Document
from siweb.registry.tables.region import Region
from siweb.reviews.due import due_reviews, find_campaign
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.forms import ButtonForm, HelpForm
from siweb.reviews.help_relative import HelpRefused, help_relative
from siweb.reviews.kinds import base_choice, certification, record_check
from siweb.reviews.labels import (
    EVENTS,
    KIND_HINTS,
    KINDS,
    OBJECTION_STATES,
    PROBLEMS,
    REASONS,
    SOURCES,
    STATES,
    TONES,
)
from siweb.reviews.start import FoundCase, draft_name, find_case, start_review
from siweb.reviews.submit import submit_review
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState
from siweb.web.database import db_session
from siweb.web.htmx import render_page
from siweb.web.language.labels import template_labels
from siweb.wizard.definition import Definition
from siweb.wizard.pages import Case, check_answers, send_step, show_check, show_step
from siweb.wizard.progress import CHECK

blueprint = Blueprint("reviews", __name__)
DEFINITIONS: dict[str, Definition] = {
    one.name: one
    for one in (
        record_check.DEFINITION,
        base_choice.DEFINITION,
        certification.DEFINITION,
        certification.BY_RELATIVE,
    )
}


# The templates name the states and kinds of reviews.
template_labels(
    blueprint,
    review_words={
        "kinds": KINDS,
        "hints": KIND_HINTS,
        "states": STATES,
        "tones": TONES,
        "reasons": REASONS,
        "problems": PROBLEMS,
        "objections": OBJECTION_STATES,
        "events": EVENTS,
        "sources": SOURCES,
    },
)


@blueprint.get("/reviews")
@signed_in
def show_due() -> str:
    """Show every review that is due for me."""
    return _due_page(None)


@blueprint.get("/cities/<code>/reviews")
@signed_in
def show_due_in_city(code: str) -> str:
    """Show what is due for me in one city, and what is due elsewhere."""
    region = db_session().get(Region, code)
    if region is None:
        abort(404)
    return _due_page(region)


@blueprint.post("/reviews/start")
@signed_in
def start() -> Response:
    session, me = db_session(), visitor()
    campaign = find_campaign(
        session, request.form.get("campaign", 0, type=int), me.person_id, clock.today()
    )
    if campaign is None:
        abort(404)
    review = start_review(session, campaign, me.person_id, actor=actor(), at=clock.now())
    session.commit()
    return redirect(url_for("reviews.resume", reference=review.reference), 303)


@blueprint.get("/reviews/<reference>/resume")
@signed_in
def resume(reference: str) -> Response:
    """Go to the first unanswered step."""
    found = _found(reference)
    if found.review.state is not ReviewState.DRAFT or found.draft is None:
        return redirect(url_for("reviews.show_case", reference=reference), 303)
    case = _case(found)
    return redirect(case.address(case.progress(db_session()).next_name), 303)


@blueprint.route("/reviews/<reference>/steps/<step>", methods=["GET", "POST"])
@signed_in
def answer_step(reference: str, step: str) -> Any:
    found = _found(reference)
    if found.review.state is not ReviewState.DRAFT or found.draft is None:
        return redirect(url_for("reviews.show_case", reference=reference), 303)
    case = _case(found)
    if request.method == "GET":
        return show_step(db_session(), case, step)
    page = send_step(db_session(), case, step, at=clock.now())
    db_session().commit()
    return page


@blueprint.route("/reviews/<reference>/check", methods=["GET", "POST"])
@signed_in
def check(reference: str) -> Any:
    found = _found(reference)
    done = redirect(url_for("reviews.show_case", reference=reference), 303)
    if found.review.state is not ReviewState.DRAFT or found.draft is None:
        return done
    case = _case(found)
    if request.method == "GET":
        return show_check(db_session(), case, ButtonForm())
    state = check_answers(db_session(), case)
    if isinstance(state, Response):
        return state
    me = visitor()
    sent = submit_review(
        db_session(),
        found.draft,
        state,
        actor=actor(),
        at=clock.now(),
        secret=document_secret(),
        helper_name=me.name if case.facts.by_relative else None,
    )
    if sent:
        db_session().commit()
        flash(_("Sent. Your receipt is below."))
    return done


@blueprint.get("/reviews/<reference>")
@signed_in
def show_case(reference: str) -> str | Response:
    found = _found(reference)
    if found.review.state is ReviewState.DRAFT:
        return redirect(url_for("reviews.show_due"), 303)
    session = db_session()
    events = session.scalars(
        select(ReviewEvent).where(ReviewEvent.review_id == found.review.id).order_by(ReviewEvent.id)
    ).all()
    objections = session.scalars(
        select(Objection).where(Objection.review_id == found.review.id).order_by(Objection.id)
    ).all()
    receipt = found.review.document_id
    document = session.get(Document, receipt) if receipt else None
    return render_template(
        "reviews/case.html",
        review=found.review,
        campaign=found.campaign,
        events=events,
        objections=objections,
        document=document,
        is_mine=found.review.person_id == visitor().person_id,
    )


@blueprint.get("/reviews/<reference>/premium")
@signed_in
def show_premium(reference: str) -> str:
    """Show what a base would cost, before it is chosen and as it is typed."""
    found = _found(reference)
    if found.campaign.kind is not ReviewKind.BASE_CHOICE or found.draft is None:
        abort(404)
    case = _case(found)
    form = base_choice.BaseForm(request.args, meta={"csrf": False})
    form.prepare(case.facts)
    form.validate()
    return render_page(
        "reviews/premium.html",
        "reviews/_premium.html",
        form=form,
        preview=form.preview,
        facts=case.facts,
        back=case.address("base"),
    )


@blueprint.route("/reviews/help", methods=["GET", "POST"])
@signed_in
def start_help() -> Any:
    form = HelpForm()
    if request.method == "GET":
        return render_template("reviews/help.html", form=form)
    if form.validate():
        session = db_session()
        try:
            review = help_relative(
                session,
                form.id_number.data,
                form.name.data or "",
                actor=actor(),
                key=signing_key(),
                on=clock.today(),
                at=clock.now(),
            )
        except SignInPaused:
            form.form_errors.append(_("Too many failed tries. Wait some minutes and try again."))
        except HelpRefused:
            session.commit()
            form.form_errors.append(
                _(
                    "No certification is due for a person with this number and name. Compare both "
                    "with the recipient's ID card."
                )
            )
        else:
            session.commit()
            return redirect(url_for("reviews.resume", reference=review.reference), 303)
    return render_template("reviews/help.html", form=form), 422


def _due_page(region: Region | None) -> str:
    due = due_reviews(db_session(), visitor().person_id, on=clock.today())
    here = [one for one in due if region is None or one.region.code == region.code]
    elsewhere = [one for one in due if one not in here]
    return render_template(
        "reviews/due.html", region=region, here=here, elsewhere=elsewhere, form=ButtonForm()
    )


def _found(reference: str) -> FoundCase:
    found = find_case(db_session(), reference, actor())
    if found is None:
        abort(404)
    return found


def _case(found: FoundCase) -> Case:
    review = found.review
    by_relative = review.person_id != visitor().person_id
    facts = ReviewFacts(db_session(), review, found.campaign, clock.today(), by_relative)
    assert found.draft is not None
    return Case(
        DEFINITIONS[draft_name(found.campaign, actor(), review)],
        found.draft,
        facts,
        lambda name: _step_address(review, name),
        url_for("reviews.show_due"),
    )


def _step_address(review: Review, name: str) -> str:
    if name == CHECK:
        return url_for("reviews.check", reference=review.reference)
    return url_for("reviews.answer_step", reference=review.reference, step=name)
