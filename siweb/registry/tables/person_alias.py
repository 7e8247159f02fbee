"""Keys under which a person was registered before two registrations were found to be one person.

A merge rewrites no row: what stands under a former key stays there, sealed as it was, and readers
take a person's set of keys (`siweb.registry.person_keys`).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Month, RegionCode
from siweb.registry.codes import Insurance


class PersonAlias(Base):
    __tablename__ = "person_alias"
    __table_args__ = (CheckConstraint("former_id <> person_id", name="other_person"), CLUSTERED)

    former_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    # Who it is now: never a former key itself, so that one step leads there.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by_account_id: Mapped[int | None]
    # By which task of two people; of merges made before there were such tasks it is none.
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))


class JoinedEnrolment(Base):
    """An enrolment that went on under the key that stands, by its key.

    If the two prove to be two people after all this goes back, and nothing else: what the standing
    person took part in at the same employer looks the same. There is no foreign key: one that
    never began may be taken out.
    """

    __tablename__ = "joined_enrolment"
    __table_args__ = CLUSTERED

    # Whose it was; who has it now is the key of the enrolment.
    former_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    # That of the alias: two may be joined, separated and joined again.
    joined_at: Mapped[datetime] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), primary_key=True)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True, autoincrement=False
    )
    insuring_employer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_month: Mapped[str] = mapped_column(Month(), primary_key=True)
    sequence: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
