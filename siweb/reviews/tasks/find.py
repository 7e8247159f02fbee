"""Find the tasks that wait at the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.registry.tables.person import Person
from siweb.reviews.tables.campaign import Campaign, lies_in
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.task import CORRECTIONS, ReviewTask, TaskKind, TaskState


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task, the case and the objection that it follows from, and whose record it is about."""

    task: ReviewTask
    review: Review
    campaign: Campaign
    person: Person
    objection: Objection | None


# What stands together in a list of the desk, by the name in its address.
GROUPS: dict[str, frozenset[TaskKind]] = {
    "corrections": CORRECTIONS,
    "certifications": frozenset({TaskKind.RECHECK, TaskKind.INVESTIGATE}),
    "back-payments": frozenset({TaskKind.BACK_PAY}),
}


def count_waiting_tasks(group: str) -> Callable[[date, Scope], Select[int]]:
    """Return the question how many tasks of a group are open, to be asked with others."""
    return lambda _on, scope: (
        select(func.count(ReviewTask.id))
        .join(Review, Review.id == ReviewTask.review_id)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(
            ReviewTask.state == TaskState.OPEN,
            ReviewTask.kind.in_(GROUPS[group]),
            lies_in(scope),
        )
    )


def find_task(session: Session, task_id: int) -> WaitingTask | None:
    """Return a task, whatever its state, else None."""
    row = session.execute(_tasks().where(ReviewTask.id == task_id)).first()
    return None if row is None else WaitingTask(*row)


def open_corrections(session: Session, review_id: int) -> int:
    """Return how many corrections of a case are not done yet."""
    return (
        session.scalar(
            select(func.count(ReviewTask.id)).where(
                ReviewTask.review_id == review_id,
                ReviewTask.state == TaskState.OPEN,
                ReviewTask.kind.in_(CORRECTIONS),
            )
        )
        or 0
    )


def group_of(kind: TaskKind) -> str:
    """Return the list of the desk in which a kind of task stands."""
    return next(group for group, kinds in GROUPS.items() if kind in kinds)


def _tasks() -> Select[ReviewTask, Review, Campaign, Person, Objection | None]:
    return (
        select(ReviewTask, Review, Campaign, Person, Objection)
        .join(Review, Review.id == ReviewTask.review_id)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .join(Person, Person.id == ReviewTask.person_id)
        .outerjoin(Objection, Objection.id == ReviewTask.objection_id)
    )
