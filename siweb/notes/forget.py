"""Forget notes after three years."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from siweb.notes.tables.office_note import OfficeNote

# No decision rests on a note, so that the archives' periods do not hold: as long as what other
# offices' lists said of somebody and came to nothing.
NOTES_KEPT = timedelta(days=3 * 365)


def forget_notes(session: Session, *, at: datetime) -> int:
    """Delete the notes that are too old; return how many. The caller commits.

    A later note that corrected one of them stays until its own time, and corrects nothing then.
    """
    before = at - NOTES_KEPT
    old = select(OfficeNote.id).where(OfficeNote.written_at < before)
    # Before what they point at goes: SQLite proves each reference row by row.
    session.execute(
        update(OfficeNote)
        .where(OfficeNote.corrects_id.in_(old))
        .values(corrects_id=None)
        .execution_options(synchronize_session=False)
    )
    gone = delete(OfficeNote).where(OfficeNote.written_at < before).returning(OfficeNote.id)
    return len(session.execute(gone).all())
