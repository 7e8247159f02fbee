"""Take a sheet in: one filing per file, its rows checked and kept portion by portion."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.drafts.open import (
    count_codes,
    filing_terms,
    insert_rows,
    mark_doubles,
    open_filing,
)
from siweb.filings.drafts.totals import totals_of
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.read_rows import SheetRow
from siweb.filings.sheets.reader_process import read_beside
from siweb.filings.tables.filing import Filing
from siweb.filings.validation.validate_rows import Given
from siweb.queue.enqueue import enqueue
from siweb.queue.job import Job

JOB = "filings.read_sheet"
SEND = "filings.send"
# More rows than these are applied in the background.
MOST_AT_ONCE = 2_000
PORTION = 5_000
KEPT = timedelta(days=92)
_PIECE = 1 << 20


def keep_upload(source: BinaryIO, folder: Path) -> tuple[Path, str]:
    """Write an upload to disk piece by piece; return its place and the hash of its content."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    source.seek(0)
    while piece := source.read(_PIECE):
        digest.update(piece)
    file = folder / f"{digest.hexdigest()}.sheet"
    if not file.exists():
        source.seek(0)
        growing = file.with_suffix(".growing")
        with growing.open("wb") as target:
            while piece := source.read(_PIECE):
                target.write(piece)
        growing.replace(file)
    return file, digest.hexdigest()


def forget_uploads(folder: Path, *, at: datetime) -> int:
    """Delete the files of three months ago; the filings that they became stay. Return how many."""
    old = [
        file
        for file in folder.glob("*")
        if file.is_file() and datetime.fromtimestamp(file.stat().st_mtime, at.tzinfo) < at - KEPT
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def open_sheet(
    session: Session,
    employer_id: int,
    kind: FilingKind,
    *,
    content: str,
    file_name: str,
    defaults: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> tuple[Filing, bool]:
    """Return the filing of a file, and whether it is new: the same file is the same filing."""
    said = f"{content}|{json.dumps(defaults, sort_keys=True)}"
    key = hashlib.sha256(said.encode()).hexdigest()
    known = session.scalar(
        select(Filing).where(
            Filing.employer_id == employer_id, Filing.kind == kind, Filing.content_hash == key
        )
    )
    if known is not None:
        return known, False
    filing = open_filing(
        session,
        employer_id,
        kind,
        origin="sheet",
        actor=actor,
        at=at,
        file_name="".join(filter(str.isprintable, file_name))[-200:],
        content_hash=key,
        defaults={"answers": dict(defaults), "content": content},
    )
    return filing, True


def wish_reading(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> Job:
    """Ask for the sheet of a filing to be read."""
    return enqueue(
        session,
        JOB,
        {"filing_id": filing.id},
        actor=actor,
        at=at,
        subject=("filing", filing.id),
        request_key=f"read_sheet/{filing.id}",
    )


def upload_of(filing: Filing, var_dir: Path) -> Path:
    """Return where the file of a filing lies."""
    return var_dir / "uploads" / f"{(filing.defaults or {})['content']}.sheet"


def read_portions(session: Session, filing: Filing, file: Path, *, on: date) -> Iterator[int]:
    """Check and keep the rows behind those that are in; the caller commits after each portion.

    Yields the rows of each. What was found so far is counted in the filing's totals.

    :raises SheetRefused: when the file as a whole cannot be read any further.
    """
    terms = filing_terms(session, filing, on)
    answers = (filing.defaults or {}).get("answers", {})
    for portion in _portions(file, filing, answers):
        counts = insert_rows(session, filing, portion, terms)
        counts.update(codes_of(filing))
        filing.totals = {"codes": dict(counts)}
        filing.done_through_row = portion[-1].position
        session.flush()
        yield len(portion)


def finish_reading(
    session: Session, filing: Filing, *, at: datetime, refused: SheetRefused | None = None
) -> None:
    """End reading: rows that say the same twice are marked, and what all comes to is reckoned."""
    codes = codes_of(filing)
    if mark_doubles(session, filing):
        codes = count_codes(session, filing)
    if refused is not None:
        filing.refusal = {"code": refused.code, "facts": refused.facts}
    filing.totals = {"codes": codes, **totals_of(session, filing, on=at.date())}
    filing.read_at = at
    session.flush()


def codes_of(filing: Filing) -> dict[str, int]:
    """Return how many rows of a filing there are by state and by code."""
    return dict((filing.totals or {}).get("codes", {}))


def _portions(file: Path, filing: Filing, answers: Mapping[str, Any]) -> Iterator[list[Given]]:
    done, waiting = filing.done_through_row, list[Given]()
    for rows in read_beside(file, filing.kind, answers):
        waiting += (_given(row) for row in rows if row.number > done)
        while len(waiting) >= PORTION:
            yield waiting[:PORTION]
            waiting = waiting[PORTION:]
    if waiting:
        yield waiting


def _given(row: SheetRow) -> Given:
    return Given(row.number, row.given, row.findings)


def wish_sending(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> Job:
    """Ask for a long filing to be applied; asking again is the same wish."""
    return enqueue(
        session,
        SEND,
        {"filing_id": filing.id, "person_id": actor.person_id},
        actor=actor,
        at=at,
        subject=("filing", filing.id),
        request_key=f"send_filing/{filing.id}",
    )
