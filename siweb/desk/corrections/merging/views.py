"""The desk's page on which two registrations are joined: looked at first, then sent."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from siweb.auth.access import duty, require_others, scope
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.merging.joined import JoiningRefused, months_twice
from siweb.collection.corrections.merging.plan import Plan, lines_of
from siweb.collection.corrections.merging.shown import changes_of_twice
from siweb.collection.corrections.shown import Change
from siweb.desk.checking.send import SENT, doing_now, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.corrections.find import joined_to
from siweb.desk.corrections.merging.actions import (
    JOIN_REGISTRATIONS,
    merging_subject,
    try_joining,
)
from siweb.desk.corrections.merging.forms import MergingForm
from siweb.desk.corrections.merging.registrations import lines_of_joined
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.registry.find_person import find_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

blueprint = Blueprint("merging_desk", __name__, url_prefix="/desk/merging")


@blueprint.get("/<int:person_id>")
@duty(Function.REGISTRATION, of=of_person)
def show_form(person_id: int) -> str:
    return _page(_person(person_id), MergingForm(None))


@blueprint.post("/<int:person_id>/preview")
@duty(Function.REGISTRATION, of=of_person)
def preview(person_id: int) -> Any:
    """Show everything that joining the two would change; nothing is sent."""
    form = MergingForm()
    plan = _tried(_person(person_id), form) if form.validate() else None
    if plan is None:
        return _page(_person(person_id), form), 422
    return _page(_person(person_id), form, plan)


@blueprint.post("/<int:person_id>/join")
@duty(Function.REGISTRATION, of=of_person)
def join(person_id: int) -> Any:
    """Send it to be checked, with all that it changes."""
    person, form = _person(person_id), MergingForm()
    if not form.validate() or not carried_out(form, lambda: _send(person, form), _sentence):
        return _page(_person(person_id), form), 422
    flash(str(SENT))
    return redirect(url_for("merging_desk.show_form", person_id=person_id), 303)


def _send(person: Person, form: MergingForm) -> None:
    send_to_check(
        JOIN_REGISTRATIONS,
        merging_subject(person.id),
        _planned(person, form).as_dict(),
        form.paper.data,
        region_code=person.region_code,
        person_id=person.id,
        packs=packs_in_force(db_session()),
        scans=form.scans.data,
        papers=[form.difference.data] if form.difference.data else [],
    )


def _planned(person: Person, form: MergingForm) -> Plan:
    session = db_session()
    former = _other(session, form)
    doing = doing_now(packs_in_force(session))
    return try_joining(session, former, person, form.difference.words, doing)


def _other(session: Session, form: MergingForm) -> Person:
    """Return the other registration, which lies where the visitor acts and is not their own.

    :raises JoiningRefused: "nobody", "other_region".
    """
    found = find_person(session, form.id_number.data)
    about = None if found is None else of_person(session, found)
    if found is None or about is None:
        raise JoiningRefused("nobody")
    if not about.lies_in(session, scope()):
        raise JoiningRefused("other_region")
    require_others(about)
    return session.get_one(Person, found)


def _tried(person: Person, form: MergingForm) -> Plan | None:
    try:
        return _planned(person, form)
    except Refusal as refused:
        form.show_refusal(refused.code, _sentence(refused))
        return None


def _sentence(refused: Refusal) -> str:
    return why(refused, JOIN_REGISTRATIONS)


def _page(person: Person, form: MergingForm, plan: Plan | None = None) -> str:
    session = db_session()
    changes: list[Change] = []
    if plan is not None:
        which = lines_of_joined(session, plan.former_id, plan.person_id)
        changes = [*which, *lines_of(session, plan)]
    return render_template(
        "desk/corrections/merging.html",
        person=person,
        form=form,
        changes=changes,
        twice=changes_of_twice(session, months_twice(session, person.id)),
        joined=joined_to(session, person.id),
        waiting=waiting_about(merging_subject(person.id), JOIN_REGISTRATIONS),
    )


def _person(person_id: int) -> Person:
    return standing_person(person_id, "merging_desk.show_form")
