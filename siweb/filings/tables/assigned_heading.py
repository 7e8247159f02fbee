"""What an employer's own headings mean: assigned once, remembered for the lists that follow."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from siweb.db.base import Base
from siweb.db.types import word
from siweb.filings.fields.filing_kind import FilingKind

LONGEST_HEADING = 100


class AssignedHeading(Base):
    __tablename__ = "assigned_heading"
    __table_args__ = (UniqueConstraint("employer_id", "kind", "heading"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    kind: Mapped[FilingKind] = mapped_column(word(FilingKind, "kind"))
    # Without brackets and signs, as headings are compared.
    heading: Mapped[str] = mapped_column(String(LONGEST_HEADING))
    field: Mapped[str] = mapped_column(String(40))
    assigned_at: Mapped[datetime]


def remembered_headings(session: Session, employer_id: int, kind: FilingKind) -> dict[str, str]:
    """Return by heading the field that it means to an employer."""
    rows = session.execute(
        select(AssignedHeading.heading, AssignedHeading.field).where(
            AssignedHeading.employer_id == employer_id, AssignedHeading.kind == kind
        )
    )
    return {row.heading: row.field for row in rows}


def remember_headings(
    session: Session,
    employer_id: int,
    kind: FilingKind,
    fields: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    """Remember what headings mean from now on; the newest answer counts."""
    # An empty heading means every column without one; a longer text than the column is a sentence.
    fields = {heading: field for heading, field in fields.items() if _fits(heading)}
    session.execute(
        delete(AssignedHeading).where(
            AssignedHeading.employer_id == employer_id,
            AssignedHeading.kind == kind,
            AssignedHeading.heading.in_(fields),
        )
    )
    session.add_all(
        AssignedHeading(
            employer_id=employer_id, kind=kind, heading=heading, field=field, assigned_at=at
        )
        for heading, field in fields.items()
    )
    session.flush()


def _fits(heading: str) -> bool:
    return 0 < len(heading) <= LONGEST_HEADING
