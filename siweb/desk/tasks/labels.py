"""What states and refusals of tasks are called."""

from flask_babel import lazy_gettext as _l

from siweb.bring_in.labels import REFUSALS as BRING_IN_REFUSALS
from siweb.desk.people.labels import REFUSALS as ACCOUNT_REFUSALS
from siweb.desk.staff.labels import REFUSALS as APPOINTMENT_REFUSALS
from siweb.rules.errors import Refusal
from siweb.tasks.tables.task import TaskState

STATES = {
    TaskState.OPEN: _l("waits for a second person"),
    TaskState.DONE: _l("done"),
    TaskState.REFUSED: _l("refused"),
    TaskState.WITHDRAWN: _l("withdrawn"),
}
REFUSALS = {
    **ACCOUNT_REFUSALS,
    **APPOINTMENT_REFUSALS,
    **BRING_IN_REFUSALS,
    "same_person": _l("You made this yourself: another person checks it."),
    "not_maker": _l("Only who made it can withdraw it."),
    "parameter_missing": _l("The region has no figure for this yet: import its pack first."),
    "closed": _l("Somebody checked this meanwhile."),
}


def why(refused: Refusal) -> str:
    """Return the sentence for a task that was refused."""
    return str(REFUSALS[refused.code])
