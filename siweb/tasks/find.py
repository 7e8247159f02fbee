"""Find the tasks that wait for a second person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Duty, Scope, scope_of
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.db.reference_code import normalise
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.tasks.tables.task import Task, TaskState

PAGE = 25


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task, who made it, and whom it is about."""

    task: Task
    maker: str
    maker_person_id: int
    person: str | None
    id_number: str | None
    employer: str | None
    uscc: str | None


def list_tasks(
    session: Session, duties: Iterable[Duty], *, only: Function | None = None, page: int = 1
) -> tuple[list[ShownTask], bool]:
    """Return a page of the open tasks of somebody's functions, the nearest day first."""
    functions = tuple(Function) if only is None else (only,)
    asked = _shown().where(Task.state == TaskState.OPEN, _of(tuple(duties), functions))
    asked = asked.order_by(Task.due_on, Task.id).limit(PAGE + 1).offset((page - 1) * PAGE)
    rows = [ShownTask(*row) for row in session.execute(asked)]
    return rows[:PAGE], len(rows) > PAGE


def find_task(session: Session, reference: str) -> ShownTask | None:
    """Return a task by its reference, whatever its state."""
    row = session.execute(_shown().where(Task.reference == normalise(reference))).first()
    return None if row is None else ShownTask(*row)


def open_tasks_of(session: Session, person_id: int) -> list[Task]:
    """Return what waits for a second person about a person, under any of their keys."""
    asked = select(Task).where(Task.state == TaskState.OPEN, is_of(Task.person_id, person_id))
    return list(session.scalars(asked.order_by(Task.due_on, Task.id)))


def open_tasks_about(session: Session, subject: str, kinds: Iterable[str]) -> list[Task]:
    """Return which actions of some kinds wait for a second person about a subject."""
    asked = select(Task).where(
        Task.state == TaskState.OPEN, Task.kind.in_(sorted(kinds)), Task.subject == subject
    )
    return list(session.scalars(asked.order_by(Task.due_on, Task.id)))


def open_tasks_of_kind(session: Session, kind: str, *, within: Scope) -> list[Task]:
    """Return what of a kind waits for a second person in some regions."""
    return open_tasks_of_kinds(session, [kind], within=within)


def open_tasks_of_kinds(session: Session, kinds: Iterable[str], *, within: Scope) -> list[Task]:
    """Return what of some kinds waits for a second person in some regions; one statement."""
    asked = select(Task).where(
        Task.state == TaskState.OPEN, Task.kind.in_(sorted(kinds)), lies_in(within)
    )
    return list(session.scalars(asked.order_by(Task.due_on, Task.id)))


def was_done(session: Session, subject: str, kind: str) -> bool:
    """Return whether an action about a subject was checked and done before."""
    asked = select(Task.id).where(
        Task.kind == kind, Task.subject == subject, Task.state == TaskState.DONE
    )
    return session.scalar(asked.limit(1)) is not None


def count_open_tasks(function: Function) -> Callable[[date, Scope], Select[int]]:
    """Return the question how many tasks of a function wait, to be asked with others."""

    def waiting(_on: date, scope: Scope) -> Select[int]:
        asked = select(func.count(Task.id))
        return asked.where(Task.state == TaskState.OPEN, _in(function, scope))

    return waiting


def _of(duties: tuple[Duty, ...], functions: tuple[Function, ...]) -> ColumnElement[bool]:
    found = [
        _in(function, scope)
        for function in functions
        # Whoever audits reads the tasks of every function.
        if (scope := scope_of(duties, (function, Function.AUDIT))) is not None
    ]
    return or_(*found) if found else false()


def _in(function: Function, scope: Scope) -> ColumnElement[bool]:
    # What belongs to no region is checked by who acts for the whole office.
    return and_(Task.function == function, lies_in(scope))


def lies_in(scope: Scope) -> ColumnElement[bool]:
    """Return that a task lies in a scope: of the insurances that it is about one is enough."""
    here = scope.has(Task.region_code)
    if not scope.partly:
        return here
    # The set is kept as words in one text; no insurance's word is a part of another's.
    named = type_coerce(Task.insurances, String)
    about = (
        and_(named.contains(each.value), scope.running(each).has(Task.region_code))
        for each in Insurance
    )
    return and_(here, or_(named.is_(None), *about))


def _shown() -> Select[Task, str, int, str | None, str | None, str | None, str | None]:
    """Return the question for tasks with all that a list names: one statement for a page of it."""
    maker, about = aliased(Account), aliased(Person)
    columns = (about.name, PersonIdentity.number, Employer.name, Employer.uscc)
    return (
        select(Task, Person.name, Person.id, *columns)
        .join(maker, maker.id == Task.made_by_account_id)
        .join(Person, Person.id == maker.person_id)
        .outerjoin(about, about.id == Task.person_id)
        .outerjoin(PersonIdentity, PersonIdentity.person_id == Task.person_id)
        .outerjoin(Employer, Employer.id == Task.employer_id)
    )
