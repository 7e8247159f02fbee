"""Start a review: once per campaign and round, however often the button is pressed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, cast, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.db.reference_code import new_reference
from siweb.registry.person_keys import is_of, is_same_person
from siweb.reviews.move import keep_event
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review, ReviewState
from siweb.wizard.answers import find_draft, open_draft
from siweb.wizard.draft import Draft


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case, its campaign and, while it is being answered, its draft."""

    review: Review
    campaign: Campaign
    draft: Draft | None


# Built once: every step of every review asks it, and to build it takes longer than to run it.
_CASE = (
    select(Review, Campaign, Draft)
    .join(Campaign, Campaign.id == Review.campaign_id)
    .outerjoin(
        Draft,
        (Draft.subject_kind == "review")
        & (Draft.subject_id == cast(Review.id, Draft.subject_id.type))
        & (Draft.account_id == bindparam("account_id")),
    )
    .where(
        Review.reference == bindparam("reference"),
        is_of(Review.person_id, bindparam("person_id"))
        | (Review.helper_account_id == bindparam("account_id")),
    )
)


def start_review(
    session: Session, campaign: Campaign, person_id: int, *, actor: Actor, at: datetime
) -> Review:
    """Return the open case of a person in a campaign, with a draft in which to answer it."""
    review = open_review(session, campaign, person_id, actor=actor, at=at)
    draft_of(session, campaign, review, actor=actor, at=at)
    return review


def open_review(
    session: Session, campaign: Campaign, person_id: int, *, actor: Actor, at: datetime
) -> Review:
    """Return the open case of a person in a campaign; a new one when there is none."""
    review = _open_review(session, campaign.id, person_id)
    return review or _new_review(session, campaign, person_id, actor, at)


def draft_of(
    session: Session, campaign: Campaign, review: Review, *, actor: Actor, at: datetime
) -> Draft:
    """Return the draft in which this account answers a case; a new one when there is none."""
    assert actor.account_id is not None
    name, subject = draft_name(session, campaign, actor, review), ("review", review.id)
    return find_draft(session, name, subject, actor.account_id) or open_draft(
        session, name, subject, account_id=actor.account_id, at=at
    )


def draft_name(session: Session, campaign: Campaign, actor: Actor, review: Review) -> str:
    """Return the definition's name: a relative's answers are a form of their own."""
    helps = not is_same_person(session, actor.person_id, review.person_id)
    return f"{campaign.kind.value}_by_relative" if helps else campaign.kind.value


def find_case(session: Session, reference: str, actor: Actor) -> FoundCase | None:
    """Return a case of this person, or one that this account helps with; else None."""
    asked = {
        "reference": reference, "person_id": actor.person_id, "account_id": actor.account_id,
    }  # fmt: skip
    row = session.execute(_CASE, asked).first()
    return None if row is None else FoundCase(*row)


def _open_review(session: Session, campaign_id: int, person_id: int) -> Review | None:
    return session.scalar(
        select(Review).where(
            Review.campaign_id == campaign_id,
            is_of(Review.person_id, person_id),
            Review.state.not_in([state for state in ReviewState if state.is_final]),
        )
    )


def _new_review(
    session: Session, campaign: Campaign, person_id: int, actor: Actor, at: datetime
) -> Review:
    rounds = session.scalar(
        select(func.count()).where(
            Review.campaign_id == campaign.id, is_of(Review.person_id, person_id)
        )
    )
    review = Review(
        reference=new_reference(12),
        campaign_id=campaign.id,
        person_id=person_id,
        round=int(rounds or 0) + 1,
        opened_at=at,
    )
    try:
        # Alone in a savepoint: what another tab made must not undo what this request did before.
        with session.begin_nested():
            session.add(review)
    except IntegrityError:  # another tab was first
        found = _open_review(session, campaign.id, person_id)
        if found is None:
            raise
        return found
    keep_event(session, review, None, actor=actor, at=at)
    return review
