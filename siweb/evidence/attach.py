"""Attach scans to the matter that they are of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.reference_code import new_reference
from siweb.evidence.scan import Scan
from siweb.evidence.scan_refused import ScanRefused
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone, FileStore

# Whoever has more to show comes to the counter.
MOST_OF_MATTER = 30


@dataclass(frozen=True, slots=True)
class Matter:
    """What scans belong to: one of these."""

    task_id: int | None = None
    complaint_id: int | None = None
    review_id: int | None = None


def attach(
    session: Session,
    files: FileStore,
    scans: Iterable[Scan],
    matter: Matter,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep scans with a matter, as long as it is kept; the caller commits.

    :raises ScanRefused: "gone" when a draft is not kept any more; "matter_full".
    """
    given = list(scans)
    if not given:
        return
    there = set(session.scalars(select(EvidenceFile.digest).where(is_of(matter))))
    if len(there.union(scan.digest for scan in given)) > MOST_OF_MATTER:
        raise ScanRefused("matter_full", most=MOST_OF_MATTER)
    for scan in given:
        if scan.digest in there:
            # Sent twice it is one, as the matter is.
            continue
        kept = EvidenceFile(
            reference=new_reference(16),
            task_id=matter.task_id,
            complaint_id=matter.complaint_id,
            review_id=matter.review_id,
            media_type=scan.media_type,
            digest=_keep(session, files, scan, at),
            size=scan.size,
            pages=scan.pages,
            attached_by_account_id=actor.account_id,
            attached_at=at,
        )
        session.add(kept)
        session.flush()
        subject = ("evidence_file", kept.id)
        record_activity(session, "evidence.attached", actor=actor, at=at, subject=subject)


def is_of(matter: Matter) -> ColumnElement[bool]:
    """Return the condition that a scan belongs to a matter."""
    return and_(
        EvidenceFile.task_id == matter.task_id,
        EvidenceFile.complaint_id == matter.complaint_id,
        EvidenceFile.review_id == matter.review_id,
    )


def _keep(session: Session, files: FileStore, scan: Scan, at: datetime) -> str:
    if scan.source is not None:
        return files.keep(session, FileKind.EVIDENCE, scan.source, at=at)
    try:
        with (
            files.opened(session, FileKind.EVIDENCE_DRAFT, scan.digest) as draft,
            draft.open("rb") as source,
        ):
            # A copy of its own, kept as long as the matter:
            # the draft goes with the others, after some days.
            return files.keep(session, FileKind.EVIDENCE, source, at=at)
    except FileGone:
        raise ScanRefused("gone") from None
