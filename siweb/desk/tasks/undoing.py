"""By which deed each action of two people is undone: nothing that two did stays wrong for good.

A correcting deed adds to the books and writes nothing over. Every action stands here once, and a
test walks them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

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
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import TwoPersonAction


@dataclass(frozen=True, slots=True)
class Undoing:
    """How an action is undone: on which page, and by which action of two people if it takes one.

    Where no action of two does it, `through` names the forms that do: those of the desk for which
    one is enough, or those of whomever it concerns. Where no page of the desk leads to one, `words`
    alone say who does it.
    """

    words: Any
    address: Callable[[Task], str] | None = None
    by: TwoPersonAction | None = None
    through: tuple[str, ...] = ()


def _part(part: str) -> Callable[[Task], str]:
    """Return the address of a part of the page of the person it is about."""
    return lambda task: url_for("people_desk.show_part", person_id=task.person_id, part=part)


def _at(endpoint: str, **given: str) -> Callable[[Task], str]:
    """Return the address of a page that is named by values of what was done."""
    return lambda task: url_for(
        endpoint, **{name: task.change[value] for name, value in given.items()}
    )


def _of_person(endpoint: str) -> Callable[[Task], str]:
    return lambda task: url_for(endpoint, person_id=task.person_id)


_AGAIN = _l("Send it anew with what is right: what was decided last holds.")
_MONEY_OUT = _l(
    "Until the bank has paid, another account is named. What was paid wrongly is claimed back; "
    "its return is booked like any entry."
)
_ANSWERED = _l("The applicant hands it in again, or asks for a review within its days.")
_BROUGHT = FILES_OF_EARLIER_SYSTEM
_BENEFITS = "benefit_correction_desk.show_forms"


def _found_first(words: Any, by: TwoPersonAction) -> Undoing:
    """Return how a file is undone row by row: whom a row is about is found first."""
    return Undoing(words, _at("search_desk.show_results"), by)


_RECORD = _l("Find the person, and correct the months in the record.")
# What an earlier system's file brought in wrongly, by its kind.
_OF_FILES: Mapping[str, Undoing] = {
    "people": _found_first(
        _l("Find the person, and correct who they are or join a double registration."),
        CORRECT_IDENTITY,
    ),
    "employers": Undoing(
        _l(
            "Find the employer: its injury class is decided anew by two; the rest the employer "
            "changes or cancels itself, with its licence, also at the counter."
        ),
        _at("search_desk.show_results"),
        INJURY_RATE,
        ("registration.change", "registration.cancel"),
    ),
    "employments": _found_first(_RECORD, CORRECT_RECORD),
    "enrolments": _found_first(_RECORD, CORRECT_RECORD),
    "bases": _found_first(_RECORD, CORRECT_RECORD),
    "records": _found_first(_RECORD, CORRECT_RECORD),
    "accounts": _found_first(
        _l("Find the person, and set the amount in the account right."), CORRECT_ACCOUNT
    ),
    "benefits": _found_first(
        _l("Find the person, and withdraw the benefit from the month with which it was wrong."),
        WITHDRAW_BENEFIT,
    ),
    "benefits_paid": Undoing(
        _l("Hand in a list of the paying side with the differences, below zero where too much."),
        _at("benefit_desk.hand_in_list"),
        _BROUGHT["benefits_paid"],
    ),
    "life_signs": _found_first(_l("Find the person, and take the sign back."), TAKE_SIGN_BACK),
}
UNDOING: Mapping[str, Undoing] = MappingProxyType(
    {
        DEFER.kind: Undoing(_AGAIN, _at("arrears_desk.show_one", arrears_id="arrears_id"), DEFER),
        PLAN.kind: Undoing(_AGAIN, _at("arrears_desk.show_one", arrears_id="arrears_id"), PLAN),
        WRITE_OFF.kind: Undoing(_l("Reinstate the bill."), WRITE_OFF.address, REINSTATE),
        REINSTATE.kind: Undoing(_l("Write the bill off again."), REINSTATE.address, WRITE_OFF),
        ADJUST.kind: Undoing(
            _l("Correct the months, and adjust them again: the difference is given back."),
            _at("levy_desk.adjust"),
            ADJUST,
        ),
        CORRECT_RECORD.kind: Undoing(
            _l("Correct the record back: bills and credits come to what they were."),
            _of_person("correction_desk.show_form"),
            CORRECT_RECORD,
        ),
        CORRECT_IDENTITY.kind: Undoing(
            _l("Correct it back."), _of_person("identity_desk.show_form"), CORRECT_IDENTITY
        ),
        JOIN_REGISTRATIONS.kind: Undoing(
            _l("Separate the two again."),
            _at("separating_desk.show_separation", person_id="former_id"),
            SEPARATE_REGISTRATIONS,
        ),
        SEPARATE_REGISTRATIONS.kind: Undoing(
            _l("Join the two again, from the next day on."),
            _at("merging_desk.show_form", person_id="person_id"),
            JOIN_REGISTRATIONS,
        ),
        INJURY_RATE.kind: Undoing(_AGAIN, INJURY_RATE.address, INJURY_RATE),
        BRING_IN.kind: Undoing(
            _l("Transfer the account out again, once the person has left here."),
            _part("account"),
            SEND_OUT,
        ),
        SEND_OUT.kind: Undoing(
            _l("Accept the account back from there."), _part("account"), BRING_IN
        ),
        DEATH.kind: Undoing(_l("Take the death back."), _part("contact"), TAKE_BACK_DEATH),
        TAKE_BACK_DEATH.kind: Undoing(_l("Register the death."), _part("contact"), DEATH),
        HEIRS.kind: Undoing(_MONEY_OUT, _at("payout_desk.show_payouts"), PAYEE),
        HELD_TO_HEIRS.kind: Undoing(_MONEY_OUT, _at("payout_desk.show_payouts"), PAYEE),
        BACK_PAY.kind: Undoing(_MONEY_OUT, _at("payout_desk.show_payouts"), PAYEE),
        REFUND.kind: Undoing(_MONEY_OUT, _at("payout_desk.show_payouts"), PAYEE),
        PAYEE.kind: Undoing(_AGAIN, PAYEE.address, PAYEE),
        RELEASE.kind: Undoing(
            _l("Ask the bank to stop it, and take in its answer: what it rejects waits again."),
            _at("payout_desk.show_payouts"),
            through=("payout_desk.take_in",),
        ),
        APPROVE_PENSION.kind: Undoing(
            _l("Withdraw the pension from the month with which it was wrong."),
            _of_person(_BENEFITS),
            WITHDRAW_BENEFIT,
        ),
        WITHDRAW_BENEFIT.kind: Undoing(
            _l("Let the benefit begin again, from the month with which it is due."),
            WITHDRAW_BENEFIT.address,
            BEGIN_AGAIN,
        ),
        BEGIN_AGAIN.kind: Undoing(
            _l("Withdraw the benefit again."), BEGIN_AGAIN.address, WITHDRAW_BENEFIT
        ),
        TAKE_SIGN_BACK.kind: Undoing(
            _l("Bring the sign in again with a list."),
            _at("old_data_desk.hand_in_life_signs"),
            _BROUGHT["life_signs"],
        ),
        CORRECT_ACCOUNT.kind: Undoing(
            _l("Set it right again, to the amount of before."),
            CORRECT_ACCOUNT.address,
            CORRECT_ACCOUNT,
        ),
        REFUSE_PENSION.kind: Undoing(_ANSWERED, through=("pensions.start",)),
        MOVE_FUND.kind: Undoing(
            _l("Transfer the account back the way it came."),
            _part("account"),
            through=("people_desk.send", "people_desk.bring"),
        ),
        REFUSE_TRANSFER.kind: Undoing(_ANSWERED, through=("transfers.start",)),
        ACCOUNT.kind: Undoing(
            _l("Nothing is booked without a statement of the account: undo the import of any."),
            _at("statement_desk.show_statements"),
            WITHDRAW,
        ),
        IMPORT.kind: Undoing(_l("Undo the import."), IMPORT.address, WITHDRAW),
        WITHDRAW.kind: Undoing(
            _l("Hand the statement in again."), _at("statement_desk.show_statements"), IMPORT
        ),
        TAKE_IN.kind: Undoing(
            _l("Look at each sign and say that there is nothing in it."),
            lambda _task: url_for("desk.show_desk", kind="signs"),
            through=("sign_desk.examine",),
        ),
        STOP.kind: Undoing(_l("Let the benefit go on."), STOP.address, RESUME),
        RESUME.kind: Undoing(
            _l("Stop the benefit by a new sign."), _at("sign_desk.show_lists"), STOP
        ),
        GIVE_HELP.kind: Undoing(
            _l("End what the helper may do: that takes effect at once."),
            _of_person("help_desk.show_helpers"),
            through=("help_desk.end",),
        ),
        APPOINT_HELPER.kind: Undoing(
            _l("End the appointment: that takes effect at once."),
            _of_person("help_desk.show_helpers"),
            through=("help_desk.end_appointed",),
        ),
        REVOKE_PAPER.kind: Undoing(
            _l("The person gets the paper anew, from the next day on at the latest."),
            through=("certificates.ask",),
        ),
        TEMPORARY.kind: Undoing(
            _l("Make the account an ordinary one."), TEMPORARY.address, ORDINARY
        ),
        ORDINARY.kind: Undoing(
            _l("Note the temporary account again."), ORDINARY.address, TEMPORARY
        ),
        END_RESIDENT.kind: Undoing(
            _l("Let the insurance go on, from the same task."), END_RESIDENT.address, INSURE_AGAIN
        ),
        INSURE_AGAIN.kind: Undoing(
            _l("It ends with another review, or when somebody else insures the person."),
            through=("review_tasks.end_resident",),
        ),
        END_GUARDIAN.kind: Undoing(
            _l("Enter the guardian again from the paper."),
            _of_person("help_desk.show_helpers"),
            GIVE_HELP,
        ),
        APPOINT.kind: Undoing(_l("End the function."), _at("staff_desk.show_staff"), END),
        END.kind: Undoing(_l("Give the function again."), _at("staff_desk.show_staff"), APPOINT),
        RESET_FACTOR.kind: Undoing(
            _l("The owner sets up a new second factor at the next sign-in."),
            through=("auth.set_up_factor",),
        ),
        PUT_IN_FORCE.kind: Undoing(
            _l("Put the corrected pack in force: what was billed meanwhile is adjusted."),
            PUT_IN_FORCE.address,
            PUT_IN_FORCE,
        ),
        GIVE_PROGRAM.kind: Undoing(
            _l("End the token: that takes effect at once."),
            _at("program_desk.show_programs"),
            through=("program_desk.end",),
        ),
        RELATION_ENDS.kind: Undoing(
            _l("Declare the relative again."),
            RELATION_ENDS.address,
            through=("relative_desk.declare",),
        ),
        REOPEN.kind: Undoing(
            _l("Close it again: today is its last day then."), REOPEN.address, CLOSE_AGAIN
        ),
        CLOSE_AGAIN.kind: Undoing(_l("Reopen the campaign."), CLOSE_AGAIN.address, REOPEN),
        SET_TERM.kind: Undoing(_AGAIN, SET_TERM.address, SET_TERM),
        LIFT_HOLD.kind: Undoing(
            _l("Hold the case again: that takes effect at once."),
            LIFT_HOLD.address,
            through=("keeping_desk.hold",),
        ),
        # The one action for which there is none: that is why its list is looked at by two.
        DESTROY.kind: Undoing(
            _l("It cannot be undone. Only a backup from before still has what was destroyed."),
        ),
        AMOUNT_LIMIT.kind: Undoing(_AGAIN, _at("limit_desk.show_limits"), AMOUNT_LIMIT),
        AGENCY_INSURANCES.kind: Undoing(
            _AGAIN, _at("agency_desk.show_agencies"), AGENCY_INSURANCES
        ),
        **{
            action.kind: _OF_FILES[action.kind.removeprefix("bring_in.")]
            for action in FILES_OF_EARLIER_SYSTEM.values()
        },
    }
)
