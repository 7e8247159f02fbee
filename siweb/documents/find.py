"""Find a document for the person it was issued to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.acting import may_act_for
from siweb.db.among import among
from siweb.db.reference_code import normalise
from siweb.documents.tables.document import Document
from siweb.documents.tables.verification import Verification, VerificationResult
from siweb.registry.person_keys import is_of

# Of one paper the last checks are listed; how many there were is counted.
_LISTED_CHECKS = 10


class Verifications(NamedTuple):
    """How often others verified a document, and when: the last ones, the latest first."""

    number: int
    listed: Sequence[tuple[datetime, VerificationResult]] = ()

    @property
    def last_at(self) -> datetime | None:
        """Return when it was verified last."""
        return self.listed[0][0] if self.listed else None


def find_own_document(
    session: Session, reference: str, person_id: int, account_id: int, *, on: date
) -> Document | None:
    """Return the person's own document of that reference; None for others' and for none.

    What somebody got in an employer's name is the employer's: it closes with the mandate.
    """
    return session.scalar(
        select(Document).where(
            Document.reference == normalise(reference), *_own(person_id, account_id, on)
        )
    )


def own_documents(
    session: Session, person_id: int, account_id: int, *, on: date, most: int, page: int = 1
) -> tuple[Sequence[Document], bool]:
    """Return a page of a person's documents, the newest first, and whether there are more.

    Of a document that was issued anew only the newest version is there; the older ones lead to it.
    """
    asked = {
        "person_id": person_id,
        "account_id": account_id,
        "on": on,
        "most": most + 1,
        "before": (page - 1) * most,
    }
    found = session.scalars(_PAPERS, asked).all()
    return found[:most], len(found) > most


def verifications_of(session: Session, document_id: int) -> Verifications:
    """Return how often a document was verified, and when."""
    of_document = Verification.document_id == document_id
    number = session.scalar(select(func.count()).where(of_document)) or 0
    listed = session.execute(
        select(Verification.verified_at, Verification.result)
        .where(of_document)
        .order_by(Verification.verified_at.desc(), Verification.id.desc())
        .limit(_LISTED_CHECKS)
    )
    return Verifications(number, [(row[0], row[1]) for row in listed])


def verified_last(session: Session, papers: Sequence[Document]) -> dict[int, tuple[int, datetime]]:
    """Return of the papers of a page those that were verified: how often, and when last."""
    rows = session.execute(
        select(Verification.document_id, func.count(), func.max(Verification.verified_at))
        .where(among(Verification.document_id, [paper.id for paper in papers]))
        .group_by(Verification.document_id)
    )
    return {int(row[0] or 0): (row[1], row[2]) for row in rows}


def _own(person_id: Any, account_id: Any, on: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        is_of(Document.person_id, person_id),
        or_(
            Document.employer_id.is_(None),
            may_act_for(account_id, Document.employer_id, on=on),
        ),
    )


_newer = aliased(Document)
# By the key of what was asked for: who superseded whom is no step into an index.
_IS_REPLACED = exists().where(
    _newer.kind == Document.kind,
    _newer.subject_kind == Document.subject_kind,
    _newer.subject_id == Document.subject_id,
    _newer.version > Document.version,
)
_PAPERS = (
    select(Document)
    .where(
        *_own(bindparam("person_id"), bindparam("account_id"), bindparam("on", type_=Date())),
        ~_IS_REPLACED,
    )
    .order_by(Document.issued_at.desc(), Document.id.desc())
    .limit(bindparam("most", type_=Integer()))
    .offset(bindparam("before", type_=Integer()))
)
