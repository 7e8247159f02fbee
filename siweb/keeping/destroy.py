"""Destroy scans whose term is over: their rows and files go, the register says what they were."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.keeping.due import DueScan, is_still_due
from siweb.keeping.refusal import KeepingRefused
from siweb.keeping.tables.destruction import Destruction, DestructionLine
from siweb.keeping.tables.keeping_term import KeepingTerm
from siweb.keeping.terms import closed_before


def list_digest(lines: Sequence[tuple[str, str, str]]) -> str:
    """Return the SHA-256 of a list: number of each scan, its case, the hash of its content."""
    written = json.dumps([list(line) for line in lines], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def lines_of(scans: Sequence[DueScan]) -> list[tuple[str, str, str]]:
    """Return scans as their list has them."""
    return [(scan.file.reference, scan.case_number, scan.file.digest) for scan in scans]


def require_due(
    session: Session, term: KeepingTerm | None, references: Sequence[str], on: date
) -> list[DueScan]:
    """Return the scans of a list that may be destroyed as it stands.

    :raises KeepingRefused: "no_term", "nothing_due", or "list_changed" when a case was held or
        taken up again, or the term was set anew, since the list was made.
    """
    if term is None or term.years is None:
        raise KeepingRefused("no_term")
    if not references:
        raise KeepingRefused("nothing_due")
    scans = is_still_due(session, term, references, on)
    if scans is None:
        raise KeepingRefused("list_changed")
    return scans


def destroy(
    session: Session,
    files: FileStore,
    term: KeepingTerm | None,
    references: Sequence[str],
    *,
    task_id: int,
    actor: Actor,
    on: date,
    at: datetime,
) -> Destruction:
    """Destroy what a list names; the caller commits, and all of it goes or nothing.

    A content that another case has as well stays with that one. Where files lie outside the
    database the next day's run takes them away, so that a transaction that fails loses none.

    :raises KeepingRefused: what `require_due` refuses.
    """
    scans = require_due(session, term, references, on)
    assert term is not None
    assert term.years is not None
    row = Destruction(
        region_code=term.region_code,
        kept_class=term.kept_class,
        scans=len(scans),
        size=sum(scan.file.size for scan in scans),
        closed_before=closed_before(term.years, on),
        keeping_term_id=term.id,
        digest=list_digest(lines_of(scans)),
        destroyed_at=at,
        task_id=task_id,
    )
    session.add(row)
    session.flush()
    session.add_all(_lines(row, scans))
    _take_away(session, files, scans)
    record_activity(
        session,
        "evidence.destroyed",
        actor=actor,
        at=at,
        subject=("destruction", row.id),
        facts={"scans": row.scans, "digest": row.digest},
    )
    return row


def _lines(row: Destruction, scans: Sequence[DueScan]) -> Iterator[DestructionLine]:
    for scan in scans:
        yield DestructionLine(
            destruction_id=row.id,
            scan_number=scan.file.reference,
            case_number=scan.case_number,
            content_digest=scan.file.digest,
            attached_on=scan.attached_on,
            closed_on=scan.closed_on,
        )


def _take_away(session: Session, files: FileStore, scans: Sequence[DueScan]) -> None:
    """Delete scans, and their contents where no other case has the same."""
    digests = {scan.file.digest for scan in scans}
    ids = [scan.file.id for scan in scans]
    session.execute(delete(EvidenceFile).where(EvidenceFile.id.in_(ids)))
    elsewhere = session.scalars(
        select(EvidenceFile.digest).where(EvidenceFile.digest.in_(sorted(digests))).distinct()
    ).all()
    files.forget_these(session, FileKind.EVIDENCE, digests - set(elsewhere))
