"""Find a document for the person it was issued to."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.db.reference_code import normalise
from siweb.documents.tables.document import Document
from siweb.documents.tables.document_check import DocumentCheck


class Checks(NamedTuple):
    """How often others checked a document, and when last."""

    number: int
    last_at: datetime | None


def find_own_document(session: Session, reference: str, person_id: int) -> Document | None:
    """Return the person's own document of that reference; None for others' and for none."""
    return session.scalar(
        select(Document).where(
            Document.reference == normalise(reference), Document.person_id == person_id
        )
    )


def checks_of(session: Session, document_id: int) -> Checks:
    """Return how often a document was checked."""
    number, last_at = session.execute(
        select(func.count(), func.max(DocumentCheck.checked_at)).where(
            DocumentCheck.document_id == document_id
        )
    ).one()
    return Checks(number, last_at)
