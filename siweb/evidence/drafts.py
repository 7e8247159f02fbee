"""Keep the scans of a form that is shown again: nobody chooses a file twice."""

from datetime import datetime
from io import BytesIO
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from siweb import clock
from siweb.auth.access import visitor
from siweb.auth.sign_in.proof import KEEPS_FILES
from siweb.evidence.content.examine import LARGEST, examine
from siweb.evidence.scan import KEPT, Scan
from siweb.evidence.scan_refused import ScanRefused
from siweb.evidence.scanning.scanner import VirusScanner
from siweb.files.kept_file import FileKind, KeptFile
from siweb.files.store import FileStore
from siweb.web.database import db_session
from siweb.web.file_store import file_store

SCANNER = "siweb_scanner"
FIELD = "scans"
"""How every field of scans is called, behind its form's prefix."""
# Of all drafts together, in bytes.
MOST_DRAFTS = 1 << 30
# Stands in a kept form for a file that was refused: its field says so.
NOT_KEPT = "-"


def take_in(file: FileStorage) -> Scan:
    """Return the scan of an uploaded file.

    :raises ScanRefused: as `examine` and the scanner do.
    """
    # One byte more than may be tells that a file is too large, without reading all of it.
    content = file.stream.read(LARGEST + 1)
    found = examine(content)
    # Asked last, and only of what would be taken in.
    cast("VirusScanner", current_app.extensions[SCANNER]).require_clean(content)
    return Scan.of(content, found, BytesIO(content))


def keep_draft(session: Session, files: FileStore, scan: Scan, *, at: datetime) -> None:
    """Keep a scan until its form is sent again; the caller commits."""
    if scan.source is not None:
        files.keep(session, FileKind.EVIDENCE_DRAFT, scan.source, at=at)


def forget_drafts(session: Session, files: FileStore, *, at: datetime) -> int:
    """Delete the scans whose forms were never sent; return how many. The caller commits."""
    return files.forget(session, FileKind.EVIDENCE_DRAFT, before=at - KEPT)


def show_in_form(scan: Scan) -> str:
    """Return what stands for a scan in the form that is shown, and keep it after the answer."""
    g.setdefault("scans_shown", []).append(scan)
    return scan.token(visitor().account_id, at=clock.now())


def _keep_shown(response: Response) -> Response:
    """Keep what the page that was just made refers to; what was tried for it is taken back."""
    shown: list[Scan] = [scan for scan in g.pop("scans_shown", []) if scan.source is not None]
    if shown:
        session = db_session()
        session.rollback()
        if not _is_full(session):
            for scan in shown:
                keep_draft(session, file_store(), scan, at=clock.now())
        session.commit()
    return response


def _is_full(session: Session) -> bool:
    """Return whether as much waits as may: what is sent over and over fills no disk."""
    kept = select(func.sum(KeptFile.size)).where(KeptFile.kind == FileKind.EVIDENCE_DRAFT)
    return (session.scalar(kept) or 0) > MOST_DRAFTS


def _keep_with_form() -> list[tuple[str, str]]:
    """Keep the scans of a form that waits for a proof; return the fields that stand for them."""
    kept = []
    for name, file in request.files.items(multi=True):
        if not file.filename or not (name == FIELD or name.endswith(f"-{FIELD}")):
            continue
        try:
            scan = take_in(file)
        except ScanRefused:
            kept.append((name, NOT_KEPT))
            continue
        if not _is_full(db_session()):
            keep_draft(db_session(), file_store(), scan, at=clock.now())
        # Where there was no room, the field says that the scan is gone, and it is chosen again.
        kept.append((name, scan.token(visitor().account_id, at=clock.now())))
    return kept


def install(app: Flask, scanner: VirusScanner) -> None:
    """Let forms bring scans."""
    app.extensions[SCANNER] = scanner
    app.extensions[KEEPS_FILES] = _keep_with_form
    app.after_request(_keep_shown)
