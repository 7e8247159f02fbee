"""Find an employer's filings, with their rows and what the employees said to them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, ScalarSelect, Select, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.documents.tables.document import Document
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import WITHDRAW, Filing, FilingState
from siweb.filings.tables.filing_row import (
    IS_WITHDRAWN,
    KEY,
    FilingRow,
    RowState,
    is_about_row,
    row_value,
)
from siweb.queue.job import Job, JobState

PAGE = 25
_SHOWN_ROWS = 50


class Listed(NamedTuple):
    """One line of the list of filings; `name` is what the filer wrote in its first row."""

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
    shown = select(Filing).where(Filing.employer_id == employer_id, Filing.deleted_at.is_(None))
    if kind is not None:
        shown = shown.where(Filing.kind == kind)
    newest_first = (Filing.opened_at.desc(), Filing.id.desc())
    # The page first: rows are counted of what it shows, not of all that was ever filed.
    shown = shown.order_by(*newest_first).limit(PAGE + 1).offset((page - 1) * PAGE)
    filing = aliased(Filing, shown.subquery("shown"))
    listed = select(
        filing.reference,
        filing.kind,
        filing.state,
        filing.opened_at,
        _count(filing).scalar_subquery(),
        _count(filing).where(FilingRow.is_late).scalar_subquery(),
        _answered(filing, agrees=True),
        _answered(filing, agrees=False),
        # Never the register's: whoever typed a number would learn whose it is.
        _first_name(filing),
        filing.title,
        _count(filing).where(IS_WITHDRAWN).scalar_subquery(),
    ).order_by(filing.opened_at.desc(), filing.id.desc())
    found = session.execute(listed).all()
    return [Listed(*row) for row in found[:PAGE]], len(found) > PAGE


def _count(filing: type[Filing]) -> Select[int]:
    """Return how many rows a listed filing has, of those alone that a condition is added for."""
    return select(func.count()).select_from(FilingRow).where(FilingRow.filing_id == filing.id)


def _first_name(filing: type[Filing]) -> ScalarSelect[str]:
    return (
        select(row_value("name"))
        .where(FilingRow.filing_id == filing.id)
        .order_by(FilingRow.position)
        .limit(1)
        .scalar_subquery()
    )


def _answered(filing: type[Filing], *, agrees: bool) -> ScalarSelect[int]:
    """Return of how many rows of a listed filing the newest answer agrees, or objects."""
    later = aliased(DeclarationAnswer)
    # The newest of a row counts, as `_newest_answers` says of one filing.
    is_overtaken = exists().where(
        *(getattr(later, name) == getattr(DeclarationAnswer, name) for name in KEY),
        later.id > DeclarationAnswer.id,
    )
    return (
        select(func.count())
        .select_from(DeclarationAnswer)
        .where(
            DeclarationAnswer.filing_id == filing.id,
            DeclarationAnswer.agrees.is_(agrees),
            ~is_overtaken,
        )
        .scalar_subquery()
    )


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

    A failure counts until the same was done some other way: what was sent did not fail. Of a
    withdrawal it counts until somebody lets it go on.
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
        and not (
            job.state is JobState.FAILED
            and filing.state is FilingState.CONFIRMED
            and job.name != WITHDRAW
        )
    }


class DraftsOf(NamedTuple):
    """The drafts that a filing left: of what was not accepted, and of what was withdrawn of it."""

    rest: str | None
    replacement: str | None


def drafts_of(session: Session, filing: Filing) -> DraftsOf:
    """Return the references of the drafts that a filing left; one statement."""
    found = session.execute(
        select(Filing.reference, Filing.rest_of_id)
        .where(
            or_(
                Filing.rest_of_id == filing.id,
                # Once it is sent it is a filing like any other.
                and_(Filing.replaces_id == filing.id, Filing.state == FilingState.DRAFT),
            ),
            Filing.deleted_at.is_(None),
        )
        .order_by(Filing.id)
    ).all()
    rests = [row.reference for row in found if row.rest_of_id is not None]
    replacements = [row.reference for row in found if row.rest_of_id is None]
    return DraftsOf(rests[0] if rests else None, replacements[-1] if replacements else None)


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
        # Answers are only added: the newest is what somebody says now.
        .where(DeclarationAnswer.id.in_(last))
        .subquery()
    )
