"""Two registrations that are joined: made by one, everything before the eyes of another."""

from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.merging.joined import JoiningRefused
from siweb.collection.corrections.merging.merge import Joined, join_registrations
from siweb.collection.corrections.merging.plan import Plan, lines_of, plan_of
from siweb.desk.corrections.merging.labels import REFUSALS
from siweb.desk.corrections.merging.registrations import about_both, lines_of_joined
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.labels import insurance_names


def merging_subject(person_id: int) -> str:
    """Return what a task of joining is about: one of a person waits at a time."""
    return f"merging:{person_id}"


def try_joining(
    session: Session, former: Person, person: Person, difference_paper: str, doing: Doing
) -> Plan:
    """Return what joining two registrations would change; nothing of it stays.

    :raises JoiningRefused: what stands against it.
    """
    # What stands twice is known only once the two were joined for trial.
    planned = plan_of(session, former, person, difference_paper, Joined((), ()))
    trial = session.begin_nested()
    try:
        joined = _joined(session, planned, None, doing)
    finally:
        trial.rollback()
    return plan_of(session, former, person, difference_paper, joined)


def _joined(session: Session, plan: Plan, task_id: int | None, doing: Doing) -> Joined:
    try:
        return join_registrations(
            session,
            plan.former_id,
            plan.person_id,
            is_difference_proved=bool(plan.difference_paper),
            task_id=task_id,
            actor=doing.actor,
            on=doing.on,
            at=doing.at,
        )
    except JoiningRefused as refused:
        insurances: Any = refused.facts.get("insurances")
        if insurances is None:
            raise
        raise JoiningRefused(
            refused.code, insurances=LazyString(insurance_names, insurances)
        ) from refused


def _would_join(session: Session, task: Task) -> list[Difference]:
    plan = Plan.from_dict(task.change)
    which = lines_of_joined(session, plan.former_id, plan.person_id)
    return [Difference(*change) for change in (*which, *lines_of(session, plan))]


def _join(session: Session, task: Task, doing: Doing) -> None:
    """Join the two as they were shown.

    :raises JoiningRefused: as `join_registrations` does; "changed" where something else is there
        twice, or one of them is named otherwise, by now.
    """
    plan = Plan.from_dict(task.change)
    former, person = (session.get_one(Person, key) for key in (plan.former_id, plan.person_id))
    now = plan_of(session, former, person, plan.difference_paper, plan.joined)
    done = _joined(session, plan, task.id, doing)
    if (done.twice, now.differs) != (plan.joined.twice, plan.differs):
        raise JoiningRefused("changed")


def _page(task: Task) -> str:
    return url_for("merging_desk.show_form", person_id=task.change["person_id"])


JOIN_REGISTRATIONS = TwoPersonAction(
    "person.join",
    _l("Join two registrations of one person"),
    Function.REGISTRATION,
    _would_join,
    about_both,
    _join,
    {JoiningRefused: REFUSALS},
    _page,
)
