"""A relative certifies a recipient on their own sign-in; both names are kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.throttle import PER_NUMBER, reserve, take_back
from siweb.messages.kinds.helping import CERTIFIED_BY_RELATIVE, HELP_REVIEW
from siweb.messages.matter import matter
from siweb.messages.notify import notify
from siweb.registry.find_person import find_person
from siweb.registry.person_keys import is_same_person
from siweb.registry.tables.person import Person
from siweb.reviews.begin.due import due_reviews
from siweb.reviews.begin.start import draft_of, open_review
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class HelpRefused(Refusal):
    """When no certification is due for such a person: unknown, another name, or nothing to do."""

    def __init__(self) -> None:
        # One code for all of it: what does not fit is not given away.
        super().__init__("nothing_due")


def help_relative(
    session: Session,
    id_number: str,
    name: str,
    *,
    actor: Actor,
    key: str,
    packs: PackSet,
    on: date,
    at: datetime,
) -> Review:
    """Return the recipient's open case, with the relative noted as the one who answers.

    Failures are counted, so that nobody tries numbers one after the other. The caller commits.

    :raises SignInPaused: after five failures.
    :raises HelpRefused: in the same way whatever does not fit, so that nothing is given away.
    """
    # By account, not by the recipient's number: no stranger keeps a real relative out.
    who = keyed_hash(key, "help", str(actor.account_id))
    reserve(session, {who: PER_NUMBER}, at=at)
    review = _note_helper(session, id_number, name, actor, packs, on, at)
    take_back(session, who, PER_NUMBER)
    return review


def tell_reviewed(
    session: Session, review: Review, kind: ReviewKind, region_code: str, *, at: datetime
) -> None:
    """Tell a person that somebody sent their certification or another review, once a case."""
    is_certified = kind is ReviewKind.CERTIFICATION
    notify(
        session,
        CERTIFIED_BY_RELATIVE if is_certified else HELP_REVIEW,
        review.person_id,
        region_code=region_code,
        subject=("review", review.id),
        at=at,
    )


def helped_by(account_id: Any) -> Select[Any]:
    """Return the question which certifications a relative has begun and not sent; nobody's name."""
    return (
        select(*matter("helped", key=Review.reference))
        .where(Review.helper_account_id == account_id, Review.state == ReviewState.DRAFT)
        .order_by(Review.opened_at, Review.id)
    )


def _note_helper(
    session: Session,
    id_number: str,
    name: str,
    actor: Actor,
    packs: PackSet,
    on: date,
    at: datetime,
) -> Review:
    # A number that was replaced, or is a second registration's, leads to the person all the same.
    person_id = find_person(session, id_number)
    person = None if person_id is None else session.get_one(Person, person_id)
    if person is None or _plain(person.name) != _plain(name):
        raise HelpRefused
    # Oneself is no relative, under whatever number: a declaration for oneself is asked for as such.
    if is_same_person(session, person.id, actor.person_id):
        raise HelpRefused
    due = next(
        (
            found
            for found in due_reviews(session, person.id, packs=packs, on=on)
            if found.campaign.kind is ReviewKind.CERTIFICATION and found.is_to_do
        ),
        None,
    )
    if due is None:
        raise HelpRefused
    review = open_review(session, due.campaign, person.id, actor=actor, at=at)
    # Of another one who began it too: who knows number and name keeps no real relative out.
    review.helper_account_id = actor.account_id
    draft_of(session, due.campaign, review, actor=actor, at=at)
    return review


def _plain(name: str) -> str:
    return "".join(name.replace("•", "·").split())
