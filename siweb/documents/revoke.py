"""Take papers back whose words were corrected, and say why somebody decided to revoke one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.documents.tables.document import Document
from siweb.messages.kinds.papers import PAPERS_REVOKED
from siweb.messages.notify import notify
from siweb.tasks.tables.task import Task

REVOKED = "document.revoked"
"""The line of the log that a decision leaves; a correction that outdates papers leaves none."""


def revoke_papers(session: Session, papers: Iterable[Document], *, at: datetime) -> None:
    """Revoke papers of people; each owner is told once, however many there are.

    Whoever gave a bank one of them has to hear it from the office before the bank does.
    """
    owners: dict[int, str] = {}
    for paper in papers:
        paper.revoked_at = at
        # What is in an employer's name is the employer's paper, whoever asked for it.
        if paper.person_id is not None and paper.employer_id is None:
            owners[paper.person_id] = paper.region_code
    for person_id, region in sorted(owners.items()):
        about = ("papers", person_id)
        notify(session, PAPERS_REVOKED, person_id, region_code=region, subject=about, at=at)


def revoked_because(session: Session, document: Document) -> str | None:
    """Return what the decision to revoke a paper rests on, or None where none was taken.

    By the log, which is found by its subject: of tasks that are done no index knows the paper.
    """
    facts = session.scalar(
        select(Activity.facts)
        .where(
            Activity.subject_kind == "document",
            Activity.subject_id == str(document.id),
            Activity.action == REVOKED,
        )
        .limit(1)
    )
    if not facts:
        return None
    return session.scalar(select(Task.because).where(Task.reference == facts.get("task")))
