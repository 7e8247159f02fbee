"""Find an employer's filings, with their rows and what the employees said to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, Subquery, case, func, select
from sqlalchemy.orm import Session

from siweb.documents.tables.document import Document
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import KEY, FilingRow, RowState, is_about_row
from siweb.filings.tables.row_values import row_value
from siweb.queue.job import Job, JobState

PAGE = 25
_SHOWN_ROWS = 50


class Listed(NamedTuple):
    """One line of the list of filings; `name` is what the filer wrote where there is one row."""

    reference: str
    kind: FilingKind
    state: FilingState
    opened_at: datetime
    rows: int
    late: int
    agreed: int
    objected: int
    name: str | None
    title: str
    withdrawn: int


def list_filings(
    session: Session, employer_id: int, *, kind: FilingKind | None = None, page: int = 1
) -> tuple[list[Listed], bool]:
    """Return a page of the employer's filings, newest first, and whether there are more."""
    newest = _newest_answers()
    listed = (
        select(
            Filing.reference,
            Filing.kind,
            Filing.state,
            Filing.opened_at,
            func.count(FilingRow.position),
            func.coalesce(func.sum(case((FilingRow.is_late, 1), else_=0)), 0),
            func.coalesce(func.sum(case((newest.c.agrees.is_(True), 1), else_=0)), 0),
            func.coalesce(func.sum(case((newest.c.agrees.is_(False), 1), else_=0)), 0),
            # Never the register's: whoever typed a number would learn whose it is.
            func.min(row_value("name")),
            Filing.title,
            func.coalesce(func.sum(case((FilingRow.state == RowState.WITHDRAWN, 1), else_=0)), 0),
        )
        .outerjoin(FilingRow, FilingRow.filing_id == Filing.id)
        .outerjoin(newest, is_about_row(newest.c))
        .where(Filing.employer_id == employer_id, Filing.deleted_at.is_(None))
        .group_by(Filing.id)
        .order_by(Filing.opened_at.desc(), Filing.id.desc())
    )
    if kind is not None:
        listed = listed.where(Filing.kind == kind)
    rows = session.execute(listed.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Listed(*row) for row in rows[:PAGE]], len(rows) > PAGE


def find_filing(
    session: Session, employer_id: int, reference: str
) -> tuple[Filing, str | None] | None:
    """Return a filing of the employer and its receipt's reference; None for others'."""
    row = session.execute(
        select(Filing, Document.reference)
        .outerjoin(Document, Document.id == Filing.document_id)
        .where(
            Filing.reference == reference,
            Filing.employer_id == employer_id,
            Filing.deleted_at.is_(None),
        )
    ).first()
    return None if row is None else (row[0], row[1])


def rows_of(
    session: Session, filing_id: int
) -> Sequence[Row[tuple[FilingRow, bool | None, str | None]]]:
    """Return the first rows, the refused ones before the others, with what employees said."""
    newest = _newest_answers()
    return session.execute(
        select(FilingRow, newest.c.agrees, newest.c.words)
        .outerjoin(newest, is_about_row(newest.c))
        .where(FilingRow.filing_id == filing_id)
        .order_by(case((FilingRow.state == RowState.REFUSED, 0), else_=1), FilingRow.position)
        # The refused ones first, since these are what somebody has to look at.
        .limit(_SHOWN_ROWS)
    ).all()


def job_under_way(session: Session, filing: Filing) -> Job | None:
    """Return the job that reads or sends a filing, or that failed at it; None when it is done."""
    return jobs_under_way(session, [filing]).get(filing.id)


def jobs_under_way(session: Session, filings: Collection[Filing]) -> dict[int, Job]:
    """Return by filing the newest job at it that is not done; one statement.

    A failure counts until the same was done some other way: what was sent did not fail.
    """
    jobs = session.scalars(
        select(Job)
        .where(
            Job.subject_kind == "filing", Job.subject_id.in_([str(filing.id) for filing in filings])
        )
        .order_by(Job.id)
    )
    # In the order of their numbers, so that the last of a filing stays.
    newest = {int(job.subject_id): job for job in jobs}
    return {
        filing.id: job
        for filing in filings
        if (job := newest.get(filing.id)) is not None
        and job.state is not JobState.DONE
        and not (job.state is JobState.FAILED and filing.state is FilingState.CONFIRMED)
    }


def rest_of(session: Session, filing: Filing) -> str | None:
    """Return the reference of the draft that has what was not accepted of a filing."""
    return session.scalar(
        select(Filing.reference)
        .where(Filing.rest_of_id == filing.id, Filing.deleted_at.is_(None))
        .limit(1)
    )


def _newest_answers() -> Subquery:
    last = select(func.max(DeclarationAnswer.id)).group_by(
        DeclarationAnswer.filing_id, DeclarationAnswer.position
    )
    return (
        select(
            *(getattr(DeclarationAnswer, name) for name in KEY),
            DeclarationAnswer.agrees,
            DeclarationAnswer.words,
        )
        .where(DeclarationAnswer.id.in_(last))
        .subquery()
    )
