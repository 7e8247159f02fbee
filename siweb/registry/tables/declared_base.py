"""Declared contribution bases (缴费基数): what was declared for a person, from a month on.

Append-only: the newest declaration for a month is the one in force, the older ones stay readable;
one that was withdrawn is none.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    event,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base, prove_by_statement
from siweb.db.codes import code, is_listed
from siweb.db.next_number import counted_by, number_rows
from siweb.db.types import Fen, Instant, Month, RegionCode
from siweb.registry.codes import Insurance

# The origin of what an old system declared. It holds for the months that a levy here bills: a month
# that came with its own base keeps that one, whenever the two were brought in.
BROUGHT_IN = "bring_in"
# The origin of what was declared for months of one person that were corrected.
CORRECTED = "correction"
NO_EMPLOYER = 0
"""In the key, where people declare for themselves."""


def _declaring(context: Any) -> int:
    return context.get_current_parameters().get("employer_id") or NO_EMPLOYER


class DeclaredBase(Base):
    """Rows lie by person, employer and month: the newest up to a month is a step into the key."""

    __tablename__ = "declared_base"
    __table_args__ = (
        CheckConstraint("declared_base_fen >= 0", name="not_negative"),
        CheckConstraint(
            f"declaring_employer_id = coalesce(employer_id, {NO_EMPLOYER})",
            name="declaring_employer",
        ),
        # Bases of one insurance alone: few or none, and a levy asks whether there are any.
        Index(
            "ix_declared_base_own",
            "person_id",
            sqlite_where=text("insurance IS NOT NULL"),
            postgresql_where=text("insurance IS NOT NULL"),
        ),
        CLUSTERED,
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    declaring_employer_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, default=_declaring
    )
    from_month: Mapped[str] = mapped_column(Month(), primary_key=True)
    # Of those from one month the later has the larger; seals name a base by it.
    base_number: Mapped[int] = mapped_column(
        counted_by("declared_base"), primary_key=True, autoincrement=False
    )
    # Where it was declared.
    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True
    )
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    # None means all insurances of the person.
    insurance: Mapped[Insurance | None] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance")
    )
    declared_base_fen: Mapped[int] = mapped_column(Fen())
    origin: Mapped[str] = mapped_column(String(24))
    declared_at: Mapped[datetime] = mapped_column(Instant())
    # Its filing was withdrawn before a levy went by it: from then on it is no base of anybody.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())


prove_by_statement(DeclaredBase.__table__)


@event.listens_for(DeclaredBase, "before_insert")
def _say_who_declares(_mapper: Any, _connection: Any, row: DeclaredBase) -> None:
    # Before the number is looked for, which is one of theirs.
    row.declaring_employer_id = row.employer_id or NO_EMPLOYER


number_rows(
    DeclaredBase.base_number,
    DeclaredBase.person_id,
    DeclaredBase.declaring_employer_id,
    DeclaredBase.from_month,
)


def is_declared_by(employer_id: Any, base: Any = DeclaredBase) -> ColumnElement[bool]:
    """Return the condition that an employer declared a base, or nobody but the person."""
    found: ColumnElement[bool] = base.declaring_employer_id == func.coalesce(
        employer_id, NO_EMPLOYER
    )
    return found
