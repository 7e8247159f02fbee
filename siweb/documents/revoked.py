"""Why a paper was revoked, as its holder may read it: the paper that the decision rests on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.documents.tables.document import Document
from siweb.tasks.tables.task import Task

REVOKED = "document.revoked"
"""The line of the log that a decision leaves; a correction that outdates papers leaves none."""


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
