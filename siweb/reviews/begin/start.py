"""Start a review: once per campaign and round, however often the button is pressed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, cast, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.db.prepared import PreparedRows
from siweb.db.reference_code import new_reference
from siweb.registry.person_keys import is_of, is_same_person
from siweb.reviews.move import keep_event
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.wizard.answers import drop_draft, open_draft, take_over_draft
from siweb.wizard.draft import Draft


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case, its campaign and, while it is being answered, its draft."""

    review: Review
    campaign: Campaign
    draft: Draft | None


def _of_one(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(Review)
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
            | (Review.helper_account_id == bindparam("relative_id")),
        )
    )


# Built once: every step of every review asks one of them, and to build it takes longer than to run
# it. A page that is only shown has no use for objects whose changes somebody follows.
_CASE = _of_one(select(Review, Campaign, Draft))
_SHOWN = PreparedRows((Review, Campaign, Draft), _of_one)


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
    if name == by_relative(campaign):
        # Whoever knows number and name may have begun it: the next one reads none of that.
        drop_draft(session, name, subject, but_account_id=actor.account_id)
    # A person and who acts for them go on with the same answers, the one who came last.
    return take_over_draft(session, name, subject, account_id=actor.account_id) or open_draft(
        session, name, subject, account_id=actor.account_id, at=at
    )


def draft_name(session: Session, campaign: Campaign, actor: Actor, review: Review) -> str:
    """Return the definition's name: a certification by somebody else is a form of its own.

    Also by who was allowed to: that somebody agreed last year does not prove them alive today.
    """
    helps = not is_same_person(session, actor.person_id, review.person_id)
    is_certified = campaign.kind is ReviewKind.CERTIFICATION
    return by_relative(campaign) if helps and is_certified else campaign.kind.value


def by_relative(campaign: Campaign) -> str:
    """Return the name of the form in which somebody else answers."""
    return f"{campaign.kind.value}_by_relative"


def find_case(session: Session, reference: str, actor: Actor) -> FoundCase | None:
    """Return a case of this person, or one that this account helps with; else None.

    Of whom somebody acts for: cases of that person alone, whatever else they help with.
    """
    row = session.execute(_CASE, _asked(reference, actor)).first()
    return None if row is None else FoundCase(*row)


def find_shown_case(session: Session, reference: str, actor: Actor) -> FoundCase | None:
    """Return what `find_case` does, to be shown alone: what is changed in it is kept nowhere."""
    row = _SHOWN.first(session.connection(), _asked(reference, actor))
    return None if row is None else FoundCase(*row)


def _asked(reference: str, actor: Actor) -> dict[str, Any]:
    helped = actor.on_behalf_of_person_id
    return {
        "reference": reference,
        "person_id": actor.person_id if helped is None else helped,
        "account_id": actor.account_id,
        "relative_id": actor.account_id if helped is None else None,
    }


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
        # Two tabs count the same; the unique key of campaign, person and round refuses the second.
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
