"""The pages of people who insure themselves: how it stands, begin, stop."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.auth.forms import ButtonForm
from siweb.auth.pages.fresh_password import missing_factor, refused_password
from siweb.collection.payments.rhythm import choose_rhythm, rhythm_of
from siweb.documents.secret import document_secret
from siweb.flexible.definition import DEFINITION
from siweb.flexible.eligibility import Insured, insured_now, obstacle, offered
from siweb.flexible.facts import join_facts
from siweb.flexible.forms import RhythmForm, SendForm, StopForm
from siweb.flexible.join import JoinRefused, join, start_joining
from siweb.flexible.labels import OBSTACLES, RHYTHMS
from siweb.flexible.paying import paying_of
from siweb.flexible.receipt import SUBJECT
from siweb.flexible.stop import stop
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of
from siweb.rules.calendar.pay_periods import Every
from siweb.web.database import db_session
from siweb.web.language.labels import template_labels
from siweb.wizard.answers import find_draft
from siweb.wizard.draft import DraftState
from siweb.wizard.pages import Case, go_on, show_check, take_check, take_step
from siweb.wizard.progress import CHECK, Progress

blueprint = Blueprint("flexible", __name__, url_prefix="/own-insurance")
template_labels(blueprint, rhythm_words=dict[str, Any](RHYTHMS.items()))


@blueprint.get("")
@signed_in
def show_own_insurance() -> str:
    """Show what I take part in, and what I may begin or stop myself."""
    person, insured = _me(), _insured()
    alone = [each for each in insured if each.is_alone]
    code = obstacle(db_session(), person, on=clock.today())
    return render_template(
        "flexible/own_insurance.html",
        insured=insured,
        alone=alone,
        paying=paying_of(db_session(), person.id, on=clock.today()) if alone else None,
        employed=[each for each in insured if each.employer is not None],
        obstacle=OBSTACLES.get(code or ""),
        may_begin=code is None and _anything_offered(insured),
        form=ButtonForm(),
    )


@blueprint.post("/start")
@signed_in
def start() -> Response:
    """Begin the answers, or go on with them."""
    if obstacle(db_session(), _me(), on=clock.today()) or not _anything_offered(_insured()):
        return redirect(url_for("flexible.show_own_insurance"), 303)
    draft = start_joining(db_session(), visitor().account_id, at=clock.now())
    db_session().commit()
    return go_on(db_session(), _case(draft.subject_id))


@blueprint.route("/join/<reference>/<step>", methods=["GET", "POST"])
@signed_in
def answer_step(reference: str, step: str) -> Any:
    page = take_step(db_session(), _case(reference), step, at=clock.now())
    db_session().commit()
    return page


@blueprint.route("/join/<reference>/check", methods=["GET", "POST"])
@signed_in
def check(reference: str) -> Any:
    """Show every answer before it is sent, and send the answers."""
    case = _case(reference)
    if isinstance(case, Case) and case.facts.names_account:
        form = SendForm()
        return take_check(db_session(), case, form, partial(_prove_and_send, case, form))
    return take_check(db_session(), case, ButtonForm(), _send)


def _prove_and_send(case: Case, form: SendForm, state: Progress) -> Any:
    if (proof := missing_factor()) is not None:
        return proof
    if not form.validate() or refused_password(form) is not None:
        return show_check(db_session(), case, form)
    return _send(state)


def _send(state: Progress) -> Response:
    session = db_session()
    try:
        issued = join(session, state, actor=actor(), at=clock.now(), secret=document_secret())
    except JoinRefused:
        session.rollback()
        flash(_("Something changed meanwhile: see below what you take part in now."))
        return redirect(url_for("flexible.show_own_insurance"), 303)
    session.commit()
    if issued is None:
        return redirect(url_for("flexible.show_own_insurance"), 303)
    flash(_("You are insured from this month on. Keep the receipt."))
    return redirect(url_for("documents.show_document", reference=issued.reference), 303)


@blueprint.route("/payment", methods=["GET", "POST"])
@signed_in
def choose_payment() -> Any:
    """Choose how often I pay, from the next bill on."""
    session, person = db_session(), _me()
    if not any(each.is_alone for each in _insured()):
        return redirect(url_for("flexible.show_own_insurance"), 303)
    form = RhythmForm(data={"every": rhythm_of(session, person.id).value})
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("flexible/payment.html", form=form), status
    chosen = Every(form.every.data)
    is_changed = choose_rhythm(session, person, chosen, actor=actor(), at=clock.now())
    session.commit()
    saved = _("Saved: it applies from your next bill on.")
    flash(saved if is_changed else _("Nothing is changed."))
    return redirect(url_for("flexible.show_own_insurance"), 303)


@blueprint.route("/stop", methods=["GET", "POST"])
@signed_in
def stop_insuring() -> Any:
    """Stop some or all of what I pay alone, from next month on."""
    alone, form, session = [each for each in _insured() if each.is_alone], StopForm(), db_session()
    if not alone:
        return redirect(url_for("flexible.show_own_insurance"), 303)
    form.prepare(alone)
    last_month = month_of(clock.today())
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("flexible/stop.html", form=form, last_month=last_month), status
    issued = stop(
        session,
        _me(),
        form.chosen,
        on=clock.today(),
        actor=actor(),
        at=clock.now(),
        secret=document_secret(),
    )
    session.commit()
    if issued is None:
        return redirect(url_for("flexible.show_own_insurance"), 303)
    flash(_("It ends with this month. Keep the receipt."))
    return redirect(url_for("documents.show_document", reference=issued.reference), 303)


def _me() -> Person:
    return db_session().get_one(Person, visitor().person_id)


def _insured() -> list[Insured]:
    return insured_now(db_session(), visitor().person_id)


def _anything_offered(insured: list[Insured]) -> bool:
    session = db_session()
    packs, on = packs_in_force(session), clock.today()
    return any(offered(packs, each.code, insured, on=on) for each in hosted_regions(session))


def _case(reference: str) -> Case | Response:
    """Return the visitor's open answers, or the way to what became of them."""
    session = db_session()
    draft = find_draft(session, DEFINITION.name, (SUBJECT, reference), visitor().account_id)
    if draft is None:
        abort(404)
    home = url_for("flexible.show_own_insurance")
    facts = join_facts(
        session, visitor().person_id, draft, packs=packs_in_force(session), on=clock.today()
    )
    # Nothing is left to begin: sent before, or an employer began all of it meanwhile.
    if draft.state is DraftState.SUBMITTED or not facts.regions:
        return redirect(home, 303)
    return Case(DEFINITION, draft, facts, lambda name: _address(reference, name), home)


def _address(reference: str, name: str) -> str:
    if name == CHECK:
        return url_for("flexible.check", reference=reference)
    return url_for("flexible.answer_step", reference=reference, step=name)
