"""Somebody at the agency decides a case that needs a person: each objection, then the case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.staff.duties import Scope
from siweb.registry.person_keys import is_same_person
from siweb.registry.tables.person import Person
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.move import move_review
from siweb.reviews.receipt import give_receipt
from siweb.reviews.tables.campaign import Campaign, lies_in
from siweb.reviews.tables.objection import Objection, ObjectionState
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tasks.certified import BenefitEnded, apply_certification
from siweb.reviews.tasks.open import CORRECTION_OF, open_task
from siweb.rules.errors import Refusal

PAGE = 25


class DecisionRefused(Refusal):
    """When a case is not for this person to decide ("own_case"), or there is nothing to certify."""


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


def waiting_visits(
    session: Session, *, scope: Scope, on: date, page: int = 1
) -> tuple[list[WaitingReview], bool]:
    """Return a page of the cases that wait for a visit at home, the oldest first."""
    rows = session.execute(
        select(Review, Campaign, Person.name)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .join(Person, Person.id == Review.person_id)
        .where(_waits(on), lies_in(scope), Review.reason == "visit_wanted")
        .order_by(Review.submitted_at, Review.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [WaitingReview(*row) for row in rows[:PAGE]], len(rows) > PAGE


def count_waiting_reviews(on: date, scope: Scope) -> Select[int]:
    """Return the question how many cases wait for the agency, to be asked with others."""
    asked = select(func.count(Review.id)).join(Campaign, Campaign.id == Review.campaign_id)
    return asked.where(_waits(on), lies_in(scope))


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

    An upheld one opens the task that puts it right; `decisions` is by the objection's id. The
    caller commits.

    :raises KeyError: if an open objection is not decided.
    :raises DecisionRefused: for one's own case.
    """
    objections = open_objections(session, facts.review.id)
    verdicts = [
        (decisions[objection.id].is_upheld, objection.found_by_office) for objection in objections
    ]
    to_state, reason = outcome_of(verdicts)
    # The case moves first: whoever comes second has changed none of its objections.
    if not _decide(session, facts, to_state, reason, "", actor=actor, at=at):
        return False
    for objection in objections:
        decision = decisions[objection.id]
        objection.state = ObjectionState.UPHELD if decision.is_upheld else ObjectionState.DISMISSED
        objection.answer, objection.answered_at = decision.words, at
        if decision.is_upheld:
            open_task(
                session,
                facts.review,
                facts.campaign,
                CORRECTION_OF[objection.problem],
                actor=actor,
                on=facts.on,
                at=at,
                objection=objection,
                words=decision.words,
            )
    give_receipt(session, facts, actor=actor, at=at, secret=secret)
    return True


def outcome_of(verdicts: Iterable[tuple[bool, bool]]) -> tuple[ReviewState, str]:
    """Return where a case goes by its objections, each (upheld, found by the office), and why.

    One that was upheld does not make the others right. What the office itself had found and then
    found to be right is nothing that the person lost.
    """
    decided = list(verdicts)
    is_upheld = any(upheld for upheld, _by_office in decided)
    is_dismissed = any(not upheld and not by_office for upheld, by_office in decided)
    if is_upheld:
        return ReviewState.CORRECTING, "partly_upheld" if is_dismissed else "upheld"
    if is_dismissed:
        return ReviewState.REJECTED, "dismissed"
    return ReviewState.PASSED, "record_confirmed"


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
    """Certify a recipient in person or say why not; False: decided before. The caller commits.

    :raises DecisionRefused: for one's own case; "benefit_ended" when there is none to certify.
    """
    to_state = ReviewState.PASSED if is_certified else ReviewState.REJECTED
    reason = "certified_by_agency" if is_certified else "not_certified"
    if not _decide(session, facts, to_state, reason, words, actor=actor, at=at):
        return False
    # After the case moved: of two who decide it at once, one alone certifies.
    if is_certified:
        try:
            apply_certification(session, facts, actor=actor, at=at, secret=secret)
        except BenefitEnded as ended:
            raise DecisionRefused(ended.code) from ended
    give_receipt(session, facts, actor=actor, at=at, secret=secret)
    return True


def _decide(
    session: Session,
    facts: ReviewFacts,
    to_state: ReviewState,
    reason: str,
    words: str,
    *,
    actor: Actor,
    at: datetime,
) -> bool:
    review = facts.review
    # Under whichever key: registered twice, somebody is one person and decides neither case.
    if is_same_person(session, actor.person_id, review.person_id):
        raise DecisionRefused("own_case")
    if not review.state.is_waiting:
        return False
    event = {"words": words} if words else {}
    return move_review(session, review, to_state, reason=reason, actor=actor, at=at, facts=event)


def _waits(on: date) -> ColumnElement[bool]:
    return or_(
        Review.state.in_([ReviewState.MANUAL_REVIEW, ReviewState.TO_CORRECT]),
        # The employer has its whole last day; its silence after that answers nothing.
        (Review.state == ReviewState.EMPLOYER_CONFIRM) & (Review.answer_by < on),
    )
