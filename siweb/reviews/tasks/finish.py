"""Finish a task; with the last correction of a case the person reads that it was corrected."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import is_account_of
from siweb.registry.person_keys import is_same_person
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.move import keep_event, move_review
from siweb.reviews.receipt import give_receipt
from siweb.reviews.tables.objection import Objection, ObjectionState
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.task import (
    CORRECTIONS,
    ReviewTask,
    TaskKind,
    TaskResult,
    TaskState,
)
from siweb.reviews.tasks.find import open_corrections
from siweb.reviews.tasks.open import open_task
from siweb.reviews.tasks.set_right import OF_RECORD, is_set_right
from siweb.rules.errors import Refusal


class TaskRefused(Refusal):
    """When a task is not for this person: "own_case", "same_person"; or "done" already.

    "not_corrected": what it is to set right is not right yet.
    """


def finish_task(
    session: Session,
    task: ReviewTask,
    facts: ReviewFacts,
    *,
    result: TaskResult,
    outcome: str,
    actor: Actor,
    at: datetime,
    secret: str,
    is_corrected: bool = False,
) -> None:
    """Finish a task and what follows from its end; `outcome` is for the person. The caller commits.

    `is_corrected`: the caller corrected the record in this transaction.

    :raises TaskRefused: own case, a second look by the person who decided, or done before;
        "not_corrected" while the record says what it said when the objection was raised.
    """
    _refuse_wrong_person(session, task, actor)
    if task.kind in OF_RECORD and not is_corrected:
        _refuse_words_alone(session, task)
    _keep_end(session, task, facts, result, outcome, actor=actor, at=at)
    if task.kind in CORRECTIONS:
        _corrected(session, task, facts, actor=actor, at=at, secret=secret)
    elif task.kind is TaskKind.RECHECK and result is TaskResult.DOUBTFUL:
        open_task(
            session,
            facts.review,
            facts.campaign,
            TaskKind.INVESTIGATE,
            actor=actor,
            on=facts.on,
            at=at,
            words=outcome,
        )


def _keep_end(
    session: Session,
    task: ReviewTask,
    facts: ReviewFacts,
    result: TaskResult,
    outcome: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep how a task ended: in its row, once, and in the timeline that the person reads."""
    finished = session.execute(
        update(ReviewTask)
        .where(ReviewTask.id == task.id, ReviewTask.state == TaskState.OPEN)
        .values(
            state=TaskState.DONE,
            result=result,
            outcome=outcome,
            done_at=at,
            done_by_account_id=actor.account_id,
        )
    )
    if not finished.rowcount:  # type: ignore[attr-defined]
        raise TaskRefused("done")
    record_activity(
        session,
        "review_task.done",
        actor=actor,
        at=at,
        subject=("review_task", task.id),
        person_id=task.person_id,
        facts={"kind": task.kind.value, "result": result.value},
    )
    keep_event(
        session,
        facts.review,
        facts.review.state,
        actor=actor,
        at=at,
        facts={"task": task.kind.value, "words": outcome},
    )


def _refuse_wrong_person(session: Session, task: ReviewTask, actor: Actor) -> None:
    if is_same_person(session, actor.person_id, task.person_id):
        raise TaskRefused("own_case")
    # A second look by the same pair of eyes is none, whichever of their accounts they sign in to.
    if task.kind is TaskKind.RECHECK and is_account_of(session, task.opened_by_account_id, actor):
        raise TaskRefused("same_person")


def _refuse_words_alone(session: Session, task: ReviewTask) -> None:
    objection = None if task.objection_id is None else session.get(Objection, task.objection_id)
    if objection is None or not is_set_right(session, objection, task.person_id):
        raise TaskRefused("not_corrected")


def _corrected(
    session: Session,
    task: ReviewTask,
    facts: ReviewFacts,
    *,
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    session.execute(
        update(Objection)
        .where(Objection.id == task.objection_id)
        .values(state=ObjectionState.CORRECTED)
    )
    # Two corrections may end at the same moment: the row of the case lets one after the other in.
    session.execute(select(Review.id).where(Review.id == task.review_id).with_for_update())
    # The person reads one end of the case, not one for each part of it.
    if open_corrections(session, task.review_id):
        return
    in_part = session.scalar(
        select(
            exists().where(
                Objection.review_id == task.review_id,
                Objection.state == ObjectionState.DISMISSED,
                # What the office itself found and dropped is nothing that the person lost.
                Objection.found_by_office.is_(False),
            )
        )
    )
    state = ReviewState.REJECTED if in_part else ReviewState.PASSED
    reason = "corrected_in_part" if in_part else "corrected"
    if move_review(session, facts.review, state, reason=reason, actor=actor, at=at):
        give_receipt(session, facts, actor=actor, at=at, secret=secret)
