"""Near relatives and household of staff, as declared: nobody decides on them either.

Internal control asks staff to declare whom they keep out of (回避, 劳社部发〔2007〕2号); what is
not declared nobody can know.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class Relation(StrEnum):
    """What a relative is to the member of staff, as the rules of avoidance name them."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    OTHER_BLOOD = "other_blood"
    BY_MARRIAGE = "by_marriage"
    HOUSEHOLD = "household"


class StaffRelation(Base):
    """Never changed but by its end, which two people decide: it gives back what was taken."""

    __tablename__ = "staff_relation"
    __table_args__ = (
        CheckConstraint("person_id <> relative_id", name="other_person"),
        CheckConstraint("until_on IS NULL OR until_on >= since_on", name="until_after_since"),
        Index(
            "uq_staff_relation",
            "person_id",
            "relative_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Of the staff, and who is their relative.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    relative_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    relation: Mapped[Relation] = mapped_column(word(Relation, "relation"))
    since_on: Mapped[date]
    # The last day; without an end while None.
    until_on: Mapped[date | None]
    declared_at: Mapped[datetime]
    declared_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
