"""The desk's pages of tasks: visits at home, and one task to finish."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import actor, duty, may, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.reviews.tasks.actions import BACK_PAY, held_of, written
from siweb.desk.reviews.tasks.forms import (
    BY_FILE,
    BackPayForm,
    EndResidentForm,
    RecheckForm,
    ResidentForm,
    TaskForm,
)
from siweb.desk.reviews.tasks.residents import END_RESIDENT, INSURE_AGAIN, last_month_of
from siweb.desk.reviews.tasks.residents import may_end as may_end_resident
from siweb.desk.reviews.visits import visit_of
from siweb.desk.subjects import of_review_task
from siweb.documents.secret import document_secret
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.decide import waiting_visits
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.task import TaskKind, TaskState
from siweb.reviews.tasks.find import (
    WaitingTask,
    find_task,
    group_of,
)
from siweb.reviews.tasks.finish import finish_task
from siweb.reviews.tasks.set_right import OF_RECORD, is_set_right
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("review_tasks", __name__, url_prefix="/desk/review-tasks")
TITLES = {
    "corrections": _l("Corrections to make"),
    "certifications": _l("Certifications to examine again"),
    "back-payments": _l("Withheld benefits to pay"),
}
_FORMS = {TaskKind.RECHECK: RecheckForm, TaskKind.BACK_PAY: BackPayForm}
_RESIDENT = "resident-"
_DONE = _l("Done. The person reads it on the case's page.")


@blueprint.get("/visits")
@duty(Function.REVIEW)
def show_visits() -> str:
    """Show where recipients want to be visited: the list with which somebody sets out."""
    page = page_asked()
    found, has_more = read_once(waiting_visits, scope=scope(), on=clock.today(), page=page)
    return render_template(
        "desk/reviews/visits.html",
        waiting=found,
        has_more=has_more,
        page=page,
        visit_of=visit_of,
    )


@blueprint.route("/task/<int:task_id>", methods=["GET", "POST"])
@duty(Function.REVIEW, of=of_review_task)
def finish(task_id: int) -> Any:
    """Show a task with what it rests on, and finish it."""
    found = find_task(db_session(), task_id)
    if found is None:
        abort(404)
    group, kind = group_of(found.task.kind), found.task.kind
    form = _FORMS.get(kind, TaskForm)()
    is_open = found.task.state is TaskState.OPEN
    is_to_correct = is_open and _is_to_correct(found)
    may_end = request.method == "POST" and is_open and not is_to_correct
    if may_end and form.validate() and _finish(found, form):
        flash(str(SENT if kind is TaskKind.BACK_PAY else _DONE))
        return redirect(url_for("desk.show_desk", kind=group), 303)
    page = _page(found, form)
    return page if request.method == "GET" or not is_open else (page, 422)


@blueprint.post("/task/<int:task_id>/end-resident")
@duty(Function.REVIEW, of=of_review_task)
def end_resident(task_id: int) -> Any:
    """Send it to be checked that somebody's insurance as a resident ends."""
    found, form = _open_task(task_id), EndResidentForm(prefix=_RESIDENT)
    # Ended meanwhile, or about something else: its page says how it stands.
    is_about_it = may_end_resident(db_session(), found)
    if is_about_it and form.validate() and _sent(END_RESIDENT, found, form, form.last_month.data):
        return redirect(url_for("review_tasks.finish", task_id=task_id), 303)
    return _again(task_id, form if is_about_it else None), 422


@blueprint.post("/task/<int:task_id>/insure-again")
@duty(Function.REVIEW, of=of_review_task)
def insure_again(task_id: int) -> Any:
    """Send it to be checked that what was ended so goes on."""
    found, form = _open_task(task_id), ResidentForm(prefix=_RESIDENT)
    last = last_month_of(db_session(), found)
    if last is not None and form.validate() and _sent(INSURE_AGAIN, found, form, last):
        return redirect(url_for("review_tasks.finish", task_id=task_id), 303)
    return _again(task_id, form if last is not None else None), 422


def _again(task_id: int, resident: ResidentForm | None) -> str:
    found = _open_task(task_id)
    return _page(found, _FORMS.get(found.task.kind, TaskForm)(None), resident=resident)


def _open_task(task_id: int) -> WaitingTask:
    found = find_task(db_session(), task_id)
    if found is None:
        abort(404)
    return found


def _sent(action: TwoPersonAction, found: WaitingTask, form: ResidentForm, last_month: str) -> bool:
    # What a refusal takes back would be read anew by its names.
    change = {
        "task_id": found.task.id,
        "person_id": found.person.id,
        "last_month": last_month,
        "words": form.words.data or "",
    }
    about, region = f"review_task:{found.task.id}", found.campaign.region_code
    person_id = found.person.id

    def send() -> None:
        send_to_check(
            action,
            about,
            change,
            form.paper.data,
            region_code=region,
            person_id=person_id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    if not carried_out(form, send, lambda refused: why(refused, action)):
        return False
    flash(str(SENT))
    return True


def _resident_form(found: WaitingTask, sent: ResidentForm | None) -> ResidentForm | None:
    """Return the form about an insurance as a resident: to end it, or to take that end back."""
    session = db_session()
    if may_end_resident(session, found):
        return sent or EndResidentForm(None, prefix=_RESIDENT)
    if last_month_of(session, found) is not None:
        return sent or ResidentForm(None, prefix=_RESIDENT)
    return None


def _page(found: WaitingTask, form: TaskForm, *, resident: ResidentForm | None = None) -> str:
    task_id, kind = found.task.id, found.task.kind
    is_open, group = found.task.state is TaskState.OPEN, group_of(kind)
    return render_template(
        "desk/reviews/tasks/task.html",
        on=clock.today(),
        found=found,
        waiting=waiting_about(f"review_task:{task_id}", BACK_PAY, END_RESIDENT, INSURE_AGAIN),
        is_checked=kind is TaskKind.BACK_PAY,
        held=held_of(db_session(), found) if kind is TaskKind.BACK_PAY and is_open else [],
        form=form,
        is_open=is_open,
        may_correct=may(Function.CONTRIBUTIONS),
        is_to_correct=is_open and _is_to_correct(found),
        resident=_resident_form(found, resident) if kind is TaskKind.CORRECT_STATUS else None,
        group=group,
        title=TITLES[group],
    )


def _is_to_correct(found: WaitingTask) -> bool:
    """Return whether the record has to be corrected before the task can end."""
    if found.task.kind not in OF_RECORD or found.objection is None:
        return False
    return not is_set_right(db_session(), found.objection, found.person.id)


def _finish(found: WaitingTask, form: TaskForm) -> bool:
    is_sent = found.task.kind is TaskKind.BACK_PAY
    finish = _send_back_payment if is_sent else _finish_alone
    return carried_out(form, lambda: finish(found, form), lambda refused: why(refused, BACK_PAY))


def _finish_alone(found: WaitingTask, form: TaskForm) -> None:
    session = db_session()
    finish_task(
        session,
        found.task,
        ReviewFacts(session, found.review, found.campaign, clock.today(), packs_in_force(session)),
        result=form.task_result,
        outcome=form.outcome.data or "",
        actor=actor(),
        at=clock.now(),
        secret=document_secret(),
    )


def _send_back_payment(found: WaitingTask, form: TaskForm) -> None:
    send_to_check(
        BACK_PAY,
        f"review_task:{found.task.id}",
        {
            "task_id": found.task.id,
            "person_id": found.person.id,
            "held": written(held_of(db_session(), found)),
            "by_file": isinstance(form, BackPayForm) and form.by.data == BY_FILE,
        },
        form.outcome.data or "",
        region_code=found.campaign.region_code,
        person_id=found.person.id,
        packs=packs_in_force(db_session()),
    )
