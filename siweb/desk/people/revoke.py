"""Revoke a paper that should not be believed any more: made by one and checked by another.

Corrections take back what they outdate by themselves; this is for a certificate that is wrong, or
in wrong hands, while nothing in the books changes.
"""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.record import record_activity
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.subjects import of_person
from siweb.documents.kinds import KINDS, SAYS_WHO
from siweb.documents.revoke import REVOKED
from siweb.documents.tables.document import Document
from siweb.messages.kinds.papers import PAPER_REVOKED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.rules.errors import Refusal
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction


class RevocationRefused(Refusal):
    """When a paper is not revoked: "paper_gone", no certificate of theirs that still counts."""


REFUSALS = {"paper_gone": _l("This paper is not valid any more.")}


def is_revocable(paper: Document) -> bool:
    """Return whether a paper may be revoked: others believe certificates; a receipt stays true."""
    return paper.kind in SAYS_WHO and paper.revoked_at is None


def _person_of(task: Task) -> int:
    return int(task.change["person_id"])


def _about(session: Session, task: Task) -> Subject:
    found = of_person(session, _person_of(task))
    return found or Subject(frozenset(), frozenset({_person_of(task)}))


def _paper(session: Session, task: Task, *, for_update: bool = False) -> Document | None:
    asked = select(Document).where(
        Document.reference == task.change["reference"], is_of(Document.person_id, _person_of(task))
    )
    return session.scalar(asked.with_for_update() if for_update else asked)


def _would_revoke(session: Session, task: Task) -> list[Difference]:
    paper = _paper(session, task)
    named: Any = "—" if paper is None else KINDS[paper.kind]
    return [Difference(str(named), task.change["reference"], str(_l("revoked")))]


def _revoke(session: Session, task: Task, doing: Doing) -> None:
    """Revoke the paper, and tell whose it is.

    :raises RevocationRefused: when it is gone, or was revoked or ran out meanwhile.
    """
    paper = _paper(session, task, for_update=True)
    if paper is None or not is_revocable(paper):
        raise RevocationRefused("paper_gone")
    paper.revoked_at = doing.at
    session.flush()
    record_activity(
        session,
        REVOKED,
        actor=doing.actor,
        at=doing.at,
        subject=("document", paper.id),
        person_id=_person_of(task),
        # Its holder reads on the paper's page what the decision rests on.
        facts={"task": task.reference},
    )
    notify(
        session,
        PAPER_REVOKED,
        _person_of(task),
        region_code=paper.region_code,
        subject=("document", paper.id),
        at=doing.at,
    )


REVOKE_PAPER = TwoPersonAction(
    "paper.revoke",
    _l("Revoke a paper"),
    Function.REGISTRATION,
    _would_revoke,
    _about,
    _revoke,
    {RevocationRefused: REFUSALS},
    lambda task: url_for("people_desk.show_part", person_id=_person_of(task), part="papers"),
)
