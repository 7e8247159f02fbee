"""A higher rate for work injury holds once its decision was served, never for earlier months."""

from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from siweb.clock import office_day
from siweb.collection.levy.find import billed_through
from siweb.registry.employers.injury_rate import Risk, keep_decision, risks_of
from siweb.registry.tables.employer import Employer, InjuryRate
from siweb.rules.calendar.months import add_months, month_of
from siweb.tasks.tables.task import Task, TaskState


def raise_rate(session: Session, reference: str, served_on: date, *, at: datetime) -> None:
    """Keep what a task decided, from the month after its service on; once.

    What was decided of the employer since goes before it, and so does what was billed by then.
    """
    task = _task(session, reference)
    # Two that serve it by different ways at once, or a decision beside it, wait for each other.
    employer = session.get_one(Employer, task.change["employer_id"], with_for_update=True)
    if task.closed_at is None or _is_overtaken(session, task, employer):
        return
    billed = billed_through(session, employer.region_code)
    from_month = max(
        task.change["from_month"],
        add_months(month_of(served_on), 1),
        "" if billed is None else add_months(billed, 1),
    )
    risk = Risk(int(task.change["injury_class"]), int(task.change["injury_tier_ppm"]))
    if risks_of(session, employer).in_month(from_month) == risk:
        return
    keep_decision(
        session,
        employer,
        risk,
        from_month,
        task.because,
        makers=(task.made_by_account_id, task.checked_by_account_id),
        at=at,
        decided_on=office_day(task.closed_at),
    )


def _task(session: Session, reference: str) -> Task:
    return session.scalars(select(Task).where(Task.reference == reference)).one()


def _is_overtaken(session: Session, task: Task, employer: Employer) -> bool:
    kept = exists().where(
        InjuryRate.employer_id == employer.id, InjuryRate.recorded_at > task.closed_at
    )
    decided = exists().where(
        Task.kind == task.kind,
        Task.subject == task.subject,
        Task.state == TaskState.DONE,
        Task.closed_at > task.closed_at,
    )
    return bool(session.scalar(select(or_(kept, decided))))
