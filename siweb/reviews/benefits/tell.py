"""Tell recipients before their certification ends, before a suspension, and of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from siweb.messages.kinds import BENEFIT_SUSPENDED, CERTIFICATION_REMINDER, SUSPENSION_ANNOUNCED
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.messages.reminders import reminded_on
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.rules.benefits.certification import compute_certification
from siweb.rules.calendar.months import month_of
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
        stops_on = date.fromisoformat(f"{period.suspended_from_month}-01")
        group = (Benefit.region_code == region, Benefit.certified_on == certified_on)
        for kind, last_day in (
            (CERTIFICATION_REMINDER, period.suspend_if_none_by),
            (SUSPENSION_ANNOUNCED, stops_on),
        ):
            notified_on = reminded_on(kind, last_day, on)
            if notified_on is not None:
                notified += _tell(session, kind, notified_on, last_day, *group, _RUNS, at=at)
        is_suspended = Benefit.state == BenefitState.SUSPENDED
        notified += _tell(session, BENEFIT_SUSPENDED, stops_on, None, *group, is_suspended, at=at)
    return notified


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
    whom: Select[Any] = select(
        Benefit.region_code,
        subject_of("benefit", Benefit.id),
        day_of(notified_on),
        Benefit.person_id,
        day_of(last_day),
    ).where(*which)
    return notify_each(session, kind, whom, at=at)
