"""Filings and their rows, as programs see them."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.documents.tables.document import Document
from siweb.filings.drafts.totals import totals_of
from siweb.filings.find import jobs_under_way
from siweb.filings.labels import WORK_FAILED, finding_text, refusal_text
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.queue.job import Job, JobState
from siweb.rules.parameters.pack_set import PackSet

# A page of rows stays within some dozen kilobytes.
PAGE = 100


def filings_page(session: Session, employer_id: int, page: int) -> tuple[list[Filing], bool]:
    """Return a page of an employer's filings, the newest first, and whether more follow."""
    found = session.scalars(
        select(Filing)
        .where(Filing.employer_id == employer_id, Filing.deleted_at.is_(None))
        .order_by(Filing.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return list(found[:PAGE]), len(found) > PAGE


def rows_page(session: Session, filing_id: int, page: int) -> tuple[list[FilingRow], bool]:
    """Return a page of a filing's rows, as they were sent, and whether more follow."""
    found = session.scalars(
        select(FilingRow)
        .where(FilingRow.filing_id == filing_id)
        .order_by(FilingRow.position)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return list(found[:PAGE]), len(found) > PAGE


def row_answer(row: FilingRow) -> dict[str, Any]:
    """Return a row with everything that was found in it."""
    return {
        "position": row.position,
        "state": row.state.value,
        "is_late": row.is_late,
        "values": row.row_values,
        "findings": [
            {
                "code": found["code"],
                "level": found["level"],
                "detail": finding_text(found, row.row_values),
            }
            for found in row.findings
        ],
    }


def totals_answer(session: Session, filing: Filing, *, packs: PackSet, on: date) -> dict[str, Any]:
    """Return what the good rows of a draft come to."""
    found = totals_of(session, filing, packs=packs, on=on)
    return {"roster": {"not_listed": 0} | found["roster"], "bill": found.get("bill", [])}


def filing_answers(session: Session, filings: list[Filing]) -> list[dict[str, Any]]:
    """Return filings with the numbers of their rows; three statements however many there are."""
    numbers = [filing.id for filing in filings]
    counts: dict[int, dict[RowState, int]] = {number: {} for number in numbers}
    for filing_id, state, count in session.execute(
        select(FilingRow.filing_id, FilingRow.state, func.count())
        .where(FilingRow.filing_id.in_(numbers))
        .group_by(FilingRow.filing_id, FilingRow.state)
    ):
        counts[filing_id][state] = int(count)
    wanted = [filing.document_id for filing in filings if filing.document_id]
    documents = session.execute(
        select(Document.id, Document.reference).where(Document.id.in_(wanted))
    ).all()
    receipts = {document.id: document.reference for document in documents}
    works = jobs_under_way(session, filings)
    return [
        {
            "reference": filing.reference,
            "kind": filing.kind.value,
            "state": filing.state.value,
            "is_read": filing.is_read,
            "work": works[filing.id].state.value if filing.id in works else "done",
            "refusal": _reason(filing, works.get(filing.id)),
            "opened_at": filing.opened_at.isoformat(),
            "confirmed_at": _confirmed_at(filing),
            "rows": sum(counts[filing.id].values()),
            **{state.value: counts[filing.id].get(state, 0) for state in RowState},
            "receipt": receipts.get(filing.document_id or 0),
        }
        for filing in filings
    ]


def _confirmed_at(filing: Filing) -> str | None:
    """Return when a filing was sent: of one that is being applied nothing counts yet."""
    if filing.state is not FilingState.CONFIRMED or filing.confirmed_at is None:
        return None
    return filing.confirmed_at.isoformat()


def _reason(filing: Filing, job: Job | None) -> str | None:
    """Return why a sheet was refused, or why the work at a filing failed."""
    if job is not None and job.state is JobState.FAILED:
        return str(WORK_FAILED % {"reference": job.failure_reference})
    return refusal_text(filing.refusal)
