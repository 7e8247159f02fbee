"""Find the notes that somebody at the desk may see, the newest first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Duty, scope_of
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.notes.about import About
from siweb.notes.tables.office_note import OfficeNote
from siweb.registry.tables.person import Person

PAGE = 25


class ShownNote(NamedTuple):
    """A note, who wrote it, and when it corrects or was corrected by another one."""

    note: OfficeNote
    author: str
    corrects: datetime | None
    corrected: datetime | None


def seen_by(
    duties: Iterable[Duty], functions: Iterable[Function], *, audits: bool = True
) -> ColumnElement[bool]:
    """Return the condition for the notes that somebody sees in some functions.

    Each function by its own scope: who reviews in one city and registers in another reads the
    notes of reviewers there and of registrars here. Who audits reads all of their regions, unless
    it is asked what somebody works with (`audits`).
    """
    held, also = tuple(duties), (Function.AUDIT,) if audits else ()
    found = [
        and_(OfficeNote.function == function, scope.has(OfficeNote.region_code))
        for function in functions
        if (scope := scope_of(held, (function, *also))) is not None
    ]
    return or_(*found) if found else false()


def list_notes(
    session: Session, about: About, may_see: ColumnElement[bool], *, page: int = 1, most: int = PAGE
) -> tuple[list[ShownNote], bool]:
    """Return a page of the notes on something, and whether more follow; one statement."""
    asked = _shown().where(about.is_it(), may_see)
    # Of two of one instant the later number was written later.
    asked = asked.order_by(OfficeNote.written_at.desc(), OfficeNote.id.desc())
    rows: Sequence[ShownNote] = [
        ShownNote(*row) for row in session.execute(asked.limit(most + 1).offset((page - 1) * most))
    ]
    return list(rows[:most]), len(rows) > most


def find_note(
    session: Session, note_id: int, about: About, may_see: ColumnElement[bool]
) -> ShownNote | None:
    """Return a note on something; None of one on anything else, or that is not for the visitor."""
    row = session.execute(_shown().where(OfficeNote.id == note_id, about.is_it(), may_see)).first()
    return None if row is None else ShownNote(*row)


def count_notes(about: About, may_see: ColumnElement[bool]) -> Select[int]:
    """Return the question how many notes somebody sees, to be asked with others."""
    return select(func.count(OfficeNote.id)).where(about.is_it(), may_see)


def _shown() -> Select[OfficeNote, str, datetime | None, datetime | None]:
    before, after = aliased(OfficeNote), aliased(OfficeNote)
    return (
        select(OfficeNote, Person.name, before.written_at, after.written_at)
        .join(Account, Account.id == OfficeNote.written_by_account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(before, before.id == OfficeNote.corrects_id)
        .outerjoin(after, after.corrects_id == OfficeNote.id)
    )
