"""Name a draft, or delete it: what was never sent is nobody's declaration."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.filings.drafts.open import lock_draft
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow


def name_draft(session: Session, filing: Filing, title: str) -> bool:
    """Name a draft; False when it is none any more."""
    if not lock_draft(session, filing):
        return False
    filing.title = title
    session.flush()
    return True


def delete_draft(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> bool:
    """Delete the rows of a draft; False when it is none any more. Twice is once.

    Its own line stays, hidden: jobs and the activity log name it by its number, which SQLite would
    give to the next one.
    """
    if not lock_draft(session, filing):
        return False
    if filing.deleted_at is not None:
        return True
    session.execute(delete(FilingRow).where(FilingRow.filing_id == filing.id))
    filing.deleted_at = at
    # So that the same file may be handed in again.
    filing.content_hash = filing.totals = None
    record_activity(session, "filing.deleted", actor=actor, at=at, subject=("filing", filing.id))
    session.flush()
    return True
