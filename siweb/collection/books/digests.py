"""What says its own digest is held to it: ID numbers, papers, packs.

This needs no seal, and names what was changed before one.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import LargeBinary, select, type_coerce
from sqlalchemy.orm import Session

from siweb.db.sealing.field_keys import end_digest, field_keys, number_digest
from siweb.documents.issue import content_hash
from siweb.documents.tables.document import Document
from siweb.registry.tables.former_number import FormerNumber
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.secret_keys import SecretFault

_ROWS = 1000


def unlike_their_digests(session: Session) -> Iterator[str]:
    """Yield what does not have the digest that it says."""
    yield from _numbers(session, PersonIdentity)
    yield from _numbers(session, FormerNumber)
    yield from _papers(session)
    yield from _packs(session)


def _numbers(session: Session, numbered: Any) -> Iterator[str]:
    rows = session.execute(
        select(
            numbered.person_id,
            # Still sealed: opened below one by one, so that one that does not open names its row.
            type_coerce(numbered.__table__.c.number, LargeBinary()),
            numbered.digest,
            numbered.end_digest,
        )
        .order_by(*numbered.__table__.primary_key)
        .execution_options(yield_per=_ROWS)
    )
    keys = field_keys()
    for person_id, kept, digest, end in rows:
        try:
            number = keys.unseal(bytes(kept))
        except SecretFault as fault:
            yield f"{numbered.__tablename__} {person_id}: {fault}"
            continue
        if (number_digest(number), end_digest(number)) != (digest, end):
            yield (f"{numbered.__tablename__} {person_id}: the number is not that of its digest")


def _papers(session: Session) -> Iterator[str]:
    paper = Document
    rows = session.execute(
        select(paper.reference, paper.payload, paper.content_hash)
        .order_by(paper.id)
        .execution_options(yield_per=_ROWS)
    )
    for reference, payload, digest in rows:
        if content_hash(payload) != digest:
            yield f"document {reference}: what it says is not that of its digest"


def _packs(session: Session) -> Iterator[str]:
    pack = ParameterPack
    rows = session.execute(
        select(pack.region, pack.imported_at, pack.content, pack.digest).order_by(pack.id)
    )
    for region, at, content, digest in rows:
        if hashlib.sha256(content.encode()).hexdigest() != digest:
            yield (
                f"parameter_pack {region} {at.isoformat()}: what it says is not that of its digest"
            )
