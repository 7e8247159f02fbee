"""Check a task: do it, refuse it, or withdraw it."""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.relatives import barred_keys
from siweb.auth.staff.subject import is_own
from siweb.auth.tables.account import Account
from siweb.clock import office_day
from siweb.db.claim import claim
from siweb.registry.person_keys import is_same_person
from siweb.rules.errors import Refusal
from siweb.tasks.tables.first_check import FirstCheck
from siweb.tasks.tables.task import Task, TaskState
from siweb.tasks.third_person import third_person_for
from siweb.tasks.two_person_action import Doing, TwoPersonAction


class CheckRefused(Refusal):
    """When a task is not this person's to check: "same_person", "own_matter"; "closed" before.

    "not_maker" where somebody else would withdraw it.
    """


def approve(session: Session, task: Task, action: TwoPersonAction, doing: Doing) -> bool:
    """Do what a task says; it is done once, whoever else checks it at the same time.

    Above the region's limit the first who checks it leaves it to a third person: False then.

    :raises CheckRefused: for the maker, for whom it concerns, for who checked it first, and when
        it is closed.
    :raises Refusal: when the action itself cannot be done any more.
    """
    third = third_person_for(session, task, action)
    if third is not None and third.first_check is None:
        _require_another(session, task, action, doing.actor, doing.on)
        _check_first(session, task, doing)
        return False
    if third is not None and third.first_check is not None:
        _require_stranger(session, third.first_check.checked_by_account_id, doing.actor)
    # Closed first: of two who approve at once the second is refused here, before anything is done.
    _check(session, task, action, TaskState.DONE, "", doing.actor, doing.at)
    action.do(session, task, doing)
    return True


def refuse(
    session: Session,
    task: Task,
    action: TwoPersonAction,
    answer: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Refuse a task for a reason that its maker reads.

    :raises CheckRefused: for the maker, for whom it concerns, and when it is closed.
    """
    _check(session, task, action, TaskState.REFUSED, answer, actor, at)
    if action.refused is not None:
        action.refused(session, task, at)


def withdraw(session: Session, task: Task, *, actor: Actor, at: datetime) -> None:
    """Take a task back, which its maker may while nobody has checked it.

    :raises CheckRefused: for anybody else, and when it is closed.
    """
    if actor.account_id != task.made_by_account_id:
        raise CheckRefused("not_maker")
    _close(session, task, TaskState.WITHDRAWN, "", None, at)
    _note(session, task, actor, at)


def _check(
    session: Session,
    task: Task,
    action: TwoPersonAction,
    state: TaskState,
    answer: str,
    actor: Actor,
    at: datetime,
) -> None:
    _require_another(session, task, action, actor, office_day(at))
    _close(session, task, state, answer, actor.account_id, at)
    _note(session, task, actor, at)


def _require_another(
    session: Session, task: Task, action: TwoPersonAction, actor: Actor, on: date
) -> None:
    _require_stranger(session, task.made_by_account_id, actor)
    about = action.subject(session, task)
    keys = barred_keys(session, actor.person_id, on=on)
    if is_own(session, about, keys=keys, account_id=actor.account_id):
        raise CheckRefused("own_matter")


def _require_stranger(session: Session, account_id: int, actor: Actor) -> None:
    """Refuse whoever acted on the task before, under whatever key."""
    if actor.account_id is None or actor.account_id == account_id:
        raise CheckRefused("same_person")
    before = session.get_one(Account, account_id).person_id
    if is_same_person(session, before, actor.person_id):
        raise CheckRefused("same_person")


def _check_first(session: Session, task: Task, doing: Doing) -> None:
    """Note who checked it first; of two at the same moment the key lets one through."""
    session.refresh(task, with_for_update=True)
    if task.state is not TaskState.OPEN:
        raise CheckRefused("closed")
    values = {"checked_by_account_id": doing.actor.account_id, "checked_at": doing.at}
    try:
        with session.begin_nested():
            session.add(FirstCheck(task_id=task.id, **values))
    except IntegrityError:
        raise CheckRefused("closed") from None
    facts = {"kind": task.kind, "subject": task.subject}
    about = ("task", task.id)
    record_activity(
        session, "task.first_checked", actor=doing.actor, at=doing.at, subject=about, facts=facts
    )


def _close(
    session: Session, task: Task, state: TaskState, answer: str, checker: int | None, at: datetime
) -> None:
    place = (
        update(Task)
        .where(Task.id == task.id, Task.state == TaskState.OPEN)
        .values(state=state, answer=answer, checked_by_account_id=checker, closed_at=at)
    )
    claim(session, place, otherwise=CheckRefused("closed"))
    session.refresh(task)


def _note(session: Session, task: Task, actor: Actor, at: datetime) -> None:
    facts = {"kind": task.kind, "subject": task.subject}
    action = f"task.{task.state.value}"
    record_activity(session, action, actor=actor, at=at, subject=("task", task.id), facts=facts)
