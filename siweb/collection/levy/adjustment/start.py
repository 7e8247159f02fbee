"""Begin an adjustment of months that were billed, or that an earlier system recorded."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.levy.adjustment.earlier_system import recorded_months
from siweb.collection.levy.adjustment.own_due_days import due_days
from siweb.collection.levy.adjustment.tasks import close_tasks
from siweb.collection.levy.provisional import (
    Facts,
    figures_by_month,
    provisional_figures,
    waited_for,
)
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.levy.start import begin_run, run_under_way
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState, LevyTerm
from siweb.rules.calendar.months import month_of, months_between, months_through
from siweb.rules.contributions.premium import Scope
from siweb.rules.parameters.pack_set import PackSet

MOST_MONTHS = 36
"""An adjustment goes back over three years at most: one notice never goes further."""


def open_adjustment(
    session: Session,
    region_code: str,
    months: tuple[str, str],
    *,
    packs: PackSet,
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
    under_way = run_under_way(session, region_code, first, LevyKind.ADJUSTMENT)
    if under_way is not None:
        if under_way.through_month != last:
            raise LevyRefused("overlaps")
        return under_way
    run = begin_run(
        session,
        packs,
        provisional=provisional_of_months(packs, region_code, months, on),
        month_facts=facts_of_months(session, packs, region_code, months, on),
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
    _note(session, run, actor, at)
    close_tasks(session, run, at=at)
    return run


def provisional_of_months(
    packs: PackSet, region_code: str, months: tuple[str, str], on: date
) -> Facts:
    """Return the figures of the months whose notice is still missing."""
    return figures_by_month(
        {
            month: provisional_figures(packs.parameters(region_code, month, as_of=on))
            for month in months_through(*months)
        }
    )


def facts_of_months(
    session: Session, packs: PackSet, region_code: str, months: tuple[str, str], on: date
) -> dict[str, dict[str, Any]]:
    """Return what the run must know of each month besides its terms, as JSON holds it."""
    return {
        month: {
            **due_days(packs, region_code, month, on),
            "waited": waited_for(
                session,
                region_code,
                month,
                provisional_figures(packs.parameters(region_code, month, as_of=on)),
            ),
        }
        for month in months_through(*months)
    }


def _note(session: Session, run: LevyRun, actor: Actor, at: datetime) -> None:
    record_activity(
        session,
        "levy.adjustment_opened",
        actor=actor,
        at=at,
        subject=("levy_run", run.id),
        facts={"from": run.contribution_month, "through": run.through_month},
    )


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
    missing = set(months_through(first, last)) - billed_months(session, region_code)
    # Records are read only where the runs do not explain every month.
    if missing and missing - recorded_months(session, region_code, first, last):
        raise LevyRefused("not_billed")
    if months_across(session, region_code, (first, last)) != (first, last):
        raise LevyRefused("overlaps")


def billed_months(session: Session, region_code: str) -> set[str]:
    """Return the months that a region has billed."""
    billed = session.scalars(
        select(LevyRun.contribution_month)
        .where(
            LevyRun.region_code == region_code,
            LevyRun.kind == LevyKind.REGULAR,
            LevyRun.state == LevyState.ISSUED,
        )
        .distinct()
    )
    return set(billed)


def months_across(session: Session, region_code: str, months: tuple[str, str]) -> tuple[str, str]:
    """Return months widened to take in the adjustments that lie across their ends.

    The change of an employer's rounded total is known for whole adjustments only. What corrected
    one person's record counts where totals are rounded.
    """
    first, last = months
    rounds_totals = exists().where(
        LevyTerm.levy_run_id == LevyRun.id, LevyTerm.scope == Scope.EMPLOYER_TOTAL.value
    )
    # Each that is taken in may lie across the ends of another one.
    while True:
        wider = session.execute(
            select(func.min(LevyRun.contribution_month), func.max(LevyRun.through_month)).where(
                LevyRun.region_code == region_code,
                LevyRun.kind == LevyKind.ADJUSTMENT,
                # One under way will change the same totals.
                LevyRun.state.in_((LevyState.ISSUED, LevyState.COMPUTING)),
                or_(LevyRun.person_id.is_(None), rounds_totals),
                LevyRun.contribution_month <= last,
                LevyRun.through_month >= first,
            )
        ).one()
        found = (min(first, wider[0] or first), max(last, wider[1] or last))
        if found == (first, last):
            return found
        first, last = found
