"""Open the tasks that follow from a decision: corrections, second looks, back payments."""

import hmac
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.task import ReviewTask, TaskKind

# Every problem has the task that puts it right; a test walks all of them.
CORRECTION_OF = {
    Problem.MISSING: TaskKind.CORRECT_MONTH,
    Problem.WRONG_BASE: TaskKind.CORRECT_BASE,
    Problem.NOT_MY_EMPLOYER: TaskKind.CORRECT_EMPLOYER,
    Problem.INSURANCES: TaskKind.CORRECT_INSURANCES,
    Problem.ACCOUNT: TaskKind.CORRECT_ACCOUNT,
    Problem.NAME_DIFFERS: TaskKind.CORRECT_IDENTITY,
    Problem.PERSONAL_DATA: TaskKind.CORRECT_IDENTITY,
    Problem.MEDICAL_STATUS: TaskKind.CORRECT_STATUS,
    Problem.MEDICAL_RELIEF: TaskKind.CORRECT_STATUS,
}
_PURPOSE = b"siweb second look at a certification 1\0"
# A share of certifications is drawn for a second look; the settings give it in ppm.
_PPM = 1_000_000


def open_task(
    session: Session,
    review: Review,
    campaign: Campaign,
    kind: TaskKind,
    *,
    actor: Actor,
    on: date,
    at: datetime,
    objection: Objection | None = None,
    words: str = "",
) -> ReviewTask:
    """Open a task of a case; it is due after the campaign's days for tasks."""
    task = ReviewTask(
        kind=kind,
        review_id=review.id,
        objection_id=objection.id if objection else None,
        person_id=review.person_id,
        due_on=on + timedelta(days=campaign.task_days),
        opened_at=at,
        opened_by_account_id=actor.account_id,
        words=words,
    )
    session.add(task)
    session.flush()
    record_activity(
        session,
        "review_task.opened",
        actor=actor,
        at=at,
        subject=("review_task", task.id),
        person_id=review.person_id,
        facts={"kind": kind.value, "due_on": task.due_on.isoformat()},
    )
    return task


def is_sampled(secret: str, reference: str, share_ppm: int) -> bool:
    """Return whether a case belongs to the share that is looked at twice.

    Drawn by the case's reference with the office's key: the same case is always drawn alike, and
    nobody outside can tell which ones are. `share_ppm` is in parts per million.
    """
    digest = hmac.digest(secret.encode(), _PURPOSE + reference.encode(), "sha256")
    # Of 256 bits: that a million does not divide them changes no share.
    return int.from_bytes(digest, "big") % _PPM < share_ppm
