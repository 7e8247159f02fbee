"""A review begun at the counter goes on on the phone of whose it is: by a code of short life.

The code names the case and opens nothing by itself: its reader signs in, and must be that person.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.keyed_hash import token_hash
from siweb.db.reference_code import new_reference
from siweb.registry.person_keys import is_of
from siweb.reviews.begin.due import due_reviews
from siweb.reviews.begin.start import draft_of, open_review
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.counter_code import CounterCode
from siweb.reviews.tables.review import Review, ReviewState
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet

# Long enough to find the password again in the queue, too short for a screen that was photographed.
GOOD_FOR = timedelta(minutes=15)
# 72 bits: it stands in an address, where nobody types it; tries need no count.
_SIGNS = 16


class CodeRefused(Refusal):
    """When there is nothing to begin: "nothing_due", "still_good"; of a code: "does_not_fit"."""


def make_counter_code(
    session: Session,
    campaign_id: int,
    person_id: int,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    after: int | None = None,
) -> str:
    """Return a code for a person's case in a campaign, which is begun if it was not.

    Nothing is answered for them: the case is empty until its person goes on. The caller commits.

    :param after: the last good code (`last_good_code`) that whoever asks knew of.
    :raises CodeRefused: "nothing_due" where the person has nothing to do in it now; "still_good"
        where a code for it was made since `after`, and leads on.
    """
    due = next(
        (
            found
            for found in due_reviews(session, person_id, packs=packs, on=on)
            if found.campaign.id == campaign_id and found.is_to_do
        ),
        None,
    )
    if due is None:
        raise CodeRefused("nothing_due")
    if after is not None and after < last_good_code(session, person_id, campaign_id, at=at):
        raise CodeRefused("still_good")
    review = open_review(session, due.campaign, person_id, actor=actor, at=at)
    # Of two screens in the queue only the last one leads on.
    _close(session, CounterCode.review_id == review.id, at=at)
    # What is over leads nowhere, and the log says that it was made: each new one clears it away.
    session.execute(delete(CounterCode).where(CounterCode.expires_at <= at))
    code = new_reference(_SIGNS)
    assert actor.account_id is not None
    session.add(
        CounterCode(
            code_hash=token_hash(code),
            review_id=review.id,
            made_by_account_id=actor.account_id,
            made_at=at,
            expires_at=at + GOOD_FOR,
        )
    )
    _note(session, "review.counter_code_made", review, actor, at)
    return code


def last_good_code(
    session: Session, person_id: int, campaign_id: int | None = None, *, at: datetime
) -> int:
    """Return the number of the last code that leads a person on, in one campaign or in any.

    0 where none does. A number opens nothing: forms may show it.
    """
    asked = (
        select(func.max(CounterCode.id))
        .join(Review, Review.id == CounterCode.review_id)
        .where(
            is_of(Review.person_id, person_id),
            CounterCode.used_at.is_(None),
            CounterCode.expires_at > at,
        )
    )
    if campaign_id is not None:
        asked = asked.where(Review.campaign_id == campaign_id)
    return session.scalar(asked) or 0


def case_of_code(session: Session, code: str, *, person_id: int, at: datetime) -> Campaign | None:
    """Return the campaign of the case that a code leads this person to; None for all others.

    Looking uses nothing up: phones fetch an address before anybody has pressed a button.
    """
    return session.scalar(
        select(Campaign)
        .join(Review, Review.campaign_id == Campaign.id)
        .join(CounterCode, CounterCode.review_id == Review.id)
        .where(*_good(token_hash(code), at), is_of(Review.person_id, person_id))
    )


def use_counter_code(session: Session, code: str, *, actor: Actor, at: datetime) -> Review:
    """Return the case of a code, with a draft of this account while it is not sent.

    The caller commits.

    :raises CodeRefused: "does_not_fit" in the same way for a wrong person, too late, and twice.
    """
    assert actor.person_id is not None
    row = session.execute(
        select(Review, Campaign)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .join(CounterCode, CounterCode.review_id == Review.id)
        .where(*_good(token_hash(code), at), is_of(Review.person_id, actor.person_id))
    ).first()
    if row is None or not _close(session, CounterCode.code_hash == token_hash(code), at=at):
        raise CodeRefused("does_not_fit")
    review, campaign = row
    # Sent meanwhile in another window: the case says so by itself, there is nothing to answer.
    if review.state is ReviewState.DRAFT:
        draft_of(session, campaign, review, actor=actor, at=at)
    _note(session, "review.counter_code_used", review, actor, at)
    return review


def _good(code_hash: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        CounterCode.code_hash == code_hash,
        CounterCode.used_at.is_(None),
        CounterCode.expires_at > at,
    )


def _close(session: Session, which: ColumnElement[bool], *, at: datetime) -> bool:
    """Let codes lead nowhere any more; of two who use one at once, one closes it."""
    closed = session.execute(
        update(CounterCode)
        .where(which, CounterCode.used_at.is_(None))
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    return bool(closed.rowcount)  # type: ignore[attr-defined]


def _note(session: Session, kind: str, review: Review, actor: Actor, at: datetime) -> None:
    record_activity(
        session, kind, actor=actor, at=at, subject=("review", review.id),
        person_id=review.person_id, facts={},
    )  # fmt: skip
