"""Resetting a lost second factor, as an action of two people."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.credentials.second_factor.set_up import ResetRefused, reset
from siweb.auth.staff.find import ShownAppointment
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.desk.staff.actions import region_of
from siweb.messages.kinds.sign_in import FACTOR_RESET
from siweb.messages.notify import notify
from siweb.registry.tables.person import Person
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import instant

_REFUSALS = {"no_factor": _l("This person has no second factor: there is nothing to reset.")}


def propose_reset(session: Session, shown: ShownAppointment, because: str, doing: Doing) -> Task:
    """Return the task that takes away the second factor of somebody who holds a function.

    :raises ResetRefused: "no_factor" when there is none.
    :raises ProposalRefused: when it waits already, or it is the maker's own.
    """
    # The one that they sign in to, whichever of their registrations holds the function.
    account = session.scalar(account_of(shown.person_id))
    if account is None:
        raise ResetRefused("no_factor")
    appointment = shown.appointment
    return propose(
        session,
        RESET_FACTOR,
        subject_of(shown),
        {"account_id": account.id, "appointment_id": appointment.id},
        because,
        region_code=region_of(session, appointment.agency_id),
        person_id=shown.person_id,
        doing=doing,
    )


def subject_of(shown: ShownAppointment) -> str:
    """Return what a task names that is about somebody's second factor."""
    return f"person:{shown.person_id}:second_factor"


def _about_owner(session: Session, task: Task) -> Subject:
    return Subject(frozenset(), frozenset({_owner(session, task).person_id}))


def _owner(session: Session, task: Task) -> Account:
    return session.get_one(Account, task.change["account_id"])


def _removed(session: Session, task: Task) -> list[Difference]:
    owner = _owner(session, task)
    since = held_since(session, owner.id)
    before = _("set up %(at)s", at=instant(since)) if since else "—"
    name = session.get_one(Person, owner.person_id).name
    return [Difference(name, before, _("none: to be set up anew at the next sign-in"))]


def _remove(session: Session, task: Task, doing: Doing) -> None:
    owner = _owner(session, task)
    reset(session, owner.id, actor=doing.actor, at=doing.at)
    notify(
        session,
        FACTOR_RESET,
        owner.person_id,
        region_code=session.get_one(Person, owner.person_id).region_code,
        subject=("account", owner.id),
        at=doing.at,
    )


def _page(task: Task) -> str:
    return url_for("staff_desk.show_appointment", appointment_id=task.change["appointment_id"])


RESET_FACTOR = TwoPersonAction(
    "staff.reset_factor",
    _l("Reset a second factor"),
    Function.ADMINISTRATION,
    _removed,
    _about_owner,
    _remove,
    {ResetRefused: _REFUSALS},
    _page,
)
