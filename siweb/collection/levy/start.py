"""Begin a levy run, a preview or an adjustment: what holds for it is kept with it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.levy.adjustment_tasks import close_tasks
from siweb.collection.levy.employers import keep_employers
from siweb.collection.levy.provisional import provisional_figures
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.levy.run import last_record
from siweb.collection.levy.taken_over import recorded_months
from siweb.collection.levy.terms import keep_terms
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import (
    add_months,
    first_day,
    month_of,
    months_between,
    months_through,
)
from siweb.rules.calendar.working_days import first_working_day
from siweb.rules.parameters.pack_set import PackSet

MOST_MONTHS = 36
"""An adjustment goes back over three years at most: one notice never goes further."""


def open_levy(
    session: Session,
    region_code: str,
    month: str,
    *,
    actor: Actor,
    on: date,
    at: datetime,
    kind: LevyKind = LevyKind.REGULAR,
    may_be_provisional: bool = False,
) -> LevyRun:
    """Return the run, or preview, of a month that is under way, or a new one with its parameters.

    The caller commits. A preview shows what is provisional; the levy itself asks first.

    :raises ParameterMissing: when the region's pack lacks something for the month.
    :raises LevyRefused: "not_begun" for a month to come, or "provisional" where the notice of some
        figures is missing and nobody said that the month is billed all the same.
    """
    if month > month_of(on):
        raise LevyRefused("not_begun")
    under_way = _under_way(session, region_code, month, kind)
    if under_way is not None:
        return under_way
    packs = packs_in_force(session)
    provisional = provisional_figures(packs.parameters(region_code, month, as_of=on))
    if provisional and kind is LevyKind.REGULAR and not may_be_provisional:
        raise LevyRefused("provisional", figures=provisional)
    return _begin(
        session,
        packs,
        provisional=provisional,
        region_code=region_code,
        contribution_month=month,
        through_month=month,
        kind=kind,
        as_of=on,
        due_on=due_day(packs, region_code, month, on=on),
        started_at=at,
        started_by_account_id=actor.account_id,
    )


def due_day(packs: PackSet, region_code: str, month: str, *, on: date) -> date:
    """Return the last day to pay a month: the pack's, moved off holidays (民法典 203).

    `on` is the day as of which holidays are known.

    :raises ParameterMissing: when the region's pack says nothing about it.
    """
    year = packs.parameters(region_code, month, as_of=on).payment_year()
    last = first_day(add_months(month, year.due_months_after)).replace(day=year.due_day)
    return first_working_day(last, packs.calendar(as_of=on)).day


def open_adjustment(
    session: Session,
    region_code: str,
    months: tuple[str, str],
    *,
    due_on: date,
    waived_until: date | None,
    reason: str,
    actor: Actor,
    on: date,
    at: datetime,
) -> LevyRun:
    """Return a new run over months, first to last, or the one under way for them.

    `due_on` and the end of the waiver of late fees are those of the notice that `reason` names.

    :raises ParameterMissing: when the region's pack lacks something for one of the months.
    :raises LevyRefused: "not_begun", "month_order", "too_long", "due_before", "not_billed" for
        months that nothing was recorded for, or "overlaps" an adjustment of other months.
    """
    first, last = months
    _refuse_months(session, region_code, first, last, on=on, due_on=due_on)
    under_way = _under_way(session, region_code, first, LevyKind.ADJUSTMENT)
    if under_way is not None and under_way.through_month == last:
        return under_way
    if under_way is not None:
        raise LevyRefused("overlaps")
    run = _begin(
        session,
        packs_in_force(session),
        region_code=region_code,
        contribution_month=first,
        through_month=last,
        kind=LevyKind.ADJUSTMENT,
        as_of=on,
        due_on=due_on,
        late_fee_waived_until=waived_until,
        reason=reason,
        started_at=at,
        started_by_account_id=actor.account_id,
    )
    record_activity(
        session,
        "levy.adjustment_opened",
        actor=actor,
        at=at,
        subject=("levy_run", run.id),
        facts={"from": first, "through": last},
    )
    close_tasks(session, run, at=at)
    return run


def _begin(session: Session, packs: PackSet, **values: Any) -> LevyRun:
    run = LevyRun(
        **values,
        sequence=_next_sequence(session, values),
        state=LevyState.COMPUTING,
        after_record_id=last_record(session),
        totals={},
    )
    session.add(run)
    session.flush()
    for month in months_through(run.contribution_month, run.through_month):
        keep_employers(session, run, month)
        parameters = packs.parameters(run.region_code, month, as_of=run.as_of)
        keep_terms(session, run.id, month, parameters)
    return run


def _refuse_months(
    session: Session, region_code: str, first: str, last: str, *, on: date, due_on: date
) -> None:
    if last > month_of(on):
        raise LevyRefused("not_begun")
    if last < first:
        raise LevyRefused("month_order")
    if months_between(first, last) >= MOST_MONTHS:
        raise LevyRefused("too_long")
    if due_on < on:
        raise LevyRefused("due_before")
    billed = session.scalars(
        select(LevyRun.contribution_month)
        .where(
            LevyRun.region_code == region_code,
            LevyRun.kind == LevyKind.REGULAR,
            LevyRun.state == LevyState.ISSUED,
        )
        .distinct()
    )
    missing = set(months_through(first, last)) - set(billed)
    if missing and missing - recorded_months(session, region_code, first, last):
        raise LevyRefused("not_billed")
    # The change of an employer's rounded total is known for whole adjustments only.
    across = session.scalar(
        select(func.count()).where(
            LevyRun.region_code == region_code,
            LevyRun.kind == LevyKind.ADJUSTMENT,
            LevyRun.state.in_((LevyState.ISSUED, LevyState.COMPUTING)),
            LevyRun.contribution_month <= last,
            LevyRun.through_month >= first,
            (LevyRun.contribution_month < first) | (LevyRun.through_month > last),
        )
    )
    if across:
        raise LevyRefused("overlaps")


def _under_way(session: Session, region_code: str, month: str, kind: LevyKind) -> LevyRun | None:
    return session.scalar(
        select(LevyRun).where(
            LevyRun.region_code == region_code,
            LevyRun.contribution_month == month,
            LevyRun.kind == kind,
            LevyRun.state == LevyState.COMPUTING,
        )
    )


def _next_sequence(session: Session, values: dict[str, Any]) -> int:
    latest = session.scalar(
        select(func.max(LevyRun.sequence)).where(
            LevyRun.region_code == values["region_code"],
            LevyRun.contribution_month == values["contribution_month"],
            LevyRun.kind == values["kind"],
        )
    )
    return 0 if latest is None else latest + 1
