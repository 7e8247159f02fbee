"""Issue a document: freeze what it says, give it a reference and a code."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.db.reference_code import new_reference
from siweb.documents.payload import Words
from siweb.documents.proof.journal.note import note_issued
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.verification_code import code_hash, verification_code
from siweb.registry.regions.shown_office import shown_office
from siweb.registry.tables.region import Region


class IssuedDocument(NamedTuple):
    """What its holder is given; `code` belongs on the paper and to its holder only."""

    reference: str
    code: str
    document_id: int
    # The one already issued may have been revoked since: it is handed out to nobody as good.
    is_revoked: bool = False


def issue_document(
    session: Session,
    *,
    kind: DocumentKind,
    subject: tuple[str, int | str],
    person_id: int | None,
    region_code: str,
    payload: Mapping[str, Any],
    secret: str,
    at: datetime,
    actor: Actor,
    employer_id: int | None = None,
    valid_days: int | None = None,
    supersedes: Document | None = None,
) -> IssuedDocument:
    """Return the document of this kind about `subject`: a new one, or the one already issued.

    It is a person's or an employer's. `payload` comes from one of `siweb.documents.payload`'s
    functions, `secret` from `siweb.documents.secret`; the names of the region and of the office are
    kept with it: what it is called later does not change a paper. With
    `supersedes` a further version is made and the older revoked.
    """
    version = 1 if supersedes is None else supersedes.version + 1
    issued = _issued(session, kind, subject, version)
    if issued is None:
        frozen = {**payload, "region": _region_name(session, region_code), **_office_name(session)}
        document = _new_document(kind, subject, version, region_code, frozen, secret, at)
        document.person_id, document.employer_id = person_id, employer_id
        if valid_days is not None:
            document.valid_until_on = office_day(at) + timedelta(days=valid_days)
        if supersedes is not None:
            document.supersedes_id = supersedes.id
            # What was revoked before keeps its own moment.
            supersedes.revoked_at = supersedes.revoked_at or at
        issued = _keep(session, document, actor, at) or _issued(session, kind, subject, version)
        if issued is None:
            raise RuntimeError("a document that is there already cannot be found")
    code = verification_code(secret, issued.reference)
    return IssuedDocument(issued.reference, code, issued.id, issued.revoked_at is not None)


def _keep(session: Session, document: Document, actor: Actor, at: datetime) -> Document | None:
    """Add a new document; None when somebody else issued it between our look and our insert."""
    try:
        # A savepoint: the unique key refuses the second of two, and its transaction lives on.
        with session.begin_nested():
            session.add(document)
    except IntegrityError:
        return None
    note_issued(session, document)
    record_activity(
        session,
        "document.issued",
        actor=actor,
        at=at,
        subject=("document", document.id),
        person_id=document.person_id,
        facts={"kind": document.kind.value, "reference": document.reference},
    )
    return document


def content_hash(payload: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a document says."""
    # Keys in one order and no spaces: a database may give JSON back in another shape.
    line = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def _issued(
    session: Session, kind: DocumentKind, subject: tuple[str, int | str], version: int
) -> Document | None:
    return session.scalar(
        select(Document).where(
            Document.kind == kind,
            Document.subject_kind == subject[0],
            Document.subject_id == str(subject[1]),
            Document.version == version,
        )
    )


def _office_name(session: Session) -> dict[str, Words]:
    shown = shown_office(session)
    # A demonstration has no office of its own: its papers name the region alone.
    return {} if shown is None else {"office": {"zh_Hans": shown.name_zh, "en": shown.name_en}}


def _region_name(session: Session, code: str) -> Words:
    region = session.get(Region, code)
    return {"zh_Hans": region.name_zh, "en": region.name_en} if region else {}


def _new_document(
    kind: DocumentKind,
    subject: tuple[str, int | str],
    version: int,
    region_code: str,
    payload: Mapping[str, Any],
    secret: str,
    at: datetime,
) -> Document:
    reference = new_reference()
    return Document(
        reference=reference,
        kind=kind,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        version=version,
        region_code=region_code,
        payload=dict(payload),
        content_hash=content_hash(payload),
        code_hash=code_hash(verification_code(secret, reference)),
        issued_at=at,
    )
