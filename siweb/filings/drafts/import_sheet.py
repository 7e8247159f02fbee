"""Take a sheet in: one filing per file, its rows checked and kept portion by portion."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.filings.drafts.open import (
    count_codes,
    filing_terms,
    insert_rows,
    mark_doubles,
    open_filing,
)
from siweb.filings.drafts.tell import tell_of_filing
from siweb.filings.drafts.totals import totals_of
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.sheets.layout import Layout
from siweb.filings.sheets.read_rows import SheetRow
from siweb.filings.sheets.reader_process import SheetRead, read_beside
from siweb.filings.tables.assigned_heading import remembered_headings
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import RowState
from siweb.filings.validation.validate_rows import ReadRow
from siweb.messages.kinds.filings import FILING_FINDINGS
from siweb.queue.enqueue import enqueue, job_for
from siweb.queue.job import Job, JobState
from siweb.rules.parameters.pack_set import PackSet

JOB = "filings.read_sheet"
SEND = "filings.send"
# More rows than these are applied in the background.
# About a second; a browser, and whoever looks at it, waits no longer without a sign.
MOST_AT_ONCE = 2_000
PORTION = 5_000
# Three months: a question about a list comes within them, and its rows stay as they were filed.
KEPT = timedelta(days=92)


def forget_uploads(session: Session, files: FileStore, *, at: datetime) -> int:
    """Delete the files of three months ago; the filings that they became stay. Return how many.

    The caller commits.
    """
    return files.forget(session, FileKind.SHEET, before=at - KEPT)


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
    sheet: str | None = None,
) -> tuple[Filing, bool]:
    """Return the filing of a file, and whether it is new: the same file is the same filing.

    `defaults` are the answers for columns that the list has not, by field; `sheet` is the name of
    the sheet that is meant, where there are several lists. What the employer's headings meant in
    earlier lists they mean in this one.
    """
    key = content_key(content, defaults, Layout(sheet=sheet))
    existing = filing_with(session, employer_id, kind, key)
    if existing is not None:
        return existing, False
    layout = Layout(sheet=sheet, headings=remembered_headings(session, employer_id, kind))
    try:
        with session.begin_nested():
            filing = open_filing(
                session,
                employer_id,
                kind,
                origin="sheet",
                actor=actor,
                at=at,
                # The end of a long name, with its kind: that is what people tell files apart by.
                file_name="".join(filter(str.isprintable, file_name))[-200:],
                content_hash=key,
                defaults={
                    "answers": dict(defaults),
                    "content": content,
                    "layout": asdict(layout),
                },
            )
    except IntegrityError:
        # The same file came at the same moment: it is one filing.
        meanwhile = filing_with(session, employer_id, kind, key)
        assert meanwhile is not None
        return meanwhile, False
    return filing, True


def content_key(content: str, defaults: Mapping[str, Any], layout: Layout) -> str:
    """Return what makes an upload the same: the file, and what was answered about it.

    Remembered headings are no part of it: the same file leads to its filing whatever was learnt
    since.
    """
    answered = {
        name: value
        for name, value in asdict(layout).items()
        if value not in (None, {}) and name != "headings"
    }
    text = f"{content}|{json.dumps(dict(defaults), sort_keys=True)}"
    text += f"|{json.dumps(answered, sort_keys=True)}" if answered else ""
    return hashlib.sha256(text.encode()).hexdigest()


def filing_with(session: Session, employer_id: int, kind: FilingKind, key: str) -> Filing | None:
    """Return the filing that a file with these answers became."""
    return session.scalar(
        select(Filing).where(
            Filing.employer_id == employer_id, Filing.kind == kind, Filing.content_hash == key
        )
    )


def answers_of(filing: Filing) -> dict[str, Any]:
    """Return what counts for columns that the list of a filing has not, by field."""
    return dict((filing.defaults or {}).get("answers", {}))


def layout_of(filing: Filing) -> Layout:
    """Return what was answered about the list of a filing."""
    return Layout(**((filing.defaults or {}).get("layout") or {}))


def request_reading(
    session: Session, filing: Filing, *, actor: Actor, at: datetime, again: str = ""
) -> Job:
    """Ask for the sheet of a filing to be read; again where the reading failed.

    `again` tells a later time from the first.
    """
    return _request(session, filing, JOB, {"filing_id": filing.id}, actor, at, again)


def is_sent_later(filing: Filing) -> bool:
    """Return whether a draft is too long to be applied while its filer waits, at whatever door.

    What is applied in part goes on the same way: asked again, it is the job's, or a new one's where
    that failed.
    """
    is_draft = filing.state is FilingState.DRAFT
    return filing.state is FilingState.APPLYING or (is_draft and is_long(filing, RowState.GOOD))


def is_long(filing: Filing, state: RowState) -> bool:
    """Return whether so many rows of a filing are in a state that nobody waits for their work."""
    return codes_of(filing).get(state, 0) > MOST_AT_ONCE


def request_sending(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> Job:
    """Ask for a long filing to be applied; asking twice is once, but where it failed."""
    # Of two that ask at the same moment the second finds the first one's job.
    session.refresh(filing, with_for_update=True)
    arguments = {"filing_id": filing.id, "person_id": actor.person_id}
    return _request(session, filing, SEND, arguments, actor, at)


def _request(
    session: Session,
    filing: Filing,
    name: str,
    arguments: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    again: str = "",
) -> Job:
    subject = ("filing", filing.id)
    last = job_for(session, subject, name)
    # A failed job's number makes another key: asked again it is a new job, asked twice one.
    failed = last.id if last is not None and last.state is JobState.FAILED else 0
    return enqueue(
        session,
        name,
        arguments,
        actor=actor,
        at=at,
        subject=subject,
        request_key=f"{name}/{filing.id}/{failed}{again}",
    )


def upload_of(filing: Filing) -> str:
    """Return the digest of the file that a filing was uploaded as."""
    return str((filing.defaults or {})["content"])


def read_portions(
    session: Session, filing: Filing, file: Path, *, packs: PackSet, on: date
) -> Iterator[int]:
    """Check and keep the rows behind those that are in; the caller commits after each portion.

    Yields the rows of each. What was found so far is counted in the filing's totals.

    :raises SheetRefused: when the file as a whole cannot be read any further.
    """
    terms = filing_terms(session, filing, packs, on)
    for portion in _portions(file, filing):
        counts = insert_rows(session, filing, portion, terms)
        counts.update(codes_of(filing))
        filing.totals = {"codes": dict(counts)}
        filing.done_through_row = portion[-1].position
        session.flush()
        yield len(portion)


def finish_reading(
    session: Session,
    filing: Filing,
    *,
    packs: PackSet,
    at: datetime,
    refused: SheetRefused | None = None,
) -> None:
    """End reading: rows that say the same twice are marked, and what all comes to is reckoned."""
    codes = codes_of(filing)
    if mark_doubles(session, filing):
        codes = count_codes(session, filing)
    if refused is not None:
        filing.refusal = {"code": refused.code, "facts": refused.facts}
    filing.totals = {
        "codes": codes,
        **totals_of(session, filing, packs=packs, on=office_day(at)),
    }
    filing.read_at = at
    session.flush()
    if refused is not None or codes.get("refused"):
        tell_of_filing(session, filing, FILING_FINDINGS, at=at)


def codes_of(filing: Filing) -> dict[str, int]:
    """Return how many rows of a filing there are by state and by code."""
    return dict((filing.totals or {}).get("codes", {}))


def _portions(file: Path, filing: Filing) -> Iterator[list[ReadRow]]:
    done, waiting = filing.done_through_row, list[ReadRow]()
    for part in read_beside(file, filing.kind, answers_of(filing), layout_of(filing)):
        if isinstance(part, SheetRead):
            filing.notices = _notices(part)
            continue
        # By the row's own number:
        # a reader that was killed goes through the file again from the top.
        waiting += (_read_row(row) for row in part if row.number > done)
        while len(waiting) >= PORTION:
            yield waiting[:PORTION]
            waiting = waiting[PORTION:]
    if waiting:
        yield waiting


def _notices(read: SheetRead) -> list[dict[str, Any]]:
    """Return what the page says about the file: no sheet is left out in silence."""
    if not read.unread:
        return []
    return [{"code": "sheet_read", "facts": {"sheet": read.name, "unread": read.unread}}]


def _read_row(row: SheetRow) -> ReadRow:
    return ReadRow(row.number, row.given, row.findings)
