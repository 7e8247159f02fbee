"""The pages of a registration: register, look, change, end."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor, signed_in, visitor
from siweb.filings.employers.labels import risk_in_words
from siweb.filings.employers.mandates.forms import ButtonForm
from siweb.filings.employers.registration.definition import DEFINITION
from siweb.filings.employers.registration.facts import RegistrationFacts
from siweb.filings.employers.registration.forms import CancelForm, ChangeForm
from siweb.filings.employers.registration.labels import FIELDS
from siweb.filings.employers.registration.obstacles import find_obstacles
from siweb.filings.employers.registration.register import (
    SUBJECT,
    send_registration,
    start_registration,
)
from siweb.registry.codes import EmployerStatus
from siweb.registry.employers.change import (
    CHANGEABLE,
    AlreadyRegistered,
    cancel_registration,
    change_employer,
    changes_of,
)
from siweb.registry.employers.industries import read_industries
from siweb.registry.employers.injury_rate import risks_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import month_of
from siweb.web.database import db_session
from siweb.wizard.answers import find_draft
from siweb.wizard.draft import DraftState
from siweb.wizard.pages import Case, go_on, take_check, take_step
from siweb.wizard.progress import CHECK, Progress

blueprint = Blueprint("registration", __name__, url_prefix="/employer")


@blueprint.route("/register", methods=["GET", "POST"])
@signed_in
def start() -> Any:
    if request.method == "GET":
        return render_template("filings/employers/registration/start.html", form=ButtonForm())
    draft = start_registration(db_session(), visitor().account_id, at=clock.now())
    db_session().commit()
    return go_on(db_session(), _case(draft.subject_id))


@blueprint.route("/register/<reference>/<step>", methods=["GET", "POST"])
@signed_in
def answer_step(reference: str, step: str) -> Any:
    page = take_step(db_session(), _case(reference), step, at=clock.now())
    db_session().commit()
    return page


@blueprint.route("/register/<reference>/check", methods=["GET", "POST"])
@signed_in
def check(reference: str) -> Any:
    session, case = db_session(), _case(reference)

    def send(state: Progress) -> Response:
        try:
            employer = send_registration(
                session, state, actor=actor(), on=clock.today(), at=clock.now()
            )
        except AlreadyRegistered:
            session.rollback()
            return redirect(_address(reference, "code"), 303)
        session.commit()
        if employer is None:
            return redirect(url_for("employers.choose"), 303)
        flash(_("The employer is registered. You are its owner here."))
        return redirect(url_for("registration.show", uscc=employer.uscc), 303)

    return take_check(session, case, ButtonForm(), send)


@blueprint.get("/<uscc>/registration")
@acting_for("viewer")
def show() -> str:
    employer = _employer()
    return render_template(
        "filings/employers/registration/registration.html",
        employer=employer,
        industry=read_industries().get(employer.industry_code),
        rate=risk_in_words(risks_of(db_session(), employer).in_month(month_of(clock.today()))),
        changes=changes_of(db_session(), employer.id),
        fields=FIELDS,
    )


@blueprint.route("/<uscc>/registration/change", methods=["GET", "POST"])
@acting_for("owner")
def change() -> Any:
    employer, session = _employer(), db_session()
    form = ChangeForm(obj=employer)
    form.prepare(clock.today())
    if request.method == "GET":
        return render_template("filings/employers/registration/change.html", form=form)
    if employer.status is EmployerStatus.CANCELLED:
        abort(404)
    if not form.validate():
        return render_template("filings/employers/registration/change.html", form=form), 422
    values = {name: form[name].data for name in CHANGEABLE}
    changes = change_employer(
        session,
        employer,
        values,
        happened_on=form.happened_on.data,
        actor=actor(),
        at=clock.now(),
    )
    session.commit()
    flash(_("The change is kept.") if changes else _("Nothing was different."))
    return redirect(url_for("registration.show"), 303)


@blueprint.route("/<uscc>/registration/cancel", methods=["GET", "POST"])
@acting_for("owner")
def cancel() -> Any:
    employer, session = _employer(), db_session()
    found = find_obstacles(session, employer.id, packs=packs_in_force(session), on=clock.today())
    form = CancelForm()
    form.prepare(clock.today())
    page = "filings/employers/registration/cancel.html"
    if request.method == "GET":
        return render_template(page, form=form, found=found)
    # Looked at again when it is sent: a bill may have come since the page was shown.
    if found.any or not form.validate() or employer.status is EmployerStatus.CANCELLED:
        return render_template(page, form=form, found=found), 422
    cancel_registration(
        session, employer, happened_on=form.happened_on.data, actor=actor(), at=clock.now()
    )
    session.commit()
    flash(_("The registration has ended. You can still look at everything."))
    return redirect(url_for("registration.show"), 303)


def _employer() -> Employer:
    return db_session().get_one(Employer, acting().employer_id)


def _case(reference: str) -> Case | Response:
    """Return the visitor's open registration, or the way to what became of it."""
    subject = (SUBJECT, reference)
    draft = find_draft(db_session(), DEFINITION.name, subject, visitor().account_id)
    if draft is None:
        abort(404)
    if draft.state is DraftState.SUBMITTED:
        return redirect(url_for("employers.choose"), 303)
    return Case(
        DEFINITION,
        draft,
        RegistrationFacts(db_session(), draft, packs_in_force(db_session()), clock.today()),
        lambda name: _address(reference, name),
        url_for("employers.choose"),
    )


def _address(reference: str, name: str) -> str:
    if name == CHECK:
        return url_for("registration.check", reference=reference)
    return url_for("registration.answer_step", reference=reference, step=name)
