"""What states and refusals of tasks are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.auth.staff.appoint import AppointmentRefused
from siweb.auth.tables.appointment import Function
from siweb.collection.arrears.daily import ArrearsRefused
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.payments.allocate import PaymentRefused
from siweb.collection.statements.labels import REFUSALS as STATEMENT_REFUSALS
from siweb.collection.statements.withdraw import WithdrawalRefused
from siweb.desk.arrears.labels import REFUSALS as ARREARS_REFUSALS
from siweb.desk.levy.labels import REFUSALS as LEVY_REFUSALS
from siweb.desk.payments.labels import REFUSALS as PAYMENT_REFUSALS
from siweb.desk.people.labels import REFUSALS as ACCOUNT_REFUSALS
from siweb.desk.reviews.tasks.labels import REFUSALS as REVIEW_TASK_REFUSALS
from siweb.desk.staff.labels import REFUSALS as APPOINTMENT_REFUSALS
from siweb.ledgers.account.close import AccountRefused
from siweb.registry.register_death import DeathRefused
from siweb.reviews.tasks.finish import TaskRefused
from siweb.rules.errors import Refusal, RuleError
from siweb.tasks.check import CheckRefused
from siweb.tasks.propose import ProposalRefused
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
_TASKS = {
    "waits_already": _l("The same change waits for its second person already."),
    "own_matter": _l("This is about yourself: a colleague does it."),
    "nobody": _l("Sign in first: whoever makes it is noted with it."),
    "same_person": _l("You made this yourself: another person checks it."),
    "not_maker": _l("Only who made it can withdraw it."),
    "closed": _l("Somebody checked this meanwhile."),
}
# Two rooms may call different things by one code.
SENTENCES: Mapping[type[Refusal], Mapping[str, Any]] = MappingProxyType(
    {
        CheckRefused: _TASKS,
        ProposalRefused: _TASKS,
        AccountRefused: ACCOUNT_REFUSALS,
        DeathRefused: ACCOUNT_REFUSALS,
        AppointmentRefused: APPOINTMENT_REFUSALS,
        ArrearsRefused: ARREARS_REFUSALS,
        LevyRefused: LEVY_REFUSALS,
        PaymentRefused: PAYMENT_REFUSALS,
        WithdrawalRefused: STATEMENT_REFUSALS,
        TaskRefused: REVIEW_TASK_REFUSALS,
    }
)
"""The sentences of every refusal that an action can meet, by who refuses; a test walks them."""
_NO_FIGURE = _l("The region has no figure for this yet: import its pack first.")


def why(refused: Refusal) -> str:
    """Return the sentence for an action that was refused."""
    if isinstance(refused, RuleError):
        return str(_NO_FIGURE)
    sentence = str(SENTENCES[type(refused)][refused.code])
    return sentence % refused.facts if refused.facts else sentence
