"""Do an action about a person as two people do it, for the messages that it leads to."""

from typing import Any

from siweb.audit.actor import Actor
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task, TaskState
from siweb.tasks.two_person_action import Doing, TwoPersonAction
from tests import factories
from tests.conftest import NOW


def do_by_two(office: Any, action: TwoPersonAction, change: dict[str, Any]) -> Person:
    """Do an action about the office's person; return the person."""
    session, person = office.session, office.person
    clerks = [factories.make_person(session) for _each in range(2)]
    maker, checker = (factories.make_account(session, each) for each in clerks)
    task = Task(
        reference="T9", kind=action.kind, function=action.function, subject="x:1",
        change={"person_id": person.id, **change}, because="核查决定1号", due_on=NOW.date(),
        state=TaskState.DONE, made_by_account_id=maker.id, made_at=NOW,
        checked_by_account_id=checker.id, closed_at=NOW,
    )  # fmt: skip
    session.add(task)
    session.flush()
    doing = Doing(Actor(checker.id, clerks[1].id), NOW, packs_in_force(session))
    action.do(session, task, doing)
    return person
