"""A campaign that two people reopened."""

from datetime import timedelta

from siweb.audit.actor import Actor
from siweb.auth.tables.appointment import Function
from siweb.reviews.begin.reopen_campaign import reopen_campaign
from siweb.reviews.tables.campaign import Campaign
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.conftest import NOW


def make_task(session, number="REOPEN1", kind="campaign.reopen"):
    account, checker = (
        factories.make_account(session, factories.make_person(session)) for _each in range(2)
    )
    task = Task(
        reference=number, kind=kind, function=Function.REVIEW, subject="campaign:1",
        change={}, because="1号", due_on=NOW.date() + timedelta(days=5),
        state=TaskState.DONE, made_by_account_id=account.id, made_at=NOW,
        checked_by_account_id=checker.id, closed_at=NOW,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def reopen_now(session, campaign_id, until, number="REOPEN1"):
    task = make_task(session, number)
    by = Actor(task.made_by_account_id, None)
    campaign = session.get_one(Campaign, campaign_id)
    return reopen_campaign(
        session, campaign, until, task_id=task.id, actor=by, on=NOW.date(), at=NOW
    )
