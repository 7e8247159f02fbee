"""The second person of every action that takes two."""

from sqlalchemy import select

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.desk.tasks.actions import ACTIONS
from siweb.registry.packs.in_force import packs_in_force
from siweb.tasks.check import approve
from siweb.tasks.tables.task import Task, TaskState
from siweb.tasks.two_person_action import Doing
from tests import factories


def check_all(session):
    """Let somebody who made nothing check everything that waits."""
    session.expire_all()
    waiting = session.scalars(
        select(Task).where(Task.state == TaskState.OPEN).order_by(Task.id)
    ).all()
    if not waiting:
        return
    checker = factories.make_person(session, name="复核员")
    account = factories.make_account(session, checker)
    actor = Actor(account.id, checker.id, Channel.DESK)
    for task in waiting:
        doing = Doing(actor, clock.now(), packs_in_force(session))
        approve(session, task, ACTIONS[task.kind], doing)
    session.commit()
