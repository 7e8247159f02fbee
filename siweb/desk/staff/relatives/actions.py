"""The end of a declared relation: it gives back what somebody may do, so that two decide it."""

from datetime import date

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.relatives import RelationRefused, end_relation
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.staff_relation import StaffRelation
from siweb.desk.staff.relatives.labels import REFUSALS, RELATIONS
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day


def relation_subject(relation_id: int) -> str:
    """Return what a task that ends a relation is about."""
    return f"staff_relation:{relation_id}"


def _relation(session: Session, task: Task) -> StaffRelation:
    return session.get_one(StaffRelation, task.change["relation_id"])


def _about(session: Session, task: Task) -> Subject:
    """It is the matter of both: neither decides that they are strangers."""
    relation = _relation(session, task)
    return Subject(frozenset(), frozenset({relation.person_id, relation.relative_id}))


def _would_end(session: Session, task: Task) -> list[Difference]:
    relation = _relation(session, task)
    name = session.get_one(Person, relation.relative_id).name
    before = f"{RELATIONS[relation.relation]} · {day(relation.since_on)}"
    return [Difference(name, before, day(date.fromisoformat(task.change["until_on"])))]


def _end(session: Session, task: Task, doing: Doing) -> None:
    until_on = date.fromisoformat(task.change["until_on"])
    end_relation(session, _relation(session, task), until_on, actor=doing.actor, at=doing.at)


def _page(task: Task) -> str:
    return url_for("relative_desk.show_relatives", appointment_id=task.change["appointment_id"])


RELATION_ENDS = TwoPersonAction(
    "staff.relation_ends",
    _l("End a declared relation"),
    Function.ADMINISTRATION,
    _would_end,
    _about,
    _end,
    {RelationRefused: REFUSALS},
    _page,
)
