"""Months that were billed provisionally and whose notice has come: queued for a person."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.collection.levy.provisional import provisional_figures, provisional_months
from siweb.collection.tables.adjustment_task import AdjustmentTask
from siweb.collection.tables.levy_run import LevyRun
from siweb.rules.parameters.pack_set import PackSet


def queue_adjustments(session: Session, packs: PackSet, *, on: date, at: datetime) -> int:
    """Queue the months of each region whose notice has come since; return how many regions.

    One notice of several is enough: agencies publish on their own. The same day twice queues
    nothing more. A person confirms: the notice names the day to pay by.
    """
    found: dict[str, list[str]] = {}
    for (region_code, month), figures in provisional_months(session).items():
        missing = provisional_figures(packs.parameters(region_code, month, as_of=on))
        if {figure["key"] for figure in figures} - {figure["key"] for figure in missing}:
            found.setdefault(region_code, []).append(month)
    queued = 0
    for region_code, months in found.items():
        first, last = min(months), max(months)
        # One task a region, widened:
        # a second one over the same months would find nothing left to bill.
        task = _open_task(session, region_code)
        if task is None:
            session.add(
                AdjustmentTask(
                    region_code=region_code, first_month=first, last_month=last, found_at=at
                )
            )
            queued += 1
        else:
            task.first_month = min(first, task.first_month)
            task.last_month = max(last, task.last_month)
    session.flush()
    return queued


def open_tasks(session: Session, regions: Sequence[str]) -> list[AdjustmentTask]:
    """Return what waits for a person in some regions, the oldest first."""
    query = select(AdjustmentTask).where(
        AdjustmentTask.region_code.in_(regions), AdjustmentTask.done_at.is_(None)
    )
    return list(session.scalars(query.order_by(AdjustmentTask.id)))


def close_tasks(session: Session, run: LevyRun, *, at: datetime) -> None:
    """End the tasks whose months an adjustment takes in."""
    session.execute(
        update(AdjustmentTask)
        .where(
            AdjustmentTask.region_code == run.region_code,
            AdjustmentTask.done_at.is_(None),
            AdjustmentTask.first_month >= run.contribution_month,
            AdjustmentTask.last_month <= run.through_month,
        )
        .values(levy_run_id=run.id, done_at=at)
        .execution_options(synchronize_session="fetch")
    )


def _open_task(session: Session, region_code: str) -> AdjustmentTask | None:
    return next(iter(open_tasks(session, [region_code])), None)
