"""The pages on which somebody applies for a transfer, and follows it step by step."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.auth.forms import ButtonForm
from siweb.documents.secret import document_secret
from siweb.documents.tables.document import Document
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.transfers.apply import (
    TransferRefused,
    apply_for_transfer,
    may_apply,
    open_transfer,
    start_transfer,
    withdraw,
)
from siweb.transfers.definition import DEFINITION
from siweb.transfers.eligibility import eligibility
from siweb.transfers.facts import TransferFacts
from siweb.transfers.find import events_of, own_transfer, own_transfers
from siweb.transfers.labels import DIRECTIONS, NEXT, OBSTACLES, REFUSALS, STATES, TONES
from siweb.transfers.steps import NOTHING_MOVED, STEPS, SUBJECT, StepRefused, step_period
from siweb.transfers.tables.pension_transfer import PensionTransfer
from siweb.web.database import db_session
from siweb.web.language.explanations import working_days_text
from siweb.web.language.labels import template_labels
from siweb.wizard.answers import find_draft
from siweb.wizard.draft import DraftState
from siweb.wizard.pages import Case, go_on, take_check, take_step
from siweb.wizard.progress import CHECK, Progress

blueprint = Blueprint("transfers", __name__, url_prefix="/transfer")
template_labels(
    blueprint,
    transfer_words={"states": STATES, "tones": TONES, "directions": DIRECTIONS, "next": NEXT},
)


@blueprint.get("")
@signed_in
def show_transfers() -> str:
    """Show what would move, what is under way, and how to apply."""
    session, person = db_session(), _me()
    transfers, able = own_transfers(session, person.id), eligibility(session, person)
    waiting = next((each for each in transfers if each.due_on is not None), None)
    code = may_apply(able, waiting)
    step = step_period(packs_in_force(session), person.region_code, clock.today()).length
    return render_template(
        "transfers/transfers.html",
        able=able,
        transfers=transfers,
        waiting=waiting,
        obstacle=OBSTACLES.get(code or ""),
        may_begin=code is None,
        step_length=working_days_text(step),
        all_length=working_days_text(step * STEPS),
        form=ButtonForm(),
    )


@blueprint.post("/start")
@signed_in
def start() -> Response:
    """Begin the answers, or go on with them."""
    session, person = db_session(), _me()
    if may_apply(eligibility(session, person), open_transfer(session, person.id)) is not None:
        return redirect(url_for("transfers.show_transfers"), 303)
    draft = start_transfer(session, visitor().account_id, at=clock.now())
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
        sent = apply_for_transfer(
            session,
            state,
            packs=packs_in_force(session),
            actor=actor(),
            at=clock.now(),
            secret=document_secret(),
        )
    except TransferRefused as refused:
        session.rollback()
        flash(str(OBSTACLES[refused.code]))
        return redirect(url_for("transfers.show_transfers"), 303)
    session.commit()
    if sent is None:
        return redirect(url_for("transfers.show_transfers"), 303)
    flash(_("Sent. Below you see each step when it is taken."))
    return redirect(url_for("transfers.show_transfer", reference=sent.reference), 303)


@blueprint.get("/<reference>")
@signed_in
def show_transfer(reference: str) -> str:
    """Show what happened to a transfer and what is next."""
    session, transfer = db_session(), _own(reference)
    document = transfer.document_id and session.get(Document, transfer.document_id)
    return render_template(
        "transfers/transfer.html",
        transfer=transfer,
        events=events_of(session, transfer),
        may_withdraw=transfer.state in NOTHING_MOVED,
        document=document,
        form=ButtonForm(),
    )


@blueprint.post("/<reference>/withdraw")
@signed_in
def withdraw_transfer(reference: str) -> Response:
    """Withdraw a transfer of which nothing has moved."""
    session = db_session()
    try:
        withdraw(
            session,
            _own(reference),
            packs=packs_in_force(session),
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        )
    except StepRefused as refused:
        session.rollback()
        flash(str(REFUSALS[refused.code]))
    else:
        session.commit()
        flash(_("Withdrawn. You may apply again at any time."))
    return redirect(url_for("transfers.show_transfer", reference=reference), 303)


def _me() -> Person:
    return db_session().get_one(Person, visitor().person_id)


def _own(reference: str) -> PensionTransfer:
    found = own_transfer(db_session(), visitor().person_id, reference)
    if found is None:
        abort(404)
    return found


def _case(reference: str) -> Case | Response:
    """Return the visitor's open answers, or the way to what became of them."""
    session = db_session()
    draft = find_draft(session, DEFINITION.name, (SUBJECT, reference), visitor().account_id)
    if draft is None:
        abort(404)
    home = url_for("transfers.show_transfers")
    facts = TransferFacts(session, _me(), draft, clock.today())
    if draft.state is DraftState.SUBMITTED or not facts.eligibility.directions:
        return redirect(home, 303)
    return Case(DEFINITION, draft, facts, lambda name: _address(reference, name), home)


def _address(reference: str, name: str) -> str:
    if name == CHECK:
        return url_for("transfers.check", reference=reference)
    return url_for("transfers.answer_step", reference=reference, step=name)
