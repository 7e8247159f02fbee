"""The desk's pages of declared relatives: one's own, and those of a member of staff."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import actor, duty, visitor
from siweb.auth.staff.find import ShownAppointment, find_appointment
from siweb.auth.staff.relatives import RelationRefused, declare_relation, relations_of
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.staff_relation import StaffRelation
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import WaitingTask, waiting_tasks
from siweb.desk.staff.relatives.actions import RELATION_ENDS, relation_subject
from siweb.desk.staff.relatives.forms import EndRelationForm, RelationForm
from siweb.desk.staff.relatives.labels import REFUSALS, RELATIONS
from siweb.desk.subjects import of_appointment
from siweb.registry.find_person import find_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.tasks.find import open_tasks_of
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.read_once import read_once

blueprint = Blueprint("relative_desk", __name__, url_prefix="/desk")


@blueprint.get("/relatives")
@duty(*Function)
def show_own() -> str:
    return _own_page(RelationForm(None))


@blueprint.post("/relatives")
@duty(*Function)
def declare_own() -> Any:
    """Declare a relative of one's own."""
    form = RelationForm()
    if not form.validate() or not _declared(form, visitor().person_id):
        return _own_page(form), 422
    return redirect(url_for("relative_desk.show_own"), 303)


def of_staff(
    session: Session,
    appointment_id: int,
    relation_id: int | None = None,  # noqa: ARG001 - the view finds it among those of the staff
) -> Subject | None:
    """Return whose relatives a page shows."""
    return of_appointment(session, appointment_id)


@blueprint.get("/staff/<int:appointment_id>/relatives")
@duty(Function.ADMINISTRATION, of=of_staff)
def show_relatives(appointment_id: int) -> str:
    return _page(_found(appointment_id))


@blueprint.post("/staff/<int:appointment_id>/relatives")
@duty(Function.ADMINISTRATION, of=of_staff)
def declare(appointment_id: int) -> Any:
    """Declare a relative of a member of staff."""
    shown, form = _found(appointment_id), RelationForm()
    if not form.validate() or not _declared(form, shown.appointment.person_id):
        return _page(_found(appointment_id), form=form), 422
    return redirect(url_for("relative_desk.show_relatives", appointment_id=appointment_id), 303)


@blueprint.post("/staff/<int:appointment_id>/relatives/<int:relation_id>/end")
@duty(Function.ADMINISTRATION, of=of_staff)
def propose_relation_end(appointment_id: int, relation_id: int) -> Any:
    """Propose that a relation ends, once another administrator has checked it."""
    shown, form = _found(appointment_id), EndRelationForm(prefix=f"end{relation_id}-")
    relation = db_session().get(StaffRelation, relation_id)
    if relation is None or relation.person_id != shown.appointment.person_id:
        abort(404)

    def send() -> None:
        send_to_check(
            RELATION_ENDS,
            relation_subject(relation_id),
            {
                "relation_id": relation_id,
                "appointment_id": appointment_id,
                "until_on": form.until_on.data.isoformat(),
            },
            form.because.data or "",
            region_code=None,
            person_id=shown.appointment.person_id,
            packs=packs_in_force(db_session()),
        )

    if not form.validate() or not carried_out(
        form, send, lambda refused: why(refused, RELATION_ENDS)
    ):
        return _page(_found(appointment_id), ending=form), 422
    flash(str(SENT))
    return redirect(url_for("relative_desk.show_relatives", appointment_id=appointment_id), 303)


def _declared(form: RelationForm, person_id: int) -> bool:
    def act() -> None:
        session = db_session()
        relative_id = find_person(session, form.id_number.data)
        if relative_id is None:
            raise RelationRefused("nobody")
        declared = form.declared(relative_id)
        declare_relation(session, person_id, declared, actor=actor(), at=clock.now())

    if not carried_out(form, act, _sentence):
        return False
    flash(_("Declared: a colleague decides whatever concerns this person."))
    return True


def _sentence(refused: Refusal) -> str:
    return str(REFUSALS[refused.code])


def _own_page(form: RelationForm) -> str:
    return render_template(
        "desk/staff/relatives.html",
        shown=None,
        form=form,
        relations=relations_of(db_session(), visitor().person_id),
        words=RELATIONS,
    )


def _page(
    shown: ShownAppointment,
    *,
    form: RelationForm | None = None,
    ending: EndRelationForm | None = None,
) -> str:
    found = relations_of(db_session(), shown.appointment.person_id)
    prefixes = [f"end{each.relation.id}-" for each in found]
    forms = [EndRelationForm(None, prefix=prefix) for prefix in prefixes]
    if ending is not None:
        # The one that was sent stands where it was.
        forms = [ending if each._prefix == ending._prefix else each for each in forms]  # noqa: SLF001
    return render_template(
        "desk/staff/relatives.html",
        shown=shown,
        form=form or RelationForm(None),
        relations=found,
        ends=dict(zip([each.relation.id for each in found], forms, strict=True)),
        ending=ending,
        waiting=_waiting(shown.appointment.person_id),
        words=RELATIONS,
    )


def _waiting(person_id: int) -> list[WaitingTask]:
    tasks = open_tasks_of(db_session(), person_id)
    return waiting_tasks(task for task in tasks if task.kind == RELATION_ENDS.kind)


def _found(appointment_id: int) -> ShownAppointment:
    shown = read_once(find_appointment, appointment_id)
    if shown is None:
        abort(404)
    return shown
