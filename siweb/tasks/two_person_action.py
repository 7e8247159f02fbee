"""What every two-person action has in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.clock import office_day
from siweb.files.store import FileStore
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet
from siweb.tasks.tables.task import Task


class Difference(NamedTuple):
    """One line of what an action would change: what it is, how it is now, how it will be."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Doing:
    """With what an action is done: who checked it, when, and by which figures."""

    actor: Actor
    at: datetime
    packs: PackSet
    # Where the files lie that actions rest on.
    files: FileStore = field(default_factory=FileStore)

    @property
    def on(self) -> date:
        """Return the day at the office."""
        return office_day(self.at)


@dataclass(frozen=True, slots=True)
class TwoPersonAction:
    """An action that one makes and another checks.

    `differences` and `subject` read the task as the books stand now; `do` does it, once, and
    raises a `Refusal` when it cannot be done any more. `address` is the page of what it is about,
    for whoever holds the function, and `sentences` what each refusal of `do` says there.
    """

    kind: str
    title: Any
    function: Function
    differences: Callable[[Session, Task], list[Difference]]
    subject: Callable[[Session, Task], Subject]
    do: Callable[[Session, Task, Doing], None]
    sentences: Mapping[type[Refusal], Mapping[str, Any]]
    address: Callable[[Task], str] | None = None
    # What it moves, bills or lets wait, in fen, as the books stand: above a limit three check it.
    amount: Callable[[Session, Task], int] | None = None
    # What follows where the other one refuses it: somebody applied for it, and is told.
    refused: Callable[[Session, Task, datetime], None] | None = None


Actions = Mapping[str, TwoPersonAction]
