"""The pages on which somebody complains, and reads the answer."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor
from siweb.complaints.find import own_complaint, own_complaints
from siweb.complaints.forms import ComplaintForm
from siweb.complaints.labels import KINDS, OUTCOMES, REFUSALS, STATES, TONES
from siweb.complaints.lodge import ComplaintRefused, lodge, take_back
from siweb.complaints.tables.complaint import Complaint
from siweb.evidence.attach import Matter, attach
from siweb.evidence.find import scans_of
from siweb.evidence.labels import REFUSALS as SCAN_REFUSALS
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.file_store import file_store
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.formats import day
from siweb.web.language.labels import template_labels

blueprint = Blueprint("complaints", __name__, url_prefix="/complaints")
template_labels(
    blueprint,
    complaint_words={"kinds": KINDS, "states": STATES, "tones": TONES, "outcomes": OUTCOMES},
)


@blueprint.get("")
@signed_in
def show_complaints() -> str:
    found = own_complaints(db_session(), visitor().person_id)
    return render_template("complaints/complaints.html", complaints=found)


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
def complain() -> Any:
    """Take a complaint in; its sender learns the number and the last day to answer."""
    form = ComplaintForm()
    lodged: list[Complaint] = []

    def send() -> None:
        session, packs = db_session(), packs_in_force(db_session())
        by: dict[str, Any] = {
            "packs": packs,
            "actor": actor(),
            "on": clock.today(),
            "at": clock.now(),
        }
        complaint = lodge(session, visitor().person_id, form.facts(), **by)
        matter = Matter(complaint_id=complaint.id)
        attach(session, file_store(), form.scans.data, matter, actor=actor(), at=clock.now())
        lodged.append(complaint)

    if request.method == "POST" and form.validate() and carried_out(form, send, _why):
        [complaint] = lodged
        named = {"number": complaint.reference, "day": day(complaint.answer_by)}
        flash(_("Your number is %(number)s. The agency answers by %(day)s.", **named))
        address = url_for("complaints.show_complaint", reference=complaint.reference)
        return redirect(address, 303)
    page = render_template("complaints/complain.html", form=form)
    return page if request.method == "GET" else (page, 422)


@blueprint.get("/<reference>")
@signed_in
def show_complaint(reference: str) -> str:
    complaint = _own(reference)
    return render_template(
        "complaints/complaint.html",
        complaint=complaint,
        scans=scans_of(db_session(), Matter(complaint_id=complaint.id)),
        me=visitor().account_id,
    )


@blueprint.post("/<reference>/withdraw")
@signed_in
def withdraw(reference: str) -> Response:
    """Take a complaint back that nobody answered yet."""
    session = db_session()
    try:
        take_back(session, _own(reference), actor=actor(), at=clock.now())
    except ComplaintRefused as refused:
        session.rollback()
        flash(_why(refused))
    else:
        session.commit()
        flash(_("Taken back. Nobody answers it any more."))
    return redirect(url_for("complaints.show_complaint", reference=reference), 303)


def _why(refused: Refusal) -> str:
    return str({**SCAN_REFUSALS, **REFUSALS}[refused.code])


def _own(reference: str) -> Complaint:
    found = own_complaint(db_session(), visitor().person_id, reference)
    if found is None:
        abort(404)
    return found
