"""Tasks (待复核): what one person made and another has to check before it takes effect."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.auth.tables.appointment import Function
from siweb.db.base import Base
from siweb.db.types import RegionCode, WordSet, word
from siweb.registry.codes import Insurance


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Task(Base):
    """An action that waits for its second person, with what it would change, word by word."""

    __tablename__ = "task"
    __table_args__ = (
        # Nobody checks what they made; whoever withdraws it is the maker and checks nothing.
        CheckConstraint("made_by_account_id <> checked_by_account_id", name="two_people"),
        CheckConstraint(
            "(state IN ('done', 'refused')) = (checked_by_account_id IS NOT NULL)", name="checked"
        ),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        Index(
            "ix_task_open",
            "function",
            "region_code",
            "due_on",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # A person's page shows what waits about them.
        Index(
            "ix_task_person",
            "person_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # The same action about the same subject waits once.
        Index(
            "uq_task_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    # Which action: a key of `siweb.desk.tasks.actions`.
    kind: Mapped[str] = mapped_column(String(40))
    # Whose function checks it, and where; None is the whole office.
    function: Mapped[Function] = mapped_column(word(Function, "function"))
    region_code: Mapped[str | None] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # Whose agencies decide it; None: what all insurances have in common.
    insurances: Mapped[frozenset[Insurance] | None] = mapped_column(WordSet(Insurance))
    # What it is about, as "payment:17".
    subject: Mapped[str] = mapped_column(String(80))
    # Whose matter it is, as the pages name them; what is the office's own has neither.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    # What the action is given when it is done; never an ID number.
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Why it is made, in the maker's words: the paper it rests on, its number and date.
    because: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date]
    state: Mapped[TaskState] = mapped_column(word(TaskState, "state"), default=TaskState.OPEN)
    made_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    checked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # The checker's words; why it was refused.
    answer: Mapped[str] = mapped_column(String(500), default="")
    closed_at: Mapped[datetime | None]
