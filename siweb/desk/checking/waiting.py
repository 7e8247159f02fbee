"""What waits for a second person, as the page of what it is about shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from siweb.auth.access import duties
from siweb.auth.staff.duties import acts
from siweb.auth.tables.appointment import Function
from siweb.tasks.find import open_tasks_about
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task, and whether the visitor may open its page."""

    task: Task
    is_linked: bool


def waiting_tasks(tasks: Iterable[Task]) -> list[WaitingTask]:
    """Return tasks as the visitor may see them: other functions' are named and not opened."""
    held = duties()
    return [
        WaitingTask(
            task,
            acts(held, (task.function, Function.AUDIT), task.region_code, task.insurances),
        )
        for task in tasks
    ]


def waiting_about(subject: str, *actions: TwoPersonAction) -> list[WaitingTask]:
    """Return which of some actions wait about a subject."""
    kinds = [action.kind for action in actions]
    return waiting_tasks(open_tasks_about(db_session(), subject, kinds))
