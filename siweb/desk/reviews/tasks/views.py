"""The desk's pages of tasks: the lists, and one task to finish."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.reviews.tasks.forms import RecheckForm, TaskForm
from siweb.desk.subjects import of_review_task
from siweb.documents.secret import document_secret
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.task import TaskKind, TaskState
from siweb.reviews.tasks.find import GROUPS, WaitingTask, find_task, group_of, waiting_tasks
from siweb.reviews.tasks.finish import TaskRefused, finish_task
from siweb.web.database import db_session
from siweb.web.paging import page_asked

blueprint = Blueprint("review_tasks", __name__, url_prefix="/desk/review-tasks")
TITLES = {
    "corrections": _l("Corrections to make"),
    "certifications": _l("Certifications to examine again"),
    "back-payments": _l("Withheld benefits to pay"),
}
REFUSALS = {
    "own_case": _l("This is about yourself: somebody else does it."),
    "same_person": _l("You decided this certification: another person examines it."),
    "done": _l("This task was done meanwhile."),
}


@blueprint.get("/<group>")
@duty(Function.REVIEW)
def show_tasks(group: str) -> str:
    if group not in GROUPS:
        abort(404)
    page = page_asked()
    waiting, has_more = waiting_tasks(db_session(), group, scope=scope(), page=page)
    return render_template(
        "desk/reviews/tasks/tasks.html",
        title=TITLES[group],
        waiting=waiting,
        has_more=has_more,
        page=page,
        today=clock.today(),
    )


@blueprint.route("/task/<int:task_id>", methods=["GET", "POST"])
@duty(Function.REVIEW, of=of_review_task)
def finish(task_id: int) -> Any:
    """Show a task with what it rests on, and finish it."""
    found = find_task(db_session(), task_id)
    if found is None:
        abort(404)
    group = group_of(found.task.kind)
    form = RecheckForm() if found.task.kind is TaskKind.RECHECK else TaskForm()
    is_open = found.task.state is TaskState.OPEN
    if request.method == "POST" and is_open and form.validate() and _finish(found, form):
        flash(_("Done. The person reads it on the case's page."))
        return redirect(url_for("review_tasks.show_tasks", group=group), 303)
    page = render_template(
        "desk/reviews/tasks/task.html",
        found=found,
        form=form,
        is_open=is_open,
        group=group,
        title=TITLES[group],
    )
    return page if request.method == "GET" or not is_open else (page, 422)


def _finish(found: WaitingTask, form: TaskForm) -> bool:
    session = db_session()
    facts = ReviewFacts(
        session, found.review, found.campaign, clock.today(), packs_in_force(session)
    )
    try:
        finish_task(
            session,
            found.task,
            facts,
            result=form.task_result,
            outcome=form.outcome.data or "",
            actor=actor(),
            at=clock.now(),
            secret=document_secret(),
        )
    except TaskRefused as refused:
        session.rollback()
        form.form_errors.append(REFUSALS[refused.code])
        return False
    session.commit()
    return True
