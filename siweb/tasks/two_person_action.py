"""What every two-person action has in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.tasks.tables.task import Task


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what an action would change: what it is, how it is now, how it will be."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TwoPersonAction:
    """A action that one makes and another checks.

    `differences` and `subject` read the task as the books stand now; `do` does it, once, and
    raises a `Refusal` when it cannot be done any more.
    """

    kind: str
    title: Any
    function: Function
    differences: Callable[[Session, Task], list[Difference]]
    subject: Callable[[Session, Task], Subject]
    do: Callable[[Session, Task, datetime], None]


Actions = Mapping[str, TwoPersonAction]
