"""Somebody at the agency decides a case that needs a person: each objection, then the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.registry.tables.person import Person
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.move import move_review
from siweb.reviews.submit import apply_certification, give_receipt
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.objection import Objection, ObjectionState
from siweb.reviews.tables.review import Review, ReviewState

PAGE = 25


@dataclass(frozen=True, slots=True)
class WaitingReview:
    """A case that the agency decides, and whose it is."""

    review: Review
    campaign: Campaign
    person_name: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one objection, and why, in words that the person reads."""

    is_upheld: bool
    words: str


def waiting_reviews(
    session: Session, *, on: date, page: int = 1
) -> tuple[list[WaitingReview], bool]:
    """Return a page of the cases that wait for the agency, the oldest first, and if more follow."""
    rows = session.execute(
        select(Review, Campaign, Person.name)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .join(Person, Person.id == Review.person_id)
        .where(_waits(on))
        .order_by(Review.submitted_at, Review.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [WaitingReview(*row) for row in rows[:PAGE]], len(rows) > PAGE


def count_waiting_reviews(on: date) -> Select[int]:
    """Return the question how many cases wait for the agency, to be asked with others."""
    return select(func.count(Review.id)).where(_waits(on))


def find_sent(session: Session, reference: str) -> WaitingReview | None:
    """Return a case that was sent, whatever its state, else None."""
    row = session.execute(
        select(Review, Campaign, Person.name)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .join(Person, Person.id == Review.person_id)
        .where(Review.reference == reference, Review.state != ReviewState.DRAFT)
    ).first()
    return None if row is None else WaitingReview(*row)


def open_objections(session: Session, review_id: int) -> list[Objection]:
    """Return what is still to be decided in a case."""
    return list(
        session.scalars(
            select(Objection)
            .where(Objection.review_id == review_id, Objection.state == ObjectionState.OPEN)
            .order_by(Objection.id)
        )
    )


def decide_objections(
    session: Session,
    facts: ReviewFacts,
    decisions: Mapping[int, Decision],
    *,
    actor: Actor,
    at: datetime,
    secret: str,
) -> bool:
    """Decide every open objection of a case, and so the case; False: decided before.

    One upheld objection is enough for the person to have been right. `decisions` is by the
    objection's id; the caller commits.

    :raises KeyError: if an open objection is not decided.
    """
    review = facts.review
    upheld = False
    for one in open_objections(session, review.id):
        decision = decisions[one.id]
        one.state = ObjectionState.UPHELD if decision.is_upheld else ObjectionState.DISMISSED
        one.answer, one.answered_at = decision.words, at
        upheld = upheld or decision.is_upheld
    to_state = ReviewState.PASSED if upheld else ReviewState.REJECTED
    reason = "upheld" if upheld else "dismissed"
    return _decided(session, facts, to_state, reason, "", actor=actor, at=at, secret=secret)


def decide_certification(
    session: Session,
    facts: ReviewFacts,
    *,
    is_certified: bool,
    words: str,
    actor: Actor,
    at: datetime,
    secret: str,
) -> bool:
    """Certify a recipient in person or say why not; False: decided before. The caller commits."""
    to_state = ReviewState.PASSED if is_certified else ReviewState.REJECTED
    reason = "certified_by_agency" if is_certified else "not_certified"
    decided = _decided(session, facts, to_state, reason, words, actor=actor, at=at, secret=secret)
    if decided and is_certified:
        apply_certification(facts)
    return decided


def _decided(
    session: Session,
    facts: ReviewFacts,
    to_state: ReviewState,
    reason: str,
    words: str,
    *,
    actor: Actor,
    at: datetime,
    secret: str,
) -> bool:
    if facts.review.state.is_decided:
        return False
    said = {"words": words} if words else {}
    if not move_review(
        session, facts.review, to_state, reason=reason, actor=actor, at=at, facts=said
    ):
        return False
    give_receipt(session, facts, actor=actor, at=at, secret=secret)
    return True


def _waits(on: date) -> ColumnElement[bool]:
    return or_(
        Review.state.in_([ReviewState.MANUAL_REVIEW, ReviewState.TO_CORRECT]),
        (Review.state == ReviewState.EMPLOYER_CONFIRM) & (Review.answer_by < on),
    )
