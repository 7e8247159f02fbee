"""What a task would change, also where it can no longer be done."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb.desk.checking.sentences import why
from siweb.desk.tasks.actions import ACTIONS
from siweb.rules.errors import Refusal
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference


def differences_of(session: Session, task: Task) -> list[Difference]:
    """Return what a task would change, or in one line why it can no longer be done.

    Its page still opens then: whoever checks it must be able to refuse it.
    """
    action = ACTIONS[task.kind]
    try:
        return action.differences(session, task)
    except Refusal as refused:
        return [Difference(_("Can no longer be done"), "—", why(refused, action))]
