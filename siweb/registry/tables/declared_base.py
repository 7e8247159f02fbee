"""Declared contribution bases (缴费基数): what was declared for a person, from a month on.

Append-only: the newest declaration for a month is the one in force, the older ones stay readable;
one that was withdrawn is none.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, Month
from siweb.registry.codes import Insurance

# The origin of what an old system declared. It holds for the months that a levy here bills: a month
# that came with its own base keeps that one, whenever the two were brought in.
BROUGHT_IN = "bring_in"


class DeclaredBase(Base):
    __tablename__ = "declared_base"
    __table_args__ = (
        CheckConstraint("declared_base_fen >= 0", name="not_negative"),
        Index("ix_declared_base_person", "person_id", "employer_id", "from_month"),
        # Bases of one insurance alone: few or none, and a levy asks whether there are any.
        Index(
            "ix_declared_base_own",
            "person_id",
            sqlite_where=text("insurance IS NOT NULL"),
            postgresql_where=text("insurance IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    # None means all insurances of the person.
    insurance: Mapped[Insurance | None] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance")
    )
    from_month: Mapped[str] = mapped_column(Month())
    declared_base_fen: Mapped[int] = mapped_column(Fen())
    origin: Mapped[str] = mapped_column(String(24))
    declared_at: Mapped[datetime]
    # Its filing was withdrawn before a levy went by it: from then on it is no base of anybody.
    withdrawn_at: Mapped[datetime | None]
