"""A mandate from a paper, a guardian's end, a community's helper: two people decide each."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.credentials.account import account_of
from siweb.auth.helping.community import appoint_helper
from siweb.auth.helping.end import end_mandates
from siweb.auth.helping.give import Grant, give_mandate
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.help_mandate import HelpBasis, HelpKind, HelpMandate
from siweb.desk.subjects import of_person
from siweb.helping.labels import BASES, KINDS, REFUSALS
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day


def _until(task: Task) -> date:
    return date.fromisoformat(task.change["until_on"])


def _page(task: Task) -> str:
    return url_for("help_desk.show_helpers", person_id=task.change["person_id"])


def _about_both(session: Session, task: Task) -> Subject:
    """It is the helper's matter as well: nobody enters or checks what makes them one."""
    found = of_person(session, task.change["person_id"])
    both = frozenset({task.change["person_id"], task.change["helper_id"]})
    return Subject(found.regions if found else frozenset(), both)


def _would_give(session: Session, task: Task) -> list[Difference]:
    change = task.change
    name = session.get_one(Person, change["helper_id"]).name
    kinds = _("; ").join(str(KINDS[HelpKind(kind)]) for kind in change["kinds"])
    basis = str(BASES[HelpBasis(change["basis"])])
    return [
        Difference(_("Helper"), "—", f"{name} · {basis}"),
        Difference(_("What the helper may do"), "—", kinds),
        Difference(_("Last day"), "—", day(_until(task))),
    ]


def _give(session: Session, task: Task, doing: Doing) -> None:
    change = task.change
    helper = session.scalar(account_of(change["helper_id"]))
    if helper is None:
        raise HelpRefused("no_account")
    kinds = frozenset(map(HelpKind, change["kinds"]))
    grant = Grant(change["person_id"], kinds, _until(task), HelpBasis(change["basis"]))
    give_mandate(session, grant, helper, actor=doing.actor, on=doing.on, at=doing.at)


def _would_end(session: Session, task: Task) -> list[Difference]:
    name = session.get_one(Person, task.change["helper_id"]).name
    return [Difference(str(BASES[HelpBasis.GUARDIANSHIP]), name, _("ended"))]


def _end_guardian(session: Session, task: Task, doing: Doing) -> None:
    """End a guardianship.

    :raises HelpRefused: when it is over already.
    """
    which = (
        HelpMandate.id == task.change["mandate_id"],
        # One that was given anew by agreement meanwhile is not what the court's paper is about.
        HelpMandate.basis == HelpBasis.GUARDIANSHIP,
    )
    if not end_mandates(session, *which, actor=doing.actor, at=doing.at):
        raise HelpRefused("over")


def _about_helper(session: Session, task: Task) -> Subject:
    person_id = task.change["person_id"]
    return of_person(session, person_id) or Subject(frozenset(), frozenset({person_id}))


def _would_appoint(_session: Session, task: Task) -> list[Difference]:
    return [
        Difference(_("Works for"), "—", task.change["organisation"]),
        Difference(_("Last day"), "—", day(_until(task))),
    ]


def _appoint(session: Session, task: Task, doing: Doing) -> None:
    appoint_helper(
        session,
        task.change["person_id"],
        task.change["region_code"],
        task.change["organisation"],
        _until(task),
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )


GIVE_HELP = TwoPersonAction(
    "help.give",
    _l("Let somebody act for a person"),
    Function.REGISTRATION,
    _would_give,
    _about_both,
    _give,
    {HelpRefused: REFUSALS},
    _page,
)
END_GUARDIAN = TwoPersonAction(
    "help.end_guardian",
    _l("End a guardian’s mandate"),
    Function.REGISTRATION,
    _would_end,
    # The guardian's matter as well: neither a ward nor a guardian in the office decides it.
    _about_both,
    _end_guardian,
    {HelpRefused: REFUSALS},
    _page,
)
APPOINT_HELPER = TwoPersonAction(
    "help.appoint",
    _l("Appoint a helper of a community"),
    Function.REGISTRATION,
    _would_appoint,
    _about_helper,
    _appoint,
    {HelpRefused: REFUSALS},
    _page,
)
