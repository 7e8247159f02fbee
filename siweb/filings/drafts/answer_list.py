"""Read the list of a draft anew with what its filer answered about it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.filings.drafts.import_sheet import content_key, filing_with, request_reading
from siweb.filings.sheets.layout import Layout
from siweb.filings.tables.assigned_heading import remember_headings, remembered_headings
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow


def can_be_answered(filing: Filing) -> bool:
    """Return whether the columns of a filing's list can still be assigned: nothing of it is sent.

    What was split off from another filing keeps the columns of that one.
    """
    is_own_list = filing.origin == "sheet" and filing.rest_of_id is None
    return is_own_list and filing.state is FilingState.DRAFT and filing.is_read


def answer_list(
    session: Session,
    filing: Filing,
    *,
    layout: Layout,
    values: Mapping[str, Any],
    headings: Mapping[str, str],
    actor: Actor,
    at: datetime,
) -> Filing:
    """Return the filing that the file is with these answers; it is read anew where it is not yet.

    `values` count for the whole list, by field. What `headings` mean is remembered for the lists
    of this employer that follow. The caller commits.
    """
    content = (filing.defaults or {})["content"]
    key = content_key(content, values, layout)
    remember_headings(session, filing.employer_id, filing.kind, headings, at=at)
    existing = filing_with(session, filing.employer_id, filing.kind, key)
    if existing is not None:
        return existing
    # One statement decides which of two answers at the same moment counts, and whether it was sent.
    is_first = session.scalar(
        update(Filing)
        .where(
            Filing.id == filing.id, Filing.state == FilingState.DRAFT, Filing.read_at.is_not(None)
        )
        .values(read_at=None)
        .returning(Filing.id)
    )
    if is_first is None:
        return filing
    # Other columns make other rows: what was read before, and corrected in it, is of no use.
    session.execute(delete(FilingRow).where(FilingRow.filing_id == filing.id))
    session.refresh(filing)
    remembered = remembered_headings(session, filing.employer_id, filing.kind)
    kept = Layout(layout.sheet, layout.heading_row, layout.columns, remembered)
    filing.content_hash = key
    filing.defaults = {"answers": dict(values), "content": content, "layout": asdict(kept)}
    filing.refusal = filing.notices = filing.totals = None
    filing.done_through_row = 0
    # With the moment in the key: the job that read it the first time is done and would be found.
    request_reading(session, filing, actor=actor, at=at, again=f"/{at.isoformat()}")
    session.flush()
    return filing
