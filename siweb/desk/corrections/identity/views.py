"""The desk's page on which who a person is is corrected: looked at first, then sent."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.find import identities_of
from siweb.collection.corrections.identity.replace_number import former_numbers
from siweb.collection.corrections.identity.shown import parts_in_words
from siweb.collection.tables.record_correction import IdentityBasis
from siweb.desk.checking.send import SENT, doing_now, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.corrections.identity.actions import (
    CORRECT_IDENTITY,
    change_of,
    identity_subject,
    lines_of,
)
from siweb.desk.corrections.identity.forms import IdentityForm
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.tasks.two_person_action import Difference
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

blueprint = Blueprint("identity_desk", __name__, url_prefix="/desk/identity")


@blueprint.get("/<int:person_id>")
@duty(Function.REGISTRATION, of=of_person)
def show_form(person_id: int) -> str:
    person, form = _person(person_id), IdentityForm(None)
    form.fill_in(person)
    return _page(person, form)


@blueprint.post("/<int:person_id>/preview")
@duty(Function.REGISTRATION, of=of_person)
def preview(person_id: int) -> Any:
    """Show everything that the correction would touch; nothing is sent."""
    person, form = _person(person_id), IdentityForm()
    lines = _tried(person, form) if form.validate() else None
    if lines is None:
        return _page(_person(person_id), form), 422
    return _page(person, form, lines)


@blueprint.post("/<int:person_id>/correct")
@duty(Function.REGISTRATION, of=of_person)
def correct_identity(person_id: int) -> Any:
    """Send a correction to be checked, with all that it touches."""
    person, form = _person(person_id), IdentityForm()
    if not form.validate() or not carried_out(form, lambda: _send(person, form), _sentence):
        return _page(_person(person_id), form), 422
    flash(str(SENT))
    return redirect(url_for("identity_desk.show_form", person_id=person_id), 303)


def _change(person: Person, form: IdentityForm) -> dict[str, Any]:
    session, basis = db_session(), IdentityBasis(form.basis.data)
    doing = doing_now(packs_in_force(session))
    return change_of(session, person, form.right(person), basis, doing)


def _send(person: Person, form: IdentityForm) -> None:
    send_to_check(
        CORRECT_IDENTITY,
        identity_subject(person.id),
        _change(person, form),
        form.paper.data,
        region_code=person.region_code,
        person_id=person.id,
        packs=packs_in_force(db_session()),
        scans=form.scans.data,
    )


def _tried(person: Person, form: IdentityForm) -> list[Difference] | None:
    try:
        return lines_of(_change(person, form), is_masked=False)
    except Refusal as refused:
        form.show_refusal(refused.code, _sentence(refused))
        return None


def _sentence(refused: Refusal) -> str:
    return why(refused, CORRECT_IDENTITY)


def _page(person: Person, form: IdentityForm, lines: list[Difference] | None = None) -> str:
    return render_template(
        "desk/corrections/identity.html",
        person=person,
        earlier=former_numbers(db_session(), person.id),
        form=form,
        changes=[(line.label, line.before, line.after) for line in lines or ()],
        waiting=waiting_about(identity_subject(person.id), CORRECT_IDENTITY),
        corrected=identities_of(db_session(), person.id),
        parts_in_words=parts_in_words,
    )


def _person(person_id: int) -> Person:
    return standing_person(person_id, "identity_desk.show_form")
