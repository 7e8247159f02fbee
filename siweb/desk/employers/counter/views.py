"""The counter's pages of employers: register one by its licence, give it its owner."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.desk.employers.counter.actions import make_owner, register_at_counter
from siweb.desk.employers.counter.forms import OwnerForm, RegisterForm
from siweb.desk.subjects import of_employer
from siweb.filings.employers.registration.fields import industry_choices
from siweb.registry.employers.find import find_employer_by_code
from siweb.registry.tables.employer import Employer
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name

blueprint = Blueprint("employer_counter", __name__, url_prefix="/desk/employers")
REFUSALS = {
    "registered": _l("An employer with this code is registered: find it instead."),
    "nobody": _l("The register has nobody with this ID number."),
    "no_account": _l("This person has no account yet: give them an activation code first."),
    "staff": _l("Who works at the agency acts for none of the employers that it serves."),
}


@blueprint.get("/register")
@duty(Function.REGISTRATION)
def show_registration() -> str:
    return render_template("desk/employers/register.html", form=_form())


@blueprint.post("/register")
@duty(Function.REGISTRATION)
def register() -> Any:
    """Register an employer whose licence was shown."""
    form = _form()

    def act() -> None:
        register_at_counter(
            db_session(), form.licence(), actor=actor(), on=clock.today(), at=clock.now()
        )

    if not form.validate() or not carried_out(form, act, _sentence):
        return render_template("desk/employers/register.html", form=form), 422
    flash(_("The employer is registered. Now say who acts for it."))
    return redirect(url_for("employer_counter.show_owner_form", uscc=form.uscc.data), 303)


@blueprint.get("/<uscc>/owner")
@duty(Function.REGISTRATION, of=of_employer)
def show_owner_form(uscc: str) -> str:
    return _owner_page(_found(uscc), OwnerForm(None))


@blueprint.post("/<uscc>/owner")
@duty(Function.REGISTRATION, of=of_employer)
def appoint_owner(uscc: str) -> Any:
    """Let somebody own the employer here: file for it, and let others act."""
    employer, form = _found(uscc), OwnerForm()

    def act() -> None:
        make_owner(
            db_session(),
            employer,
            form.id_number.data,
            form.because.data,
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        )

    if not form.validate() or not carried_out(form, act, _sentence):
        return _owner_page(_found(uscc), form), 422
    flash(_("Done: this person acts for the employer and can let others act."))
    return redirect(url_for("employer_desk.show_employer", uscc=uscc), 303)


def _form() -> RegisterForm:
    form = RegisterForm()
    regions = regions_in(scope(), db_session())
    form.region_code.choices = [(region.code, region_name(region)) for region in regions]
    form.industry_code.choices = industry_choices()
    return form


def _owner_page(employer: Employer, form: OwnerForm) -> str:
    return render_template("desk/employers/owner.html", employer=employer, form=form)


def _found(uscc: str) -> Employer:
    employer = find_employer_by_code(db_session(), uscc)
    if employer is None:
        abort(404)
    return employer


def _sentence(refused: Refusal) -> str:
    return str(REFUSALS[refused.code])
