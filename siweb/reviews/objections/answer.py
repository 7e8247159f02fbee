"""An employer answers what a person objects to; the agency decides afterwards in either case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM, Actor
from siweb.audit.record import record_activity
from siweb.messages.kinds.reviews import OBJECTION_ANSWERED, OBJECTION_TO_ANSWER
from siweb.messages.matter import matter
from siweb.messages.notify import notify
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.reviews.move import move_review
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.objection import Objection, ObjectionState
from siweb.reviews.tables.review import Review, ReviewState

MOST_SHOWN = 50
_WAITS: tuple[ColumnElement[bool], ...] = (
    Objection.state == ObjectionState.OPEN,
    Objection.employer_answered_at.is_(None),
    Review.state == ReviewState.EMPLOYER_CONFIRM,
)


@dataclass(frozen=True, slots=True)
class AskedObjection:
    """One objection that an employer is asked about, and whose it is."""

    objection: Objection
    review: Review
    person_name: str


def objections_to_answer(session: Session, employer_id: int) -> list[AskedObjection]:
    """Return what the employer has not answered yet, the most urgent first."""
    rows = session.execute(_asked(employer_id).order_by(Review.answer_by, Objection.id))
    return [AskedObjection(*row) for row in rows.all()]


def objections_of_employers(employers: Any) -> Select[Any]:
    """Return the question how much each of the employers (keys, or a question) is asked."""
    return (
        select(
            *matter(
                "objections",
                key=Employer.uscc,
                name=Employer.name,
                last_day=func.min(Review.answer_by),
                number=func.count(),
            )
        )
        .join_from(Objection, Review, Review.id == Objection.review_id)
        .join(Employer, Employer.id == Objection.employer_id)
        .where(Objection.employer_id.in_(employers), *_WAITS)
        .group_by(Employer.id, Employer.uscc, Employer.name)
        .order_by(func.min(Review.answer_by), Employer.id)
    )


def find_asked(session: Session, employer_id: int, objection_id: int) -> AskedObjection | None:
    """Return one objection that waits for this employer's answer, else None."""
    row = session.execute(_asked(employer_id).where(Objection.id == objection_id))
    found = row.first()
    return None if found is None else AskedObjection(*found)


def was_asked(session: Session, employer_id: int, objection_id: int) -> bool:
    """Return whether this employer was asked about an objection, whatever became of it."""
    objection = session.get(Objection, objection_id)
    return objection is not None and objection.employer_id == employer_id


def answer_as_employer(
    session: Session, asked: AskedObjection, *, agrees: bool, words: str, actor: Actor, at: datetime
) -> bool:
    """Keep the answer; with the last one the case goes to the agency. False: answered before."""
    objection, review = asked.objection, asked.review
    # Of two employers who answer at once each would see the other silent, and nobody pass the case
    # on. The case before its objections, as who takes it back or decides it holds them.
    session.refresh(review, with_for_update=True)
    if review.state is not ReviewState.EMPLOYER_CONFIRM:
        return False
    # Of two colleagues who answer at once the first one's answer stands.
    kept = session.execute(
        update(Objection)
        .where(Objection.id == objection.id, Objection.employer_answered_at.is_(None))
        .values(employer_agrees=agrees, employer_words=words or None, employer_answered_at=at)
    )
    if not kept.rowcount:  # type: ignore[attr-defined]
        return False
    record_activity(
        session,
        "objection.answered",
        actor=actor,
        at=at,
        subject=("objection", objection.id),
        person_id=review.person_id,
        facts={"agrees": agrees},
    )
    notify(
        session,
        OBJECTION_ANSWERED,
        review.person_id,
        region_code=session.get_one(Campaign, review.campaign_id).region_code,
        subject=("objection", objection.id),
        at=at,
    )
    answers = session.scalars(
        select(Objection.employer_agrees).where(
            Objection.review_id == review.id,
            Objection.employer_id.is_not(None),
            Objection.state == ObjectionState.OPEN,
        )
    ).all()
    # None stands for an employer that has not answered yet; False is its no.
    if None not in answers:
        reason = "employer_agrees" if all(answers) else "employer_disagrees"
        move_review(session, review, ReviewState.MANUAL_REVIEW, reason=reason, actor=actor, at=at)
    return True


def tell_employers(session: Session, review: Review, *, at: datetime) -> None:
    """Tell every employer that a case asks, with the last day to answer."""
    if review.state is not ReviewState.EMPLOYER_CONFIRM:
        return
    asked = session.execute(
        select(Employer.id, Employer.region_code)
        .join(Objection, Objection.employer_id == Employer.id)
        .where(Objection.review_id == review.id, Objection.employer_answered_at.is_(None))
        .distinct()
    )
    for employer_id, region_code in asked.all():
        notify(
            session,
            OBJECTION_TO_ANSWER,
            employer_id,
            region_code=region_code,
            subject=("review", review.id),
            until_on=review.answer_by,
            at=at,
        )


def pass_on_unanswered(session: Session, *, on: date, at: datetime, most: int = 500) -> int:
    """Give the agency the cases whose employer let its time pass; return how many were moved."""
    late = session.scalars(
        select(Review)
        .where(Review.state == ReviewState.EMPLOYER_CONFIRM, Review.answer_by < on)
        .order_by(Review.id)
        .limit(most)
    ).all()
    for review in late:
        move_review(
            session,
            review,
            ReviewState.MANUAL_REVIEW,
            reason="employer_silent",
            actor=SYSTEM,
            at=at,
        )
    return len(late)


def _asked(employer_id: int) -> Select[Objection, Review, str]:
    return (
        select(Objection, Review, Person.name)
        .join(Review, Review.id == Objection.review_id)
        .join(Person, Person.id == Review.person_id)
        .where(Objection.employer_id == employer_id, *_WAITS)
        .limit(MOST_SHOWN)
    )
