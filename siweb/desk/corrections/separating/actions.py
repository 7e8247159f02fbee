"""Two registrations that are separated: made by one, everything before the eyes of another."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.merging.apart import Apart, apart_of, lines_of_apart
from siweb.collection.corrections.merging.joined import JoiningRefused
from siweb.collection.corrections.merging.separate import separate_registrations
from siweb.desk.corrections.merging.labels import REFUSALS
from siweb.desk.corrections.merging.registrations import about_both, lines_of_separated
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction


def separating_subject(former_id: int) -> str:
    """Return what a task of separating is about: the key that goes."""
    return f"separating:{former_id}"


def try_separating(session: Session, former_id: int, person_id: int, doing: Doing) -> Apart:
    """Return what separating two registrations would change; nothing of it stays.

    :raises JoiningRefused: what stands against it.
    """
    trial = session.begin_nested()
    try:
        return _separated(session, former_id, person_id, doing)
    finally:
        trial.rollback()


def _separated(session: Session, former_id: int, person_id: int, doing: Doing) -> Apart:
    done = separate_registrations(session, former_id, actor=doing.actor, on=doing.on, at=doing.at)
    return apart_of(session, former_id, person_id, done)


def _would_separate(session: Session, task: Task) -> list[Difference]:
    apart = Apart.from_dict(task.change)
    which = lines_of_separated(session, apart.former_id, apart.person_id)
    return [Difference(*change) for change in (*which, *lines_of_apart(session, apart))]


def _separate(session: Session, task: Task, doing: Doing) -> None:
    """Separate the two as they were shown.

    :raises JoiningRefused: as `separate_registrations` does; "changed" where something else runs
        or was billed by now.
    """
    shown = Apart.from_dict(task.change)
    done = _separated(session, shown.former_id, shown.person_id, doing)
    if not done.is_as_shown(shown):
        raise JoiningRefused("changed")


def _page(task: Task) -> str:
    # Once they are apart there is nothing to separate.
    if task.closed_at is None:
        return url_for("separating_desk.show_separation", person_id=task.change["former_id"])
    return url_for("merging_desk.show_form", person_id=task.change["person_id"])


SEPARATE_REGISTRATIONS = TwoPersonAction(
    "person.separate",
    _l("Separate two registrations"),
    Function.REGISTRATION,
    _would_separate,
    about_both,
    _separate,
    {JoiningRefused: REFUSALS},
    _page,
)
