"""An account's own sign-ins and the tries that were refused, for its owner to look over."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, delete, literal, null, select, union_all
from sqlalchemy.orm import Session

from siweb.auth.credentials.attempt import Attempt
from siweb.auth.credentials.keyed_hash import network_of
from siweb.auth.tables.refused_sign_in import RefusedSignIn
from siweb.auth.tables.sign_in_session import EndReason, SignInSession
from siweb.db.types import word

PAGE = 50
# Longer than anybody remembers a sign-in; what somebody guessed before is of no use to its owner.
_KEPT = timedelta(days=365)


class OwnSignIn(NamedTuple):
    """A sign-in, or a try that was refused: when, with what kind of device, from which network."""

    at: datetime
    device: str
    network: str
    is_refused: bool
    ended_at: datetime | None
    end_reason: EndReason | None
    session_id: int | None
    # Not ended, and neither idle for too long nor run out: nobody ends those before they come back.
    is_open: bool


def note_try(session: Session, account_id: int, attempt: Attempt, *, at: datetime) -> int:
    """Note a try as refused and return its key; one whose password fits takes it back.

    Before the password is compared, like the count of it: noted afterwards, only tries of numbers
    that have an account would take longer to refuse, and the time would tell which those are.
    """
    row = RefusedSignIn(
        account_id=account_id,
        at=at,
        device=attempt.device[:80],
        network=network_of(attempt.address),
    )
    session.add(row)
    session.flush()
    return row.id


def take_back_try(session: Session, account_id: int, key: int, *, at: datetime) -> None:
    """Delete a try that was none, and the account's old ones with it."""
    tries = RefusedSignIn
    session.execute(
        delete(tries).where(
            tries.account_id == account_id, (tries.id == key) | (tries.at < at - _KEPT)
        )
    )


def own_sign_ins(
    session: Session, account_id: int, *, idle: timedelta, at: datetime, page: int
) -> tuple[list[OwnSignIn], bool]:
    """Return a page of an account's sign-ins and refused tries, the newest first; and if more."""
    refused, opened = RefusedSignIn, SignInSession
    no_time = null().cast(opened.ended_at.type)
    both = union_all(
        select(
            opened.created_at.label("at"),
            opened.device,
            opened.network,
            literal(value=False).label("is_refused"),
            opened.ended_at,
            opened.end_reason,
            opened.id.label("session_id"),
            and_(
                opened.ended_at.is_(None), opened.last_seen_at > at - idle, opened.expires_at > at
            ).label("is_open"),
        ).where(opened.account_id == account_id),
        select(
            refused.at,
            refused.device,
            refused.network,
            literal(value=True),
            no_time,
            null().cast(word(EndReason, "end_reason")),
            null().cast(opened.id.type),
            literal(value=False),
        ).where(refused.account_id == account_id),
    ).subquery("both")
    rows = session.execute(
        select(both)
        .order_by(both.c.at.desc(), both.c.is_refused, both.c.session_id.desc())
        # One more than is shown says whether there is a next page, without counting them all.
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [OwnSignIn(*row) for row in rows[:PAGE]], len(rows) > PAGE
