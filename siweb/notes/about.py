"""What a note is about."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_

from siweb.notes.tables.office_note import OfficeNote
from siweb.registry.person_keys import is_of


@dataclass(frozen=True, slots=True)
class About:
    """A person, an employer, or a case by its kind and key with whom it concerns."""

    person_id: int | None = None
    employer_id: int | None = None
    case: tuple[str, str] | None = None

    def is_it(self) -> ColumnElement[bool]:
        """Return the condition for the notes on it.

        A case is often one insurance's, of an agency of its own: what was noted there does not
        stand on the person's page, which every agency of the region reads.
        """
        if self.case is not None:
            return and_(
                OfficeNote.case_kind == self.case[0], OfficeNote.case_reference == self.case[1]
            )
        of = (
            is_of(OfficeNote.person_id, self.person_id)
            if self.person_id is not None
            else OfficeNote.employer_id == self.employer_id
        )
        return and_(of, OfficeNote.case_kind.is_(None))
