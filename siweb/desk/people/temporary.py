"""Note that an account is a temporary one, or that it is none: made by one and checked by another.

It touches rights: nothing comes into a temporary account, and the pension is paid elsewhere.
"""

from dataclasses import replace
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.people.labels import REFUSALS
from siweb.desk.subjects import of_person
from siweb.ledgers.account.close import AccountRefused
from siweb.ledgers.account.temporary import end_temporary, make_temporary
from siweb.pensions.place import place_name
from siweb.registry.codes import Insurance
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day


def _person_of(task: Task) -> int:
    return int(task.change["person_id"])


def _page(task: Task) -> str:
    return url_for("people_desk.show_part", person_id=_person_of(task), part="account")


def _about(session: Session, task: Task) -> Subject:
    found = of_person(session, _person_of(task))
    subject = found or Subject(frozenset(), frozenset({_person_of(task)}))
    return replace(subject, insurances=frozenset({Insurance.PENSION}))


def _joined_on(task: Task) -> date:
    return date.fromisoformat(task.change["joined_on"])


def _would_be_temporary(_session: Session, task: Task) -> list[Difference]:
    return [
        Difference(_("Pension account"), _("ordinary"), _("temporary")),
        Difference(_("Household registered in"), "—", place_name(task.change["household"])),
        Difference(_("First day at work here"), "—", day(_joined_on(task))),
    ]


def _make_temporary(session: Session, task: Task, doing: Doing) -> None:
    make_temporary(
        session,
        session.get_one(Person, _person_of(task)),
        task.change["household"],
        _joined_on(task),
        packs=doing.packs,
        on=doing.on,
        actor=doing.actor,
        at=doing.at,
    )


def _would_be_ordinary(_session: Session, _task: Task) -> list[Difference]:
    return [Difference(_("Pension account"), _("temporary"), _("ordinary"))]


def _make_ordinary(session: Session, task: Task, doing: Doing) -> None:
    """End that the account is a temporary one.

    :raises AccountRefused: when none is there any more.
    """
    person_id = _person_of(task)
    if not end_temporary(session, person_id, on=doing.on, actor=doing.actor, at=doing.at):
        raise AccountRefused("temporary_none")


TEMPORARY = TwoPersonAction(
    "account.temporary",
    _l("Note a temporary pension account"),
    Function.FINANCE,
    _would_be_temporary,
    _about,
    _make_temporary,
    {AccountRefused: REFUSALS},
    _page,
)
ORDINARY = TwoPersonAction(
    "account.ordinary",
    _l("Make a temporary pension account an ordinary one"),
    Function.FINANCE,
    _would_be_ordinary,
    _about,
    _make_ordinary,
    {AccountRefused: REFUSALS},
    _page,
)
