"""One piece of work for later. The row is the truth: no message can be lost, none counts twice."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        # Each idle worker asks twice a second for the oldest free job.
        Index("ix_job_state", "state", "run_after", "id"),
        Index("ix_job_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # What the page that shows the progress is called; told to the owner only.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The same request twice is one job.
    request_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    # None where no account asked: the office's own, such as sending messages.
    owner_account_id: Mapped[int | None]
    state: Mapped[JobState] = mapped_column(word(JobState, "state"), default=JobState.QUEUED)
    # {"stage": "checked", "done": 5000, "total": 100000, ...}: counts only, no personal data.
    progress: Mapped[dict[str, Any]] = mapped_column(JSON)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(64))
    queued_at: Mapped[datetime]
    run_after: Mapped[datetime]
    started_at: Mapped[datetime | None]
    # A running job whose worker has been silent for a while is taken by another.
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # What the owner is told; the log has under it what went wrong, which no page may show.
    failure_reference: Mapped[str | None] = mapped_column(String(24))
