"""The pages of reviews: what is due, the steps, help for a relative."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, helped, signed_in, visitor, whose
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.sign_in.browser import signing_key
from siweb.documents.secret import document_secret
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.person_keys import is_same_person
from siweb.registry.tables.region import Region
from siweb.reviews import filters
from siweb.reviews.begin.due import due_reviews, may_start
from siweb.reviews.begin.help_relative import HelpRefused, help_relative
from siweb.reviews.begin.question_month import find_month_campaign, question_month
from siweb.reviews.begin.sent import sent_reviews
from siweb.reviews.begin.start import FoundCase, draft_name, start_review
from siweb.reviews.cases.read import read_case
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.forms import ButtonForm, HelpForm
from siweb.reviews.kinds.base_choice import BaseForm
from siweb.reviews.kinds.definitions import definition_for
from siweb.reviews.submit import WindowClosed, submit_review
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tasks.certified import BenefitEnded
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError
from siweb.web.database import db_session
from siweb.web.htmx import wants_piece
from siweb.web.language.formats import day
from siweb.web.paging import number_sent
from siweb.wizard.pages import Case, Page, go_on, show_check, take_check, take_step
from siweb.wizard.progress import CHECK, Progress

blueprint = Blueprint("reviews", __name__)
filters.install(blueprint)


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
    """Begin a review, go on with it, or begin anew while its window is open."""
    session, person_id = db_session(), whose()
    due = may_start(
        session,
        number_sent("campaign") or 0,
        person_id,
        packs=packs_in_force(session),
        on=clock.today(),
    )
    if due is None:
        abort(404)
    review = start_review(session, due.campaign, person_id, actor=actor(), at=clock.now())
    session.commit()
    return redirect(url_for("reviews.resume", reference=review.reference), 303)


@blueprint.route("/reviews/question/<month>", methods=["GET", "POST"])
@signed_in
def question(month: str) -> Any:
    """Question a month from the page that shows it: the record check opens with it ticked."""
    session, person_id = db_session(), whose()
    try:
        parse_month(month)
    except RuleError:
        abort(404)
    due = find_month_campaign(
        session, month, person_id, packs=packs_in_force(session), on=clock.today()
    )
    if request.method == "GET" or due is None:
        return render_template("reviews/question.html", month=month, due=due)
    if due.review is not None and due.review.state.is_waiting:
        return redirect(_case_address(due.review.reference), 303)
    review = question_month(session, due, month, person_id, actor=actor(), at=clock.now())
    session.commit()
    return redirect(url_for("reviews.resume", reference=review.reference), 303)


@blueprint.get("/reviews/<reference>/resume")
@signed_in
def resume(reference: str) -> Response:
    """Go to the first unanswered step."""
    found = _found(reference)
    if found.review.state is not ReviewState.DRAFT or found.draft is None:
        return redirect(_case_address(reference), 303)
    return go_on(db_session(), _case(found))


@blueprint.route("/reviews/<reference>/steps/<step>", methods=["GET", "POST"])
@signed_in
def answer_step(reference: str, step: str) -> Any:
    found = _found(reference)
    if found.review.state is not ReviewState.DRAFT or found.draft is None:
        return redirect(_case_address(reference), 303)
    page = take_step(db_session(), _case(found), step, at=clock.now())
    if request.method == "POST":
        db_session().commit()
    return page


@blueprint.route("/reviews/<reference>/check", methods=["GET", "POST"])
@signed_in
def check(reference: str) -> Any:
    """Show every answer before it is sent, and send the answers."""
    found = _found(reference)
    done = redirect(_case_address(reference), 303)
    if found.review.state is not ReviewState.DRAFT or found.draft is None:
        return done
    case = _case(found)
    form = ButtonForm()

    def send(state: Progress) -> Page:
        try:
            sent = submit_review(
                db_session(),
                case.draft,
                state,
                actor=actor(),
                at=clock.now(),
                secret=document_secret(),
                helper_name=visitor().name if case.facts.by_relative else None,
            )
        except WindowClosed as closed:
            form.form_errors.append(
                _(
                    "The window closed on %(day)s: nothing was sent. Your answers are kept.",
                    day=day(closed.closed_on),
                )
            )
            return show_check(db_session(), case, form)
        except BenefitEnded:
            form.form_errors.append(
                _("The benefit has ended: nothing was sent. If that is wrong, ask the agency.")
            )
            return show_check(db_session(), case, form)
        # Sent before in another window: the page of the case says so by itself.
        if sent:
            db_session().commit()
            flash(_("Sent. Your receipt is below."))
        return done

    return take_check(db_session(), case, form, send)


@blueprint.get("/reviews/<reference>/premium")
@signed_in
def show_premium(reference: str) -> str | Response:
    """Show what a base would cost, as it is chosen and typed: a piece of the step's page."""
    found = _found(reference)
    if found.campaign.kind is not ReviewKind.BASE_CHOICE or found.draft is None:
        abort(404)
    case = _case(found)
    if not wants_piece():
        return redirect(case.address("base"), 303)
    form = BaseForm(request.args, meta={"csrf": False})
    form.prepare(case.facts)
    # For what it finds missing alone: a piece that follows the typing shows no errors.
    form.validate()
    return render_template(
        "reviews/steps/_premium.html",
        preview=form.preview,
        is_demonstration=case.facts.is_demonstration,
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
                packs=packs_in_force(session),
                on=clock.today(),
                at=clock.now(),
            )
        except SignInPaused:
            form.form_errors.append(
                _("Too many failed attempts. Wait a few minutes and try again.")
            )
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
    session = db_session()
    due = due_reviews(session, whose(), packs=packs_in_force(session), on=clock.today())
    person = helped()
    if person is not None:
        due = [found for found in due if person.may(found.campaign.kind.value)]
    here = [found for found in due if region is None or found.region.code == region.code]
    elsewhere = [found for found in due if found not in here]
    shown = {case.id for found in due for case in (found.review, found.earlier) if case}
    earlier = [
        found
        for found in sent_reviews(session, whose())
        if found.Review.id not in shown
        and (person is None or person.may(found.Campaign.kind.value))
    ]
    # Not `here`: that is the page's own address, to which a choice of language leads back.
    return render_template(
        "reviews/due.html", region=region, of_region=here, elsewhere=elsewhere, earlier=earlier
    )


def _found(reference: str) -> FoundCase:
    found = read_case(reference)
    if found is None:
        abort(404)
    return found


def _case(found: FoundCase) -> Case:
    session, review = db_session(), found.review
    by_relative = not is_same_person(session, review.person_id, visitor().person_id)
    in_force = partial(packs_in_force, session)
    facts = ReviewFacts(session, review, found.campaign, clock.today(), in_force, by_relative)
    assert found.draft is not None
    name = draft_name(session, found.campaign, actor(), review)
    return Case(
        definition_for(name, by_other=by_relative),
        found.draft,
        facts,
        lambda name: _step_address(review, name),
        url_for("reviews.show_due"),
    )


def _case_address(reference: str) -> str:
    return url_for("review_cases.show_case", reference=reference)


def _step_address(review: Review, name: str) -> str:
    if name == CHECK:
        return url_for("reviews.check", reference=review.reference)
    return url_for("reviews.answer_step", reference=review.reference, step=name)
