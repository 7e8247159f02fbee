"""Notes inside the office (内部备注): what one member of staff tells the next.

No decision rests on one. They are no part of the books and nobody outside sees them on a page; the
person whom one is about finds it in the copy of all their data, which the law gives them.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.auth.tables.appointment import Function
from siweb.db.base import Base
from siweb.db.sealing.columns import Sealed
from siweb.db.types import RegionCode, word


class OfficeNote(Base):
    """Never changed: what was wrong is followed by a note that corrects it."""

    __tablename__ = "office_note"
    __table_args__ = (
        CheckConstraint("(case_kind IS NULL) = (case_reference IS NULL)", name="case"),
        # A page is one person's or one employer's; a case may concern both, or nobody known yet.
        CheckConstraint(
            "case_kind IS NOT NULL OR (person_id IS NULL) <> (employer_id IS NULL)", name="about"
        ),
        CheckConstraint("corrects_id <> id", name="corrects_another"),
        Index("ix_office_note_person", "person_id", "written_at"),
        Index("ix_office_note_employer", "employer_id", "written_at"),
        Index("ix_office_note_case", "case_kind", "case_reference", "written_at"),
        # What is too old is found without reading the others.
        Index("ix_office_note_written", "written_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Who sees it: whoever holds this function where this region lies, and whoever audits there.
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    function: Mapped[Function] = mapped_column(word(Function, "function"))
    # Whom it concerns. A note on a case names them as well, so that a person's copy has it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    # On which case, if on one: a name of `people/case_notes/cases.py` and what names the case.
    case_kind: Mapped[str | None] = mapped_column(String(16))
    case_reference: Mapped[str | None] = mapped_column(String(24))
    # Sealed: words of staff about somebody say more than any column of the register.
    words: Mapped[str] = mapped_column(Sealed())
    written_at: Mapped[datetime]
    written_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # The note that this one corrects; each is corrected once, so that there is one last word.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("office_note.id"), unique=True)
