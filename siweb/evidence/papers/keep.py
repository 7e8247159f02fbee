"""Keep the paper of a deed, and find it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.evidence.papers.paper import Because, Paper
from siweb.evidence.tables.evidence_paper import EvidencePaper


@dataclass(frozen=True, slots=True)
class PaperOf:
    """What rests on a paper: one of these."""

    task_id: int | None = None
    mandate_id: int | None = None
    transfer_event_id: int | None = None
    message_service_id: int | None = None


def keep_paper(session: Session, because: Because | None, of: PaperOf) -> EvidencePaper | None:
    """Keep the paper of a deed in its parts; words are kept by the deed itself."""
    if not isinstance(because, Paper):
        return None
    kept = EvidencePaper(
        task_id=of.task_id,
        mandate_id=of.mandate_id,
        transfer_event_id=of.transfer_event_id,
        message_service_id=of.message_service_id,
        kind=because.kind,
        called=because.called,
        number=because.number,
        issued_on=because.issued_on,
    )
    session.add(kept)
    session.flush()
    return kept


def papers_of(session: Session, task_id: int) -> Sequence[EvidencePaper]:
    """Return the papers of a task, the first one first."""
    asked = select(EvidencePaper).where(EvidencePaper.task_id == task_id)
    return session.scalars(asked.order_by(EvidencePaper.id)).all()
