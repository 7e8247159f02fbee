"""How the work stands: all that the findings ask of the database, in one statement."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.chain.link import ActivityLink, UnsealedActivity
from siweb.db.types import OFFICE
from siweb.ledgers.tables.day_root import DayRoot
from siweb.messages.tables.delivery import DeliveryState, MessageDelivery
from siweb.queue.job import Job, JobState

# A worker looks twice a second: whoever waits so long has none.
_WAITS = timedelta(minutes=10)
_SEALED_WITHIN = timedelta(minutes=1)
# What failed is of interest for as long.
_LATELY = timedelta(days=7)
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Instants, counts and references; None where there is none."""

    logged_at: datetime | None
    jobs_left: int | None
    jobs_failed: str | None
    late_lines: int
    late_since: datetime | None
    sealed_on: date | None
    undelivered: int
    # Of the log's chain, which has no gap: so many lines it has.
    lines: int


def read_standing(session: Session, at: datetime) -> Standing:
    """Return how the work stands; a page may ask a few times alone."""
    is_silent = (Job.state == JobState.RUNNING) & (Job.heartbeat_at < at - _WAITS)
    waits = (Job.state == JobState.QUEUED) & (Job.run_after < at - _WAITS)
    left = select(func.sum(case((is_silent | waits, 1), else_=0))).where(
        Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    )
    failed = (
        select(Job.failure_reference)
        .where(Job.state == JobState.FAILED, Job.finished_at >= at - _LATELY)
        .order_by(Job.finished_at.desc())
        .limit(_MOST_NAMED)
        .subquery()
    )
    late = UnsealedActivity.written_at < at - _SEALED_WITHIN
    undelivered = select(func.count()).where(
        MessageDelivery.state == DeliveryState.FAILED, MessageDelivery.next_try_at >= at - _LATELY
    )
    closed = select(func.max(DayRoot.sealed_on)).where(DayRoot.region_code == OFFICE)
    row = session.execute(
        select(
            select(func.max(Activity.at)).scalar_subquery(),
            left.scalar_subquery(),
            select(func.aggregate_strings(failed.c.failure_reference, ", ")).scalar_subquery(),
            select(func.count()).select_from(UnsealedActivity).where(late).scalar_subquery(),
            select(func.min(UnsealedActivity.written_at)).where(late).scalar_subquery(),
            closed.scalar_subquery(),
            undelivered.scalar_subquery(),
            select(func.coalesce(func.max(ActivityLink.position), 0)).scalar_subquery(),
        )
    ).one()
    return Standing(*row)
