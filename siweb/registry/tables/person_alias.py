"""Keys under which a person was registered before two registrations were found to be one person.

A merge rewrites no row: what stands under a former key stays there, sealed as it was, and readers
take a person's set of keys (`siweb.registry.person_keys`).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base


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
