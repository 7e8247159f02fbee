"""The desk's pages of two-person actions: one of them to check."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duties, duty, subject
from siweb.auth.staff.duties import acts
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.may_open import may_open
from siweb.desk.checking.once import once
from siweb.desk.checking.send import doing_now
from siweb.desk.checking.sentences import why
from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.forms import RefusalForm
from siweb.desk.tasks.labels import STATES
from siweb.desk.tasks.subject import of_task
from siweb.desk.tasks.undoing import UNDOING
from siweb.desk.tasks.would_do import differences_of
from siweb.evidence.attach import Matter
from siweb.evidence.find import scans_of
from siweb.evidence.papers.keep import papers_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.errors import Refusal
from siweb.tasks.check import approve, refuse, withdraw
from siweb.tasks.find import ShownTask, find_task
from siweb.tasks.tables.task import TaskState
from siweb.tasks.third_person import third_person_for
from siweb.tasks.two_person_action import Doing
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.read_once import read_once

blueprint = Blueprint("task_desk", __name__, url_prefix="/desk/tasks")


@blueprint.get("/<reference>")
@duty(*Function, of=of_task)
def show_task(reference: str) -> str:
    return _page(_found(reference))


@blueprint.post("/<reference>/approve")
@duty(*Function, of=of_task)
@once
def approve_task(reference: str) -> Any:
    """Do what another person made."""
    shown = _found(reference)
    is_done: list[bool] = []

    def check() -> None:
        is_done.append(approve(db_session(), shown.task, ACTIONS[shown.task.kind], _doing()))

    third = _("Checked. A third person checks it as well before it takes effect.")
    return _closed(shown, check, lambda: _("Checked and done.") if is_done[0] else third)


@blueprint.post("/<reference>/refuse")
@duty(*Function, of=of_task)
def refuse_task(reference: str) -> Any:
    """Refuse what another person made."""
    shown, form = _found(reference), RefusalForm()
    action, answer = ACTIONS[shown.task.kind], form.answer.data or ""
    if not form.validate() or not carried_out(
        form,
        lambda: refuse(db_session(), shown.task, action, answer, actor=actor(), at=clock.now()),
        lambda refused: why(refused, action),
    ):
        return _page(_found(reference), form), 422
    flash(_("Refused. Whoever made it reads why."))
    return redirect(url_for("desk.show_desk", kind="task"), 303)


@blueprint.post("/<reference>/withdraw")
@duty(*Function, of=of_task)
def withdraw_task(reference: str) -> Any:
    """Take back what one made."""
    shown = _found(reference)
    return _closed(
        shown,
        lambda: withdraw(db_session(), shown.task, actor=actor(), at=clock.now()),
        lambda: _("Withdrawn."),
    )


def _found(reference: str) -> ShownTask:
    """Return a task of a function that the visitor holds where it is checked."""
    shown = read_once(find_task, reference)
    if shown is None:
        abort(404)
    reads, task = request.method in {"GET", "HEAD"}, shown.task
    # Whoever audits reads a task and closes none; to close it, all that it is about is run by
    # them.
    audits = (Function.AUDIT,) if reads else ()
    place = (task.region_code, task.insurances)
    if not acts(duties(), (task.function, *audits), *place, wholly=not reads):
        abort(404)
    return shown


def _closed(shown: ShownTask, act: Callable[[], Any], message: Callable[[], str]) -> Any:
    """Close a task and go back to the list; why it was refused is shown there."""
    session, reference = db_session(), shown.task.reference
    try:
        act()
    except Refusal as refused:
        session.rollback()
        flash(why(refused, ACTIONS[shown.task.kind]))
        return redirect(url_for("task_desk.show_task", reference=reference), 303)
    session.commit()
    flash(message())
    return redirect(url_for("desk.show_desk", kind="task"), 303)


def _page(shown: ShownTask, form: RefusalForm | None = None) -> str:
    task, session = shown.task, db_session()
    action = ACTIONS[task.kind]
    is_mine = task.made_by_account_id == actor().account_id
    third = third_person_for(session, task, action) if task.closed_at is None else None
    checked_first = third is not None and third.is_by(actor().account_id)
    return render_template(
        "desk/tasks/task.html",
        shown=shown,
        task=task,
        action=action,
        differences=differences_of(session, task),
        address=action.address and action.address(task),
        region=_whole_region(shown),
        states=STATES,
        is_open=task.closed_at is None,
        on=clock.today(),
        undoing=UNDOING[task.kind] if task.state is TaskState.DONE else None,
        is_mine=is_mine,
        may_check=acts(duties(), (task.function,), task.region_code, task.insurances, wholly=True)
        and not is_mine
        and not checked_first,
        third=third,
        form=form or RefusalForm(None),
        papers=papers_of(session, task.id),
        scans=scans_of(session, Matter(task_id=task.id)),
        may_open=lambda: may_open(session, task, subject()),
    )


def _whole_region(shown: ShownTask) -> Region | None:
    """Return the region of what is about no person and no employer of it, but about all of them."""
    if shown.person or shown.employer or shown.task.region_code is None:
        return None
    return db_session().get(Region, shown.task.region_code)


def _doing() -> Doing:
    return doing_now(packs_in_force(db_session()))
