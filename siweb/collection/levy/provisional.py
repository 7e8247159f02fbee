"""Figures whose time has passed: the levy asks before it bills with them (补差 follows later).

Limits are new every payment year, and notices come up to a year late. Until then the last ones are
used and adjusted later; a rate whose notice has ended is not used at all: its insurance waits.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from siweb.collection.levy.terms import LEVIED_SCHEMES
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.rules.calendar.months import months_through
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.staleness import ended_rates, stale_limits

Facts = list[dict[str, Any]]


def provisional_figures(parameters: ParameterSet) -> Facts:
    """Return what a month would be billed with though its notice is missing, as JSON holds it.

    Each has the `key` of the figure, the `notice` it still goes by, and the first month `since`
    which a newer one is missing; one whose rate has ended `waits`: nothing is billed of it.
    """
    found: dict[str, dict[str, Any]] = {}
    for scheme in LEVIED_SCHEMES:
        for stale in stale_limits(parameters, scheme):
            found[stale.source.key] = {
                "key": stale.source.key,
                "notice": stale.source.notice,
                "since": stale.since,
                "waits": False,
            }
        for source in ended_rates(parameters, scheme):
            found[source.key] = {
                "key": source.key,
                "notice": source.notice,
                # Of an ended rate the last month in which it held: `ended_rates` names none
                # without an end.
                "since": source.effective_to,
                "waits": True,
            }
    return [found[key] for key in sorted(found)]


def figures_by_month(months: dict[str, Facts]) -> Facts:
    """Return the figures of several months as one list; each names the `months` it is about."""
    found: dict[str, dict[str, Any]] = {}
    for month, figures in sorted(months.items()):
        for figure in figures:
            found.setdefault(figure["key"], {**figure, "months": []})["months"].append(month)
    return [found[key] for key in sorted(found)]


def figures_of(run: LevyRun, month: str) -> Facts:
    """Return what a run billed a month with though its notice was missing."""
    return [figure for figure in run.provisional if month in figure.get("months", [month])]


def provisional_months(
    session: Session, region_code: str | None = None
) -> dict[tuple[str, str], Facts]:
    """Return by region and month what was billed provisionally and not adjusted since.

    An adjustment is provisional in turn where another notice is still missing.
    """
    months: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for run in _runs(session, region_code):
        for month in months_through(run.contribution_month, run.through_month):
            figures = {figure["key"]: figure for figure in figures_of(run, month)}
            if run.kind is LevyKind.ADJUSTMENT:
                months[run.region_code, month] = figures
            else:
                # Who was billed before stands there as before: a later run bills only the others.
                months.setdefault((run.region_code, month), {}).update(figures)
    return {key: [*figures.values()] for key, figures in sorted(months.items()) if figures}


def waited_for(session: Session, region_code: str, month: str, now: Facts) -> list[str]:
    """Return the keys of rates a month was billed without, and which are known by now.

    `now` is what is still missing. Whoever was billed then owes the insurance by an adjustment,
    with its own day to pay: a run of the month itself would say that it was late all along.
    """
    missing = {figure["key"] for figure in now}
    was = provisional_months(session, region_code).get((region_code, month), [])
    return [figure["key"] for figure in was if figure["waits"] and figure["key"] not in missing]


def _runs(session: Session, region_code: str | None) -> Iterator[LevyRun]:
    """Yield the runs that billed, and the adjustments that looked, in their order."""
    looked = (LevyState.ISSUED, LevyState.CANCELLED, LevyState.COMPUTING)
    query = select(LevyRun).where(
        or_(
            and_(LevyRun.kind == LevyKind.REGULAR, LevyRun.state == LevyState.ISSUED),
            # An adjustment that found nothing to change has looked as well.
            and_(LevyRun.kind == LevyKind.ADJUSTMENT, LevyRun.state.in_(looked)),
        ),
        # What corrected one person's record has looked at nobody else.
        LevyRun.person_id.is_(None),
    )
    if region_code is not None:
        query = query.where(LevyRun.region_code == region_code)
    yield from session.scalars(query.order_by(LevyRun.id))
