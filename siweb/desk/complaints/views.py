"""The desk's pages of complaints: one complaint and its answer."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty, subject
from siweb.auth.tables.appointment import Function
from siweb.collection.assessments.labels import REFUSALS as REPORT_REFUSALS
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.complaints.answer import answer, name_employer, take_up
from siweb.complaints.find import Found, find_complaint
from siweb.complaints.labels import REFUSALS
from siweb.complaints.tables.complaint import Outcome
from siweb.desk.checking.may_open import may_open
from siweb.desk.complaints.forms import AnswerForm
from siweb.desk.employers.forms import EmployerForm
from siweb.desk.subjects import of_complaint
from siweb.evidence.attach import Matter
from siweb.evidence.find import scans_of
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.read_once import read_once

blueprint = Blueprint("complaint_desk", __name__, url_prefix="/desk/complaints")


@blueprint.route("/<reference>", methods=["GET", "POST"])
@duty(Function.REVIEW, of=of_complaint)
def show_complaint(reference: str) -> Any:
    """Show a complaint, and answer it."""
    found, form = _found(reference), AnswerForm()

    def send() -> None:
        session = db_session()
        answer(
            session,
            found.complaint,
            Outcome(form.outcome.data),
            form.words.data or "",
            handed_on_to=form.handed_on_to.data or "",
            actor=actor(),
            at=clock.now(),
        )

    if request.method == "POST" and form.validate():
        if carried_out(form, send, _why):
            flash(_("Answered. The sender reads it, with what can be done against it."))
            return redirect(url_for("complaint_desk.show_complaint", reference=reference), 303)
        found = _found(reference)
    page = _page(found, form)
    return page if request.method == "GET" else (page, 422)


@blueprint.post("/<reference>/employer")
@duty(Function.REVIEW, of=of_complaint)
def set_employer(reference: str) -> Any:
    """Say which employer a complaint means."""
    found, form = _found(reference), EmployerForm()
    was_found: list[bool] = []

    def name() -> None:
        named, complaint = form.employer.data or "", found.complaint
        done = name_employer(db_session(), complaint, named, actor=actor(), at=clock.now())
        was_found.append(done)

    if form.validate() and carried_out(form, name, _why):
        if was_found == [True]:
            return redirect(url_for("complaint_desk.show_complaint", reference=reference), 303)
        form.employer.errors = [_("The register has no such employer, or several of that name.")]
    return _page(_found(reference), AnswerForm(None), named=form), 422


@blueprint.post("/<reference>/take-up")
@duty(Function.REVIEW, of=of_complaint)
def take_one_up(reference: str) -> Any:
    """Make a report of a missing registration of it: a case may come of that."""
    found, form = _found(reference), PageForm()

    def make() -> None:
        take_up(db_session(), found.complaint, actor=actor(), at=clock.now())

    if carried_out(form, make, _why):
        flash(_("It waits among the reports of missing registrations."))
        return redirect(url_for("complaint_desk.show_complaint", reference=reference), 303)
    return _page(_found(reference), AnswerForm(None), taking_up=form), 422


def _why(refused: Refusal) -> str:
    words = REPORT_REFUSALS if isinstance(refused, AssessmentRefused) else REFUSALS
    return str(words[refused.code])


def _page(
    found: Found,
    form: AnswerForm,
    *,
    named: EmployerForm | None = None,
    taking_up: PageForm | None = None,
) -> str:
    return render_template(
        "desk/complaints/complaint.html",
        found=found,
        complaint=found.complaint,
        form=form,
        named=named or EmployerForm(None),
        taking_up=taking_up or PageForm(None),
        on=clock.today(),
        scans=scans_of(db_session(), Matter(complaint_id=found.complaint.id)),
        may_open=lambda: may_open(db_session(), found.complaint, subject()),
    )


def _found(reference: str) -> Found:
    found = read_once(find_complaint, reference)
    if found is None:
        abort(404)
    return found
