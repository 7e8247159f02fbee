"""Move a case from state to state; every move is kept with its reason and its notice."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.messages.kinds.reviews import (
    RECORD_CORRECTED,
    REVIEW_PARTLY_UPHELD,
    REVIEW_PASSED,
    REVIEW_REJECTED,
    REVIEW_TO_CORRECT,
    REVIEW_UNDER_WAY,
    REVIEW_UPHELD,
)
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState

# What a person is told when their case comes to a state.
KIND_OF_STATE = {
    ReviewState.EMPLOYER_CONFIRM: REVIEW_UNDER_WAY,
    ReviewState.MANUAL_REVIEW: REVIEW_UNDER_WAY,
    ReviewState.TO_CORRECT: REVIEW_TO_CORRECT,
    ReviewState.CORRECTING: REVIEW_UPHELD,
    ReviewState.PASSED: REVIEW_PASSED,
    ReviewState.REJECTED: REVIEW_REJECTED,
}


def move_review(
    session: Session,
    review: Review,
    to_state: ReviewState,
    *,
    reason: str | None,
    actor: Actor,
    at: datetime,
    answer_by: date | None = None,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Move a case and keep the move; return False when another request moved it first."""
    from_state = review.state
    # The day of the decision stays when its correction ends later: remedies run from it.
    decided_at = (review.decided_at or at) if to_state.is_decided else None
    # By the state that was read: of two requests the second one finds another, and moves nothing.
    result = session.execute(
        update(Review)
        .where(Review.id == review.id, Review.state == from_state)
        .values(state=to_state, reason=reason, answer_by=answer_by, decided_at=decided_at)
        .execution_options(synchronize_session=False)
    )
    if not result.rowcount:  # type: ignore[attr-defined]
        return False
    # The update went past the session: what it holds is still the state of before.
    session.refresh(review)
    keep_event(session, review, from_state, actor=actor, at=at, facts=facts)
    _tell(session, review, from_state, at)
    return True


def adverse_kind(review: Review) -> MessageKind | None:
    """Return what a person is told of a decision that is not wholly theirs: it has to be served."""
    if review.state is ReviewState.REJECTED:
        return REVIEW_REJECTED
    in_part = review.reason in {"partly_upheld", "corrected_in_part"}
    return REVIEW_PARTLY_UPHELD if in_part else None


def _tell(session: Session, review: Review, from_state: ReviewState, at: datetime) -> None:
    """Tell the person where the case stands now; taking it back is their own doing."""
    kind = KIND_OF_STATE.get(review.state)
    if from_state is ReviewState.CORRECTING:
        # What was decided stands since the decision, which was told; now it is done as well.
        kind = RECORD_CORRECTED
    elif review.reason == "partly_upheld":
        kind = REVIEW_PARTLY_UPHELD
    if kind is not None:
        notify(
            session,
            kind,
            review.person_id,
            region_code=session.get_one(Campaign, review.campaign_id).region_code,
            subject=("review", review.id),
            until_on=review.answer_by,
            at=at,
        )


def keep_event(
    session: Session,
    review: Review,
    from_state: ReviewState | None,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    activity: str = "review.moved",
) -> None:
    """Add one line to the timeline; the message to the person is the line's own words.

    `from_state` is the state itself when something happened that moved nothing.
    """
    session.add(
        ReviewEvent(
            review_id=review.id,
            at=at,
            from_state=from_state.value if from_state else None,
            to_state=review.state.value,
            reason=review.reason,
            account_id=actor.account_id,
            channel=actor.channel.value,
            facts=dict(facts or {}),
        )
    )
    record_activity(
        session,
        activity,
        actor=actor,
        at=at,
        subject=("review", review.id),
        person_id=review.person_id,
        facts={"to": review.state.value, "reason": review.reason},
    )
