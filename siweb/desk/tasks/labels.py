"""What states and lists of tasks are called."""

from flask_babel import lazy_gettext as _l

from siweb.auth.tables.appointment import Function
from siweb.tasks.tables.task import TaskState

STATES = {
    TaskState.OPEN: _l("waits for a second person"),
    TaskState.DONE: _l("done"),
    TaskState.REFUSED: _l("refused"),
    TaskState.WITHDRAWN: _l("withdrawn"),
}
TITLES = {
    Function.REGISTRATION: _l("To check: registrations"),
    Function.CONTRIBUTIONS: _l("To check: contributions"),
    Function.FINANCE: _l("To check: accounts and finance"),
    Function.REVIEW: _l("To check: reviews and benefits"),
    Function.AUDIT: _l("To check: audit"),
    Function.PARAMETERS: _l("To check: parameters"),
    Function.ADMINISTRATION: _l("To check: administration"),
}
