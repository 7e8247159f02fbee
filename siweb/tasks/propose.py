"""Make a task for a second person."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.record import record_activity
from siweb.auth.staff.relatives import barred_keys
from siweb.auth.staff.subject import is_own
from siweb.db.reference_code import new_reference
from siweb.evidence.papers.keep import PaperOf, keep_paper
from siweb.evidence.papers.labels import in_office_words
from siweb.evidence.papers.paper import Because, Paper
from siweb.rules.errors import Refusal
from siweb.tasks.tables.task import Task, TaskState
from siweb.tasks.two_person_action import Doing, TwoPersonAction

# How long an action waits before the list marks it as overdue.
DAYS = 5


class ProposalRefused(Refusal):
    """When the same action waits already, it is the maker's own matter, or nobody makes it."""


def propose(
    session: Session,
    action: TwoPersonAction,
    subject: str,
    change: Mapping[str, Any],
    because: Because,
    *,
    region_code: str | None,
    person_id: int | None = None,
    employer_id: int | None = None,
    papers: Sequence[Paper] = (),
    doing: Doing,
) -> Task:
    """Return the task of an action that takes effect when somebody else has checked it.

    `person_id` and `employer_id` are whom its pages name. The action is tried now and taken back,
    so that its maker hears at once what stands against it. A paper is kept in its parts, and in
    words by the task, which what is done quotes; `papers` are others.

    :raises Refusal: as the action itself does.
    :raises ProposalRefused: "waits_already", "own_matter"; "nobody" without an account.
    """
    actor = doing.actor
    if actor.account_id is None:
        raise ProposalRefused("nobody")
    if _waits(session, action.kind, subject):
        raise ProposalRefused("waits_already")
    task = Task(
        reference=new_reference(),
        kind=action.kind,
        function=action.function,
        region_code=region_code,
        subject=subject,
        person_id=person_id,
        employer_id=employer_id,
        change=dict(change),
        because=in_office_words(because),
        due_on=doing.on + timedelta(days=DAYS),
        made_by_account_id=actor.account_id,
        made_at=doing.at,
    )
    about = action.subject(session, task)
    task.insurances = about.insurances or None
    keys = barred_keys(session, actor.person_id, on=doing.on)
    if is_own(session, about, keys=keys, account_id=actor.account_id):
        raise ProposalRefused("own_matter")
    _try(session, action, task, doing)
    _keep(session, task)
    _note(session, task, _keep_papers(session, task, because, papers), doing)
    return task


def _keep_papers(
    session: Session, task: Task, because: Because, others: Sequence[Paper]
) -> list[Paper]:
    papers = [*([because] if isinstance(because, Paper) else []), *others]
    for paper in papers:
        keep_paper(session, paper, PaperOf(task_id=task.id))
    return papers


def _waits(session: Session, kind: str, subject: str) -> bool:
    open_one = select(Task.id).where(
        Task.kind == kind, Task.subject == subject, Task.state == TaskState.OPEN
    )
    return session.scalar(open_one) is not None


def _keep(session: Session, task: Task) -> None:
    """Add a task; of two made at the same moment the index lets one through."""
    kind, subject = task.kind, task.subject
    try:
        with session.begin_nested():
            session.add(task)
    except IntegrityError as error:
        if not _waits(session, kind, subject):
            raise
        raise ProposalRefused("waits_already") from error


def _note(session: Session, task: Task, papers: Sequence[Paper], doing: Doing) -> None:
    facts: dict[str, Any] = {"kind": task.kind, "subject": task.subject}
    if papers:
        facts["rests_on"] = [paper.facts() for paper in papers]
    about = ("task", task.id)
    record_activity(
        session, "task.made", actor=doing.actor, at=doing.at, subject=about, facts=facts
    )


def _try(session: Session, action: TwoPersonAction, task: Task, doing: Doing) -> None:
    trial = session.begin_nested()
    try:
        action.do(session, task, doing)
    finally:
        trial.rollback()
