"""Tell recipients before their certification ends, before a suspension, and of it."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from siweb.messages.kinds.benefits import (
    BENEFIT_SUSPENDED,
    CERTIFICATION_REMINDER,
    SUSPENSION_ANNOUNCED,
)
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.messages.reminders import reminded_on
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.reviews.benefits.state import announced_on
from siweb.rules.benefits.certification import compute_certification
from siweb.rules.calendar.months import add_months, first_day, month_of
from siweb.rules.parameters.pack_set import PackSet

_RUNS = Benefit.state.not_in([BenefitState.TERMINATED, BenefitState.SUSPENDED])


def tell_of_benefits(session: Session, *, packs: PackSet, on: date, at: datetime) -> int:
    """Tell what comes and what came; return how many people. The caller commits.

    One statement for all who were certified on one day; a second run tells nobody again.
    """
    notified = 0
    for region, certified_on in _certified(session):
        terms = packs.parameters(region, month_of(on)).certification_terms()
        period = compute_certification(certified_on, terms)
        stops_on = first_day(period.suspended_from_month)
        group = (Benefit.region_code == region, Benefit.certified_on == certified_on)
        for kind, last_day in (
            (CERTIFICATION_REMINDER, period.suspend_if_none_by),
            (SUSPENSION_ANNOUNCED, stops_on),
        ):
            notified_on = reminded_on(kind, last_day, on)
            if notified_on is not None:
                notified += _tell(session, kind, notified_on, last_day, *group, _RUNS, at=at)
        # Up to that day the announcement above is made; after it a late one is all that is left.
        if on > stops_on:
            notified += _announce_late(session, stops_on, on, *group, at=at)
        is_suspended = Benefit.state == BenefitState.SUSPENDED
        # Under a day that does not change: told once, however often the night's work runs.
        notified += _tell(session, BENEFIT_SUSPENDED, stops_on, None, *group, is_suspended, at=at)
    return notified


def _announce_late(
    session: Session, stops_on: date, on: date, *group: ColumnElement[bool], at: datetime
) -> int:
    """Announce a suspension of which nobody was told in time: it comes no sooner after that."""
    from_month = add_months(month_of(on + timedelta(days=min(SUSPENSION_ANNOUNCED.days_before))), 1)
    stands_under = announced_on(month_of(stops_on))
    is_overdue = Benefit.state == BenefitState.OVERDUE
    kind, later = SUSPENSION_ANNOUNCED, first_day(from_month)
    return _tell(session, kind, stands_under, later, *group, is_overdue, at=at)


def _certified(session: Session) -> list[tuple[str, date]]:
    rows = session.execute(
        select(Benefit.region_code, Benefit.certified_on)
        .where(Benefit.state != BenefitState.TERMINATED)
        .distinct()
    )
    return [(row.region_code, row.certified_on) for row in rows]


def _tell(
    session: Session,
    kind: MessageKind,
    notified_on: date,
    last_day: date | None,
    *which: ColumnElement[bool],
    at: datetime,
) -> int:
    # Whoever cannot be certified now is not asked to.
    is_asked = Benefit.stop_sign_id.is_(None)
    whom: Select[Any] = select(
        Benefit.region_code,
        subject_of("benefit", Benefit.id),
        day_of(notified_on),
        Benefit.person_id,
        day_of(last_day),
    ).where(*which, is_asked)
    return notify_each(session, kind, whom, at=at)
