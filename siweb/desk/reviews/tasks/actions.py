"""What was withheld of a benefit is paid: made by one and checked by another."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.reviews.tasks.labels import REFUSALS
from siweb.desk.subjects import of_review_task
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.task import TaskResult
from siweb.reviews.tasks.find import WaitingTask, find_task
from siweb.reviews.tasks.finish import TaskRefused, finish_task
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction


def _found(session: Session, task: Task) -> WaitingTask:
    found = find_task(session, task.change["task_id"])
    if found is None:
        raise TaskRefused("done")
    return found


def _about(session: Session, task: Task) -> Subject:
    found = of_review_task(session, task.change["task_id"])
    return found or Subject(frozenset(), frozenset({task.change["person_id"]}))


def _would_pay(_session: Session, task: Task) -> list[Difference]:
    return [Difference(_("Withheld benefit"), _("withheld"), task.because)]


def _pay(session: Session, task: Task, doing: Doing) -> None:
    found = _found(session, task)
    facts = ReviewFacts(session, found.review, found.campaign, doing.on, doing.packs)
    finish_task(
        session,
        found.task,
        facts,
        result=TaskResult.DONE,
        outcome=task.because,
        actor=doing.actor,
        at=doing.at,
        # Only the last correction of a case gives a receipt.
        secret="",
    )


def _page(task: Task) -> str:
    return url_for("review_tasks.finish", task_id=task.change["task_id"])


BACK_PAY = TwoPersonAction(
    "benefit.back_pay",
    _l("Pay what was withheld of a benefit"),
    Function.REVIEW,
    _would_pay,
    _about,
    _pay,
    {TaskRefused: REFUSALS},
    _page,
)
