"""A stated status comes to an end of the insurance as a resident, or is taken back: by two."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.reviews.tasks.actions import task_of
from siweb.desk.reviews.tasks.labels import REFUSALS, RESIDENT_REFUSALS
from siweb.desk.subjects import of_review_task
from siweb.documents.secret import document_secret
from siweb.registry.codes import Insurance
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.move import keep_event
from siweb.reviews.tables.objection import Problem
from siweb.reviews.tables.task import TaskResult
from siweb.reviews.tables.task import TaskState as ReviewTaskState
from siweb.reviews.tasks.find import WaitingTask
from siweb.reviews.tasks.finish import TaskRefused, finish_task
from siweb.reviews.tasks.resident import (
    ResidentRefused,
    end_resident,
    ended_by,
    insure_again,
    open_resident,
)
from siweb.rules.calendar.months import month_of
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import month

# Medical insurance as a resident is run by who runs medical insurance, whatever the review.
_MEDICAL = frozenset({Insurance.MEDICAL})


def may_end(session: Session, found: WaitingTask) -> bool:
    """Return whether a task is about a status by which an insurance as a resident may end."""
    return (
        found.task.state is ReviewTaskState.OPEN
        and found.objection is not None
        and found.objection.problem is Problem.MEDICAL_STATUS
        and open_resident(session, found.person.id, found.campaign.region_code) is not None
    )


def last_month_of(session: Session, found: WaitingTask) -> str | None:
    """Return with which month it ended by this task; None where it did not, or goes on."""
    if found.task.state is ReviewTaskState.OPEN:
        return None
    return ended_by(session, found.person.id, found.campaign.region_code, found.task.id)


def _about(session: Session, task: Task) -> Subject:
    found = of_review_task(session, task.change["task_id"])
    regions = found.regions if found else frozenset()
    return Subject(regions, frozenset({task.change["person_id"]}), insurances=_MEDICAL)


def _would_end(_session: Session, task: Task) -> list[Difference]:
    last = _("until %(month)s", month=month(task.change["last_month"]))
    return [
        Difference(_("Medical insurance as a resident"), _("insured"), last),
        Difference(_("What was done (the person reads it)"), "—", task.change["words"]),
    ]


def _end(session: Session, task: Task, doing: Doing) -> None:
    found = task_of(session, task)
    end_resident(
        session,
        found.person.id,
        found.campaign.region_code,
        task.change["last_month"],
        this_month=month_of(doing.on),
        task_id=found.task.id,
        actor=doing.actor,
        at=doing.at,
    )
    finish_task(
        session,
        found.task,
        ReviewFacts(session, found.review, found.campaign, doing.on, doing.packs),
        result=TaskResult.DONE,
        outcome=task.change["words"],
        actor=doing.actor,
        at=doing.at,
        secret=document_secret(),
    )


def _would_go_on(_session: Session, task: Task) -> list[Difference]:
    last = _("until %(month)s", month=month(task.change["last_month"]))
    return [
        Difference(_("Medical insurance as a resident"), last, _("insured")),
        Difference(_("What was done (the person reads it)"), "—", task.change["words"]),
    ]


def _go_on(session: Session, task: Task, doing: Doing) -> None:
    found, words = task_of(session, task), task.change["words"]
    insure_again(
        session,
        found.person.id,
        found.campaign.region_code,
        task.change["last_month"],
        task_id=found.task.id,
        actor=doing.actor,
        at=doing.at,
    )
    # The case stays as it was decided; its timeline says that this was wrong.
    keep_event(
        session,
        found.review,
        found.review.state,
        actor=doing.actor,
        at=doing.at,
        facts={"task": found.task.kind.value, "words": words},
    )


def _page(task: Task) -> str:
    return url_for("review_tasks.finish", task_id=task.change["task_id"])


_REFUSED = {TaskRefused: REFUSALS, ResidentRefused: RESIDENT_REFUSALS}
END_RESIDENT = TwoPersonAction(
    "review.end_resident",
    _l("End the insurance as a resident"),
    Function.REVIEW,
    _would_end,
    _about,
    _end,
    _REFUSED,
    _page,
)
INSURE_AGAIN = TwoPersonAction(
    "review.insure_again",
    _l("Let the insurance as a resident go on"),
    Function.REVIEW,
    _would_go_on,
    _about,
    _go_on,
    _REFUSED,
    _page,
)
