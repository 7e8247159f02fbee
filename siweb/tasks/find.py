"""Find the tasks that wait for a second person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Duty, Scope, scope_of
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.db.reference_code import normalise
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task, TaskState

PAGE = 25


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task and who made it."""

    task: Task
    maker: str
    maker_person_id: int


def list_tasks(
    session: Session, duties: Iterable[Duty], *, page: int = 1
) -> tuple[list[ShownTask], bool]:
    """Return a page of the open tasks of somebody's functions, the nearest day first."""
    asked = _shown().where(Task.state == TaskState.OPEN, _of(tuple(duties)))
    asked = asked.order_by(Task.due_on, Task.id).limit(PAGE + 1).offset((page - 1) * PAGE)
    rows = [ShownTask(*row) for row in session.execute(asked)]
    return rows[:PAGE], len(rows) > PAGE


def find_task(session: Session, reference: str) -> ShownTask | None:
    """Return a task by its reference, whatever its state."""
    row = session.execute(_shown().where(Task.reference == normalise(reference))).first()
    return None if row is None else ShownTask(*row)


def count_open_tasks(function: Function) -> Callable[[date, Scope], Select[int]]:
    """Return the question how many tasks of a function wait, to be asked with others."""

    def waiting(_on: date, scope: Scope) -> Select[int]:
        asked = select(func.count(Task.id))
        return asked.where(Task.state == TaskState.OPEN, _in(function, scope))

    return waiting


def _of(duties: tuple[Duty, ...]) -> ColumnElement[bool]:
    found = [
        _in(function, scope)
        for function in Function
        if (scope := scope_of(duties, (function, Function.AUDIT))) is not None
    ]
    return or_(*found) if found else false()


def _in(function: Function, scope: Scope) -> ColumnElement[bool]:
    # What belongs to no region is checked by who acts for the whole office.
    return and_(Task.function == function, scope.has(Task.region_code))


def _shown() -> Select[Task, str, int]:
    maker = aliased(Account)
    return (
        select(Task, Person.name, Person.id)
        .join(maker, maker.id == Task.made_by_account_id)
        .join(Person, Person.id == maker.person_id)
    )
