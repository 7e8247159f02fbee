"""Keep the scans of a case whatever their term, until two people say that nobody needs them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.complaints.tables.complaint import Complaint
from siweb.db.claim import add_or_find
from siweb.db.reference_code import normalise
from siweb.keeping.refusal import KeepingRefused
from siweb.keeping.tables.keeping_hold import KeepingHold
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review
from siweb.tasks.tables.task import Task


def region_of_case(session: Session, number: str) -> str | None:
    """Return in which region a task, a complaint or a review lies; None for no such case."""
    typed = normalise(number)
    return session.scalar(
        union_all(
            select(Task.region_code).where(Task.reference == typed),
            select(Complaint.region_code).where(Complaint.reference == typed),
            select(Campaign.region_code)
            .join(Review, Review.campaign_id == Campaign.id)
            .where(Review.reference == typed),
        )
    )


def standing_holds(session: Session, regions: Iterable[str]) -> list[KeepingHold]:
    """Return which cases are held in some regions, the latest first."""
    asked = select(KeepingHold).where(
        KeepingHold.lifted_at.is_(None), KeepingHold.region_code.in_(sorted(regions))
    )
    return list(session.scalars(asked.order_by(KeepingHold.id.desc())))


def standing_hold(session: Session, number: str) -> KeepingHold | None:
    """Return by what a case is held now."""
    return session.scalar(
        select(KeepingHold).where(
            KeepingHold.case_number == normalise(number), KeepingHold.lifted_at.is_(None)
        )
    )


def hold_case(
    session: Session,
    number: str,
    because: str,
    *,
    regions: Iterable[str],
    actor: Actor,
    at: datetime,
) -> KeepingHold:
    """Keep the scans of a case from now on.

    :raises KeepingRefused: "no_such_case" in these regions, "held_already".
    """
    region_code = region_of_case(session, number)
    if region_code is None or region_code not in set(regions):
        raise KeepingRefused("no_such_case")
    if standing_hold(session, number) is not None:
        raise KeepingRefused("held_already")
    hold = KeepingHold(
        region_code=region_code,
        case_number=normalise(number),
        because=because,
        set_at=at,
        set_by_account_id=actor.account_id,
    )
    if add_or_find(session, hold, lambda: standing_hold(session, number)) is not None:
        raise KeepingRefused("held_already")
    _note(session, "keeping_hold.set", hold, actor, at)
    return hold


def require_hold(session: Session, number: str) -> KeepingHold:
    """Return by what a case is held.

    :raises KeepingRefused: "not_held".
    """
    hold = standing_hold(session, number)
    if hold is None:
        raise KeepingRefused("not_held")
    return hold


def lift_hold(
    session: Session, number: str, *, task_id: int, actor: Actor, at: datetime
) -> KeepingHold:
    """Let the term of a case count again.

    :raises KeepingRefused: "not_held".
    """
    hold = require_hold(session, number)
    hold.lifted_at, hold.lifting_task_id = at, task_id
    session.flush()
    _note(session, "keeping_hold.lifted", hold, actor, at)
    return hold


def _note(session: Session, action: str, hold: KeepingHold, actor: Actor, at: datetime) -> None:
    subject, facts = ("keeping_hold", hold.id), {"case": hold.case_number}
    record_activity(session, action, actor=actor, at=at, subject=subject, facts=facts)
