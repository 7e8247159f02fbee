"""The pages of helping: who helps me, whom I help, and what I may do for one person."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, helped, signed_in, visitor
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.helping.codes import code_digits, make_code, open_codes, take_code_back, use_code
from siweb.auth.helping.end import end_by_its_people
from siweb.auth.helping.find import Helper, helpers_of
from siweb.auth.helping.helped import Helped, people_helped
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.sign_in.browser import signing_key
from siweb.helping.allowed import REVIEWS
from siweb.helping.forms import GiveForm, UseForm
from siweb.helping.labels import BASES, KINDS, REFUSALS
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import template_labels
from siweb.web.read_once import read_once

blueprint = Blueprint("helping", __name__)
template_labels(blueprint, help_words={"kinds": KINDS, "bases": BASES, "refusals": REFUSALS})


@blueprint.get("/helpers")
@signed_in
def show_helpers() -> str:
    """Show who may do things for me, and for whom I may."""
    session, me = db_session(), visitor()
    codes = open_codes(session, me.person_id, at=clock.now())
    return render_template(
        "helping/helpers.html",
        helpers=own_helpers(),
        is_guarded=any(helper.is_guardian for helper in own_helpers() if helper.is_open),
        codes=[(code, code_digits(signing_key(), code.reference)) for code in codes],
        people=own_people(),
    )


@blueprint.route("/helpers/new", methods=["GET", "POST"])
@signed_in
def give() -> Any:
    """Make a code for a helper; nobody makes one for somebody else."""
    form, today = GiveForm.of(clock.today()), clock.today()

    def make() -> None:
        given = (form.helper_name.data or "", form.chosen(), form.until_on.data)
        by: dict[str, Any] = {"actor": actor(), "on": today, "at": clock.now()}
        make_code(db_session(), *given, key=signing_key(), **by)

    if request.method == "POST" and form.validate() and carried_out(form, make, why):
        flash(_("The code is made. Read it out to your helper: it is good for one day."))
        return redirect(url_for("helping.show_helpers"), 303)
    page = render_template("helping/give.html", form=form)
    return page if request.method == "GET" else (page, 422)


@blueprint.post("/helpers/codes/<reference>/take-back")
@signed_in
def take_back(reference: str) -> Response:
    """Let a code give nothing any more."""
    if not take_code_back(db_session(), reference, visitor().person_id, at=clock.now()):
        abort(404)
    db_session().commit()
    flash(_("Taken back. Nobody can use this code any more."))
    return redirect(url_for("helping.show_helpers"), 303)


@blueprint.route("/helpers/use", methods=["GET", "POST"])
@signed_in
def use() -> Any:
    """Use a code that somebody gave me."""
    form = UseForm()
    if request.method == "GET":
        return render_template("helping/use.html", form=form)
    session = db_session()
    if form.validate():
        by: dict[str, Any] = {"actor": actor(), "on": clock.today(), "at": clock.now()}
        try:
            mandate = use_code(session, form.digits, key=signing_key(), **by)
        except SignInPaused:
            sentence = _("Too many failed attempts. Wait a few minutes and try again.")
            form.form_errors.append(sentence)
        except HelpRefused as refused:
            # Not taken back as other refusals are: a wrong try is counted, or no limit holds.
            session.commit()
            form.show_refusal(refused.code, why(refused))
        else:
            session.commit()
            return redirect(url_for("helping.show_helped", helped=mandate.reference), 303)
    return render_template("helping/use.html", form=form), 422


@blueprint.post("/helpers/<reference>/end")
@signed_in
def end(reference: str) -> Response:
    """End a mandate at once, as the person or as the helper."""
    by: dict[str, Any] = {"actor": actor(), "on": clock.today(), "at": clock.now()}
    try:
        if not end_by_its_people(db_session(), reference, **by):
            abort(404)
    except HelpRefused as refused:
        db_session().rollback()
        flash(why(refused))
    else:
        db_session().commit()
        flash(_("Ended. Both of you are told."))
    return redirect(url_for("helping.show_helpers"), 303)


@blueprint.get("/for/<helped>")
@signed_in
def show_helped() -> str:
    """Show what I may do for one person."""
    found = helped()
    reviews = [kind for kind in KINDS if found is not None and kind in REVIEWS & found.kinds]
    return render_template("helping/helped.html", reviews=reviews)


@blueprint.route("/for/<helped>/not-covered", methods=["GET", "POST"])
@signed_in
def show_not_covered() -> str:
    """Say that the mandate does not hold what a link on a page, or a button, led to."""
    # A button that no template left out sends its form here: it is read by nobody.
    return render_template("helping/not_covered.html")


def own_people() -> list[Helped]:
    """Return whom the visitor may act for."""
    return read_once(_people, visitor().account_id)


def own_helpers() -> list[Helper]:
    """Return who acts or acted for the visitor."""
    return read_once(_helpers, visitor().person_id)


def shown_people() -> tuple[int, ...]:
    """Return whom the page of helpers names, for the access log."""
    found = helped()
    if found is not None:
        return (found.person_id,)
    helpers = (helper.person_id for helper in own_helpers())
    return (*(person.person_id for person in own_people()), *helpers)


def why(refused: Refusal) -> str:
    """Return the sentence for a mandate that is not given."""
    return str(REFUSALS[refused.code]) % refused.facts


def _people(session: Session, account_id: int) -> list[Helped]:
    return people_helped(session, account_id, on=clock.today())


def _helpers(session: Session, person_id: int) -> list[Helper]:
    return list(helpers_of(session, person_id, on=clock.today()))
