"""Write a note for colleagues, and one that corrects another."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.tables.appointment import Function
from siweb.notes.about import About
from siweb.notes.find import find_note
from siweb.notes.tables.office_note import OfficeNote
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.hidden_number import has_card_number, has_identity_number

# A note is for the next colleague at the counter, who reads it standing; what needs more is a file.
LONGEST = 1_000


class NoteRefused(Refusal):
    """When a note is not written.

    `code` is "has_number" where an ID number stands in it, however it is written, "has_card" where
    the number of a bank card does, "note_gone" of
    one to correct that is not there for its reader, "corrected_before" of one that was corrected,
    "not_here" where its writer holds the function in none of the regions that it is about.
    """


def write_note(
    session: Session,
    about: About,
    words: str,
    *,
    function: Function,
    region_code: str,
    actor: Actor,
    at: datetime,
) -> OfficeNote:
    """Keep a note for those who hold a function in a region. The caller commits.

    :raises NoteRefused: "has_number", "has_card".
    """
    return _keep(session, about, words, (function, region_code), None, actor, at)


def correct_note(
    session: Session,
    about: About,
    words: str,
    *,
    corrects: int,
    may_see: ColumnElement[bool],
    actor: Actor,
    at: datetime,
) -> OfficeNote:
    """Keep a note beside another one that was wrong, for the same readers. The caller commits.

    :raises NoteRefused: see there.
    """
    found = find_note(session, corrects, about, may_see)
    if found is None:
        raise NoteRefused("note_gone")
    # Held until commit: of two who correct it at once the second sees what the first one wrote.
    session.refresh(found.note, with_for_update=True)
    if session.scalar(select(OfficeNote.id).where(OfficeNote.corrects_id == corrects)) is not None:
        raise NoteRefused("corrected_before")
    readers = (found.note.function, found.note.region_code)
    return _keep(session, about, words, readers, corrects, actor, at)


def _keep(
    session: Session,
    about: About,
    words: str,
    readers: tuple[Function, str],
    corrects: int | None,
    actor: Actor,
    at: datetime,
) -> OfficeNote:
    """Keep the words, and that they were written.

    :raises NoteRefused: "has_number", "has_card".
    """
    # What the page is about has its number already; another's has no business in free words, which
    # nothing masks and no digest finds.
    if has_identity_number(words):
        raise NoteRefused("has_number")
    if has_card_number(words):
        raise NoteRefused("has_card")
    function, region_code = readers
    kind, key = about.case or (None, None)
    note = OfficeNote(
        region_code=region_code,
        function=function,
        person_id=about.person_id,
        employer_id=about.employer_id,
        case_kind=kind,
        case_reference=key,
        words=words,
        written_at=at,
        written_by_account_id=actor.account_id,
        corrects_id=corrects,
    )
    session.add(note)
    session.flush()
    record_activity(
        session,
        "note.written",
        actor=actor,
        at=at,
        subject=("office_note", note.id),
        person_id=about.person_id,
        # Who may read it and on what; never its words, which go when the note goes.
        facts={"function": function.value, "case": kind, "corrects": corrects is not None},
    )
    return note
