"""What a person may still do with a case that was sent, while nobody has decided it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.assessments.reports.report_hire import withdraw_review_report
from siweb.documents.tables.document import Document
from siweb.registry.person_keys import is_same_person
from siweb.registry.tables.person import Person
from siweb.reviews.move import keep_event, move_review
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.objection import Objection, ObjectionState
from siweb.reviews.tables.review import Review, ReviewEvent, ReviewState
from siweb.rules.errors import Refusal
from siweb.wizard.answers import reopen_drafts


class WindowOver(Refusal):
    """When answers are to be taken back that could not be sent again: the campaign is over."""

    def __init__(self) -> None:
        super().__init__("window_over")


class CaseDecided(Refusal):
    """When somebody decided a case before its person added to it or took it back."""

    def __init__(self) -> None:
        super().__init__("decided")


def add_words(session: Session, review: Review, words: str, *, actor: Actor, at: datetime) -> None:
    """Add to what was sent: whoever answers or decides the case reads it. The caller commits.

    The same words twice (a button pressed twice) are added once.

    :raises CaseDecided: when somebody decided meanwhile.
    """
    _hold_undecided(session, review)
    # Read under the lock of the case: of a button pressed twice the second sees the first.
    if words in added_words(session, review.id):
        return
    keep_event(
        session,
        review,
        review.state,
        actor=actor,
        at=at,
        facts={"added": words, **_by_helper(session, review, actor)},
        activity="review.added",
    )


def take_back(
    session: Session,
    review: Review,
    campaign: Campaign,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> None:
    """Make a sent case a draft again, its answers as they were sent. The caller commits.

    Its objections are withdrawn, a report that the agency made of them ends, and its receipt is no
    longer valid; the timeline keeps both moves.

    :raises CaseDecided: when somebody decided meanwhile.
    :raises WindowOver: after the last day of the campaign.
    """
    _hold_undecided(session, review)
    if not campaign.is_open(on):
        raise WindowOver
    withdraw_review_report(session, review.id, at=at)
    session.execute(
        update(Objection)
        # Others were decided, or ended by what the case was before: they keep their answers.
        .where(Objection.review_id == review.id, Objection.state == ObjectionState.OPEN)
        .values(state=ObjectionState.WITHDRAWN)
    )
    if review.document_id is not None:
        receipt = session.get_one(Document, review.document_id)
        # What was no longer valid before keeps its own moment.
        receipt.revoked_at = receipt.revoked_at or at
    review.answers, review.submitted_at = None, None
    session.flush()
    facts = _by_helper(session, review, actor)
    back = ReviewState.DRAFT
    if not move_review(session, review, back, reason=None, actor=actor, at=at, facts=facts):
        raise CaseDecided
    reopen_drafts(session, ("review", review.id))


def added_words(session: Session, review_id: int) -> list[str]:
    """Return what was added to a case after it was sent, the oldest first."""
    return words_added(
        session.scalars(
            select(ReviewEvent.facts)
            .where(ReviewEvent.review_id == review_id)
            .order_by(ReviewEvent.id)
        )
    )


def words_added(events: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what some events, by their facts, added to a case."""
    return [str(facts["added"]) for facts in events if facts.get("added")]


def _by_helper(session: Session, review: Review, actor: Actor) -> dict[str, str]:
    """Return who did something for the person, for the timeline; nothing where it was theirs.

    The name and no key: the line keeps who it was, whatever becomes of the account.
    """
    if actor.person_id is None or is_same_person(session, actor.person_id, review.person_id):
        return {}
    return {"helper": session.get_one(Person, actor.person_id).name}


def _hold_undecided(session: Session, review: Review) -> None:
    """Hold the case until commit: a decision made meanwhile comes before or after, never within."""
    session.refresh(review, with_for_update=True)
    if not review.state.is_waiting:
        raise CaseDecided
