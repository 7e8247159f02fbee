"""Begin a levy run, a preview or an adjustment: what holds for it is kept with it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.levy.employers import keep_employers
from siweb.collection.levy.provisional import provisional_figures, waited_for
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.levy.terms import keep_terms
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.db.claim import add_or_find
from siweb.ledgers.tables.contribution_record import hold_record_month
from siweb.rules.calendar.months import (
    add_months,
    first_day,
    month_of,
    months_through,
)
from siweb.rules.calendar.working_days import first_working_day
from siweb.rules.parameters.pack_set import PackSet


def open_levy(
    session: Session,
    region_code: str,
    month: str,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    kind: LevyKind = LevyKind.REGULAR,
    may_be_provisional: bool = False,
) -> LevyRun:
    """Return the run, or preview, of a month that is under way, or a new one with its parameters.

    The caller commits. A preview shows what is provisional; the levy itself asks first.

    :raises ParameterMissing: when the region's pack lacks something for the month.
    :raises LevyRefused: "not_begun" for a month to come, "provisional" where the notice of some
        figures is missing and nobody said that the month is billed all the same, or "adjust_first"
        where a rate is known by now that the month was billed without.
    """
    if month > month_of(on):
        raise LevyRefused("not_begun")
    under_way = run_under_way(session, region_code, month, kind)
    if under_way is not None:
        return under_way
    provisional = provisional_figures(packs.parameters(region_code, month, as_of=on))
    # Before the question about provisional figures: saying yes to that would not help.
    if waited_for(session, region_code, month, provisional):
        raise LevyRefused("adjust_first")
    if provisional and kind is LevyKind.REGULAR and not may_be_provisional:
        raise LevyRefused("provisional", figures=provisional)
    return begin_run(
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
    # `due_day` is 1 to 28 in every pack, so that `replace` finds it in any month.
    return first_working_day(last, packs.calendar(as_of=on)).day


def begin_run(session: Session, packs: PackSet, **values: Any) -> LevyRun:
    """Return a new run, with its employers and the terms of its months kept beside it."""
    run = LevyRun(
        **values,
        sequence=_next_sequence(session, values),
        state=LevyState.COMPUTING,
        totals={},
    )
    under_way = (run.region_code, run.contribution_month, run.kind)
    # Two desks that start it at once both find none before: the second goes on with the first's.
    begun = add_or_find(session, run, lambda: run_under_way(session, *under_way))
    if begun is not None:
        return begun
    for month in months_through(run.contribution_month, run.through_month):
        if run.kind is LevyKind.ADJUSTMENT:
            hold_record_month(session.connection(), run.region_code, month)
        keep_employers(session, run, month)
        parameters = packs.parameters(run.region_code, month, as_of=run.as_of)
        keep_terms(session, run.id, month, parameters)
    return run


def run_under_way(session: Session, region_code: str, month: str, kind: LevyKind) -> LevyRun | None:
    """Return the run of a kind that begins with a month and is not ended yet."""
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
