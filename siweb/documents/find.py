"""Find a document for the person it was issued to."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from siweb.auth.acting import may_act_for
from siweb.db.reference_code import normalise
from siweb.documents.tables.document import Document
from siweb.documents.tables.verification import Verification
from siweb.registry.person_keys import is_of


class Verifications(NamedTuple):
    """How often others verified a document, and when last."""

    number: int
    last_at: datetime | None


def find_own_document(
    session: Session, reference: str, person_id: int, account_id: int, *, on: date
) -> Document | None:
    """Return the person's own document of that reference; None for others' and for none.

    What somebody got in an employer's name is the employer's: it closes with the mandate.
    """
    return session.scalar(
        select(Document).where(
            Document.reference == normalise(reference),
            is_of(Document.person_id, person_id),
            or_(
                Document.employer_id.is_(None),
                may_act_for(account_id, Document.employer_id, on=on),
            ),
        )
    )


def verifications_of(session: Session, document_id: int) -> Verifications:
    """Return how often a document was verified."""
    number, last_at = session.execute(
        select(func.count(), func.max(Verification.verified_at)).where(
            Verification.document_id == document_id
        )
    ).one()
    return Verifications(number, last_at)
