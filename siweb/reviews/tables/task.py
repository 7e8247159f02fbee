"""Tasks that follow from reviews: what somebody at the desk still has to do, and by when.

A decision is only words until its task is done: the person reads "corrected" after that.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class TaskKind(StrEnum):
    """What is to be done; the first ones follow from an upheld objection."""

    CORRECT_MONTH = "correct_month"
    CORRECT_BASE = "correct_base"
    CORRECT_EMPLOYER = "correct_employer"
    CORRECT_INSURANCES = "correct_insurances"
    CORRECT_ACCOUNT = "correct_account"
    CORRECT_IDENTITY = "correct_identity"
    CORRECT_STATUS = "correct_status"
    # A certification that passed is looked at again, by a second person.
    RECHECK = "recheck"
    # A second look left doubts: the benefit goes on until a loss is established (OpReg 26).
    INVESTIGATE = "investigate"
    # A suspended benefit goes on: what was held back is paid.
    BACK_PAY = "back_pay"


CORRECTIONS = frozenset(kind for kind in TaskKind if kind.value.startswith("correct_"))


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"


class TaskResult(StrEnum):
    """How a task ended; only a second look can end in doubt."""

    DONE = "done"
    DOUBTFUL = "doubtful"


class ReviewTask(Base):
    __tablename__ = "review_task"
    __table_args__ = (
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index("ix_review_task_state", "state", "kind", "due_on"),
        Index("ix_review_task_review", "review_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(word(TaskKind, "kind"))
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    # One correction for one upheld objection.
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    state: Mapped[TaskState] = mapped_column(word(TaskState, "state"), default=TaskState.OPEN)
    opened_at: Mapped[datetime]
    # Who decided what the task follows from, None for a rule: a second look is by another person.
    opened_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # What the task rests on, for whoever does it; the month from which a benefit was held back.
    words: Mapped[str] = mapped_column(String(500), default="")
    result: Mapped[TaskResult | None] = mapped_column(word(TaskResult, "result"))
    # What was done, in words that the person reads.
    outcome: Mapped[str | None] = mapped_column(String(500))
    done_at: Mapped[datetime | None]
    done_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
