"""The desk's page on which two registrations are separated: looked at first, then sent."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for

from siweb import clock
from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.merging.apart import Apart, lines_of_apart
from siweb.desk.checking.send import SENT, doing_now, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.corrections.merging.labels import REFUSALS
from siweb.desk.corrections.separating.actions import (
    SEPARATE_REGISTRATIONS,
    separating_subject,
    try_separating,
)
from siweb.desk.corrections.separating.forms import SeparatingForm
from siweb.desk.people.pages.cases import cases_of_person
from siweb.desk.subjects import of_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

blueprint = Blueprint("separating_desk", __name__, url_prefix="/desk/merging")


@blueprint.get("/<int:person_id>/separate")
@duty(Function.REGISTRATION, of=of_person)
def show_separation(person_id: int) -> str:
    return _page(_alias(person_id), SeparatingForm(None))


@blueprint.post("/<int:person_id>/separate/preview")
@duty(Function.REGISTRATION, of=of_person)
def preview(person_id: int) -> Any:
    """Show everything that separating a joined registration would change; nothing is sent."""
    form = SeparatingForm()
    try:
        apart = _tried(_alias(person_id)) if form.validate() else None
    except Refusal as refused:
        form.show_refusal(refused.code, _sentence(refused))
        apart = None
    if apart is None:
        return _page(_alias(person_id), form), 422
    return _page(_alias(person_id), form, apart)


@blueprint.post("/<int:person_id>/separate")
@duty(Function.REGISTRATION, of=of_person)
def separate(person_id: int) -> Any:
    """Send it to be checked, with all that it changes."""
    alias, form = _alias(person_id), SeparatingForm()
    standing = alias.person_id
    if not form.validate() or not carried_out(form, lambda: _send(alias, form), _sentence):
        return _page(_alias(person_id), form), 422
    flash(str(SENT))
    return redirect(url_for("merging_desk.show_form", person_id=standing), 303)


def _send(alias: PersonAlias, form: SeparatingForm) -> None:
    session = db_session()
    packs = packs_in_force(session)
    send_to_check(
        SEPARATE_REGISTRATIONS,
        separating_subject(alias.former_id),
        _tried(alias).as_dict(),
        form.paper.data,
        region_code=session.get_one(Person, alias.person_id).region_code,
        person_id=alias.person_id,
        packs=packs,
        scans=form.scans.data,
    )


def _tried(alias: PersonAlias) -> Apart:
    session = db_session()
    doing = doing_now(packs_in_force(session))
    return try_separating(session, alias.former_id, alias.person_id, doing)


def _sentence(refused: Refusal) -> str:
    return why(refused, SEPARATE_REGISTRATIONS)


def _page(alias: PersonAlias, form: SeparatingForm, apart: Apart | None = None) -> str:
    session = db_session()
    former, person = (session.get_one(Person, key) for key in (alias.former_id, alias.person_id))
    return render_template(
        "desk/corrections/separating.html",
        former=former,
        person=person,
        form=form,
        changes=() if apart is None else list(lines_of_apart(session, apart)),
        waiting=waiting_about(separating_subject(former.id), SEPARATE_REGISTRATIONS),
        # Nobody but the clerk can tell whose a case is that was opened while they were one.
        cases=cases_of_person(session, person.id, only_open=True)[0],
        on=clock.today(),
    )


def _alias(person_id: int) -> PersonAlias:
    """Return that a registration was joined to another one."""
    alias = db_session().get(PersonAlias, person_id)
    if alias is None:
        # The task of the joining leads here for good, and a form is sent twice.
        flash(str(REFUSALS["apart"]))
        abort(redirect(url_for("merging_desk.show_form", person_id=person_id), 303))
    return alias
