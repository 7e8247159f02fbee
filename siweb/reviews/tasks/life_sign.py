"""Take back a sign of life of another person: a certification that rests on it is looked at.

Nothing stops by this: the benefit is paid until a loss is established (经办条例 26).
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.messages.kinds.registration import SIGN_WITHDRAWN
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import LifeSign
from siweb.registry.tables.person import Person
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState
from siweb.reviews.tables.task import ReviewTask, TaskKind, TaskState
from siweb.reviews.tasks.open import open_task
from siweb.rules.errors import Refusal

# Beyond that a certification has been followed by another one.
_LOOKED_BACK = timedelta(days=800)


class SignRefused(Refusal):
    """When a sign of life is not taken back: "life_sign_gone"."""


def life_signs_of(session: Session, person_id: int, *, on: date) -> list[LifeSign]:
    """Return the signs of life of somebody that count, the newest first."""
    return list(
        session.scalars(
            select(LifeSign)
            .where(
                is_of(LifeSign.person_id, person_id),
                LifeSign.withdrawn_at.is_(None),
                LifeSign.seen_on >= on - _LOOKED_BACK,
            )
            .order_by(LifeSign.seen_on.desc(), LifeSign.id.desc())
        )
    )


def require_sign(session: Session, sign_id: int) -> LifeSign:
    """Return a sign of life that counts, held until commit.

    :raises SignRefused: when it was taken back meanwhile.
    """
    sign = session.get(LifeSign, sign_id, with_for_update=True, populate_existing=True)
    if sign is None or sign.withdrawn_at is not None:
        raise SignRefused("life_sign_gone")
    return sign


def take_back_life_sign(
    session: Session,
    sign_id: int,
    *,
    task_id: int,
    words: str,
    on: date,
    actor: Actor,
    at: datetime,
) -> bool:
    """Let a sign of life count no more; return whether a certification is looked at again.

    :raises SignRefused: when it was taken back meanwhile.
    """
    sign = require_sign(session, sign_id)
    sign.withdrawn_at, sign.withdrawing_task_id = at, task_id
    session.flush()
    record_activity(
        session,
        "life_sign.taken_back",
        actor=actor,
        at=at,
        subject=("life_sign", sign.id),
        person_id=sign.person_id,
        facts={"seen_on": sign.seen_on.isoformat()},
    )
    notify(
        session,
        SIGN_WITHDRAWN,
        sign.person_id,
        region_code=session.get_one(Person, sign.person_id).region_code,
        subject=("life_sign", sign.id),
        at=at,
    )
    rests = _rests_on(session, sign)
    if rests is None:
        return False
    open_task(session, *rests, TaskKind.RECHECK, actor=actor, on=on, at=at, words=words[:500])
    return True


def _rests_on(session: Session, sign: LifeSign) -> tuple[Review, Campaign] | None:
    """Return the last certification, where it passed by this sign and nobody looks at it yet."""
    row = session.execute(
        select(Review, Campaign)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(
            is_of(Review.person_id, sign.person_id),
            Campaign.kind == ReviewKind.CERTIFICATION,
            Review.state == ReviewState.PASSED,
        )
        .order_by(Review.decided_at.desc(), Review.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    review, campaign = row
    facts = session.scalars(select(ReviewEvent.facts).where(ReviewEvent.review_id == review.id))
    stated = {"source": sign.source, "seen_on": sign.seen_on.isoformat()}
    if not any(stated.items() <= each.items() for each in facts):
        return None
    looked_at = session.scalar(
        select(ReviewTask.id).where(
            ReviewTask.review_id == review.id,
            ReviewTask.kind == TaskKind.RECHECK,
            ReviewTask.state == TaskState.OPEN,
        )
    )
    return (review, campaign) if looked_at is None else None
