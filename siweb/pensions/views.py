"""The pages on which somebody sees the coming pension, applies and follows the decision."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.auth.forms import ButtonForm
from siweb.documents.secret import document_secret
from siweb.documents.tables.document import Document
from siweb.ledgers.benefits.withdrawn import standing_withdrawal
from siweb.pensions.apply import (
    SUBJECT,
    ApplicationRefused,
    apply_for_pension,
    may_apply,
    start_application,
    waiting_application,
    withdraw,
)
from siweb.pensions.compare import compare, figure_lines
from siweb.pensions.definition import DEFINITION, card_end
from siweb.pensions.eligibility import drawing_of, eligibility
from siweb.pensions.facts import ApplicationFacts, decision_period
from siweb.pensions.figures import count_of, work_out
from siweb.pensions.find import own_application, own_applications
from siweb.pensions.labels import OBSTACLES, REFUSALS, STATES, TONES
from siweb.pensions.place import place_sentences
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.pensions.what_if import last_base, outlooks_of, window_of
from siweb.pensions.what_if_form import WhatIfForm
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.web.database import db_session
from siweb.web.language.explanations import working_days_text
from siweb.web.language.labels import template_labels
from siweb.wizard.answers import find_draft
from siweb.wizard.draft import DraftState
from siweb.wizard.pages import Case, go_on, take_check, take_step
from siweb.wizard.progress import CHECK, Progress

blueprint = Blueprint("pensions", __name__, url_prefix="/pension")
template_labels(blueprint, pension_words={"states": STATES, "tones": TONES})


@blueprint.get("")
@signed_in
def show_pension() -> str:
    """Show when I may draw a pension, about how much, what is missing, and what I applied for."""
    session, person, on = db_session(), _me(), clock.today()
    packs = packs_in_force(session)
    able = eligibility(person, drawing_of(session, person), packs, on=on)
    counted, applications = count_of(session, person), own_applications(session, person.id)
    waiting = next((each for each in applications if each.state is ApplicationState.SENT), None)
    code = may_apply(able, counted, waiting)
    first = able.months[0] if able.months else None
    if first is None and able.retirement is not None:
        first = able.retirement.retirement_month
    # Nothing is missing for what is drawn: the page leads to it.
    draws = able.obstacle == "draws"
    figures = None if draws else first and work_out(person, counted, first, packs=packs, on=on)
    return render_template(
        "pensions/pension.html",
        draws=draws,
        retirement=None if draws else able.retirement,
        figures=figures,
        lines=figure_lines(figures.as_dict()) if figures else (),
        place=place_sentences(figures.place) if figures else (),
        obstacle=OBSTACLES.get(code or ""),
        may_begin=code is None,
        # Who may apply belongs to a region with figures.
        decision_length=None
        if code is not None
        else working_days_text(decision_period(packs, person.region_code, on).length),
        applications=applications,
        form=ButtonForm(),
    )


@blueprint.get("/what-if")
@signed_in
def show_what_if() -> tuple[str, int]:
    """Show what a pension would come to, by base, last year of paying and first month."""
    session, person, on = db_session(), _me(), clock.today()
    packs = packs_in_force(session)
    able = eligibility(person, drawing_of(session, person), packs, on=on)
    # Whoever draws one, or belongs elsewhere, has nothing to look ahead to here.
    window = window_of(able, on) if able.obstacle in (None, "too_early") else None
    form, asked, outlooks = WhatIfForm(request.args), None, []
    counted, is_asked = count_of(session, person), bool(request.args)
    base_fen = last_base(counted)
    if window is not None and (is_asked or base_fen is not None):
        asked = form.plan(window, base_fen, on.year)
        outlooks = outlooks_of(person, counted, asked, window, packs=packs, on=on)
    page = render_template(
        "pensions/what_if.html",
        obstacle=OBSTACLES.get(able.obstacle or ""),
        window=window,
        form=form,
        base_fen=base_fen,
        this_year=on.year,
        outlook=outlooks[0] if outlooks else None,
        others=outlooks[1:],
        lines=figure_lines(outlooks[0].figures.as_dict()) if outlooks else (),
    )
    return page, 422 if is_asked and window is not None and asked is None else 200


@blueprint.post("/start")
@signed_in
def start() -> Response:
    """Begin the answers, or go on with them."""
    session, person, on = db_session(), _me(), clock.today()
    able = eligibility(person, drawing_of(session, person), packs_in_force(session), on=on)
    waiting = waiting_application(session, person.id)
    if may_apply(able, count_of(session, person), waiting) is not None:
        return redirect(url_for("pensions.show_pension"), 303)
    draft = start_application(session, visitor().account_id, at=clock.now())
    session.commit()
    return go_on(session, _case(draft.subject_id))


@blueprint.route("/apply/<reference>/<step>", methods=["GET", "POST"])
@signed_in
def answer_step(reference: str, step: str) -> Any:
    page = take_step(db_session(), _case(reference), step, at=clock.now())
    db_session().commit()
    return page


@blueprint.route("/apply/<reference>/check", methods=["GET", "POST"])
@signed_in
def check(reference: str) -> Any:
    """Show every answer before it is sent, and send the application."""
    return take_check(db_session(), _case(reference), ButtonForm(), _send)


def _send(state: Progress) -> Response:
    session = db_session()
    try:
        sent = apply_for_pension(
            session, state, actor=actor(), at=clock.now(), secret=document_secret()
        )
    except ApplicationRefused as refused:
        session.rollback()
        flash(str(OBSTACLES[refused.code]))
        return redirect(url_for("pensions.show_pension"), 303)
    session.commit()
    if sent is None:
        return redirect(url_for("pensions.show_pension"), 303)
    flash(_("Sent. The agency decides by the day below."))
    return redirect(url_for("pensions.show_application", reference=sent.reference), 303)


@blueprint.get("/applications/<reference>")
@signed_in
def show_application(reference: str) -> str:
    """Show what happened to an application and what is next."""
    application = _own(reference)
    document = application.document_id and db_session().get(Document, application.document_id)
    return render_template(
        "pensions/application.html",
        application=application,
        card=card_end(application.bank_card),
        document=document,
        undue=application.benefit_id and standing_withdrawal(db_session(), application.benefit_id),
        compared=compare(application.estimate, application.decided) if application.decided else (),
        place=place_sentences((application.decided or application.estimate).get("place")),
        form=ButtonForm(),
    )


@blueprint.post("/applications/<reference>/withdraw")
@signed_in
def withdraw_application(reference: str) -> Response:
    """Withdraw an application that nobody decided yet."""
    session = db_session()
    try:
        withdraw(session, _own(reference), actor=actor(), at=clock.now())
    except ApplicationRefused as refused:
        session.rollback()
        flash(str(REFUSALS[refused.code]))
    else:
        session.commit()
        flash(_("Withdrawn. You may apply again at any time."))
    return redirect(url_for("pensions.show_application", reference=reference), 303)


def _me() -> Person:
    return db_session().get_one(Person, visitor().person_id)


def _own(reference: str) -> PensionApplication:
    found = own_application(db_session(), visitor().person_id, reference)
    if found is None:
        abort(404)
    return found


def _case(reference: str) -> Case | Response:
    """Return the visitor's open answers, or the way to what became of them."""
    session = db_session()
    draft = find_draft(session, DEFINITION.name, (SUBJECT, reference), visitor().account_id)
    if draft is None:
        abort(404)
    home = url_for("pensions.show_pension")
    facts = ApplicationFacts(session, _me(), draft, packs_in_force(session), clock.today())
    if draft.state is DraftState.SUBMITTED or facts.eligibility.obstacle is not None:
        return redirect(home, 303)
    return Case(DEFINITION, draft, facts, lambda name: _address(reference, name), home)


def _address(reference: str, name: str) -> str:
    if name == CHECK:
        return url_for("pensions.check", reference=reference)
    return url_for("pensions.answer_step", reference=reference, step=name)
