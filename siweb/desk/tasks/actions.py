"""Every two-person action of the office, by its kind."""

from types import MappingProxyType

from flask import Flask

from siweb.bring_in.actions import ACTIONS as FILES_OF_EARLIER_SYSTEM
from siweb.desk.arrears.actions import DEFER, PLAN
from siweb.desk.arrears.write_off.actions import REINSTATE, WRITE_OFF
from siweb.desk.corrections.accounts.actions import CORRECT_ACCOUNT
from siweb.desk.corrections.actions import CORRECT_RECORD
from siweb.desk.corrections.benefits.actions import (
    BEGIN_AGAIN,
    TAKE_SIGN_BACK,
    WITHDRAW_BENEFIT,
)
from siweb.desk.corrections.identity.actions import CORRECT_IDENTITY
from siweb.desk.corrections.merging.actions import JOIN_REGISTRATIONS
from siweb.desk.corrections.separating.actions import SEPARATE_REGISTRATIONS
from siweb.desk.employers.actions import INJURY_RATE
from siweb.desk.levy.actions import ADJUST
from siweb.desk.payments.actions import REFUND
from siweb.desk.payments.payouts.actions import PAYEE, RELEASE
from siweb.desk.people.actions import BRING_IN, DEATH, HEIRS, SEND_OUT, TAKE_BACK_DEATH
from siweb.desk.people.helping.actions import APPOINT_HELPER, END_GUARDIAN, GIVE_HELP
from siweb.desk.people.pensions.actions import APPROVE_PENSION, REFUSE_PENSION
from siweb.desk.people.revoke import REVOKE_PAPER
from siweb.desk.people.temporary import ORDINARY, TEMPORARY
from siweb.desk.people.transfers.actions import MOVE_FUND, REFUSE_TRANSFER
from siweb.desk.reviews.benefits.actions import HELD_TO_HEIRS
from siweb.desk.reviews.campaigns.reopening.actions import CLOSE_AGAIN, REOPEN
from siweb.desk.reviews.tasks.actions import BACK_PAY
from siweb.desk.reviews.tasks.residents import END_RESIDENT, INSURE_AGAIN
from siweb.desk.staff.actions import APPOINT, END
from siweb.desk.staff.agencies.actions import AGENCY_INSURANCES
from siweb.desk.staff.factor import RESET_FACTOR
from siweb.desk.staff.keeping.actions import DESTROY, LIFT_HOLD, SET_TERM
from siweb.desk.staff.parameters.actions import PUT_IN_FORCE
from siweb.desk.staff.programs.actions import GIVE_PROGRAM
from siweb.desk.staff.relatives.actions import RELATION_ENDS
from siweb.desk.statements.actions import ACCOUNT, IMPORT, WITHDRAW
from siweb.desk.tasks.limits.actions import AMOUNT_LIMIT
from siweb.signs.actions import RESUME, STOP, TAKE_IN
from siweb.tasks.two_person_action import Actions

_ALL = (
    DEATH,
    TAKE_BACK_DEATH,
    DEFER,
    PLAN,
    WRITE_OFF,
    REINSTATE,
    ADJUST,
    CORRECT_RECORD,
    CORRECT_ACCOUNT,
    WITHDRAW_BENEFIT,
    BEGIN_AGAIN,
    TAKE_SIGN_BACK,
    CORRECT_IDENTITY,
    JOIN_REGISTRATIONS,
    SEPARATE_REGISTRATIONS,
    INJURY_RATE,
    REVOKE_PAPER,
    TEMPORARY,
    ORDINARY,
    BRING_IN,
    SEND_OUT,
    HEIRS,
    GIVE_HELP,
    APPOINT_HELPER,
    END_GUARDIAN,
    HELD_TO_HEIRS,
    APPROVE_PENSION,
    REFUSE_PENSION,
    MOVE_FUND,
    REFUSE_TRANSFER,
    REFUND,
    PAYEE,
    RELEASE,
    ACCOUNT,
    IMPORT,
    WITHDRAW,
    REOPEN,
    CLOSE_AGAIN,
    BACK_PAY,
    END_RESIDENT,
    INSURE_AGAIN,
    TAKE_IN,
    STOP,
    RESUME,
    APPOINT,
    END,
    RESET_FACTOR,
    RELATION_ENDS,
    AMOUNT_LIMIT,
    SET_TERM,
    LIFT_HOLD,
    DESTROY,
    AGENCY_INSURANCES,
    GIVE_PROGRAM,
    PUT_IN_FORCE,
    *FILES_OF_EARLIER_SYSTEM.values(),
)
ACTIONS: Actions = MappingProxyType({action.kind: action for action in _ALL})


def install(app: Flask) -> None:
    """Let templates say what a task is called, whatever page it waits on."""
    app.jinja_env.globals["task_title"] = lambda task: ACTIONS[task.kind].title
