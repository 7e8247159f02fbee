"""Make a code, or take it back: its owner alone does either, signed in as themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor, Channel
from siweb.audit.record import record_activity
from siweb.db.reference_code import new_reference
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.share_codes.code import code_hash, share_code
from siweb.share_codes.tables.share_code import ShareCode, Shown

# More open codes than this nobody can keep apart.
MOST_OPEN = 20


class ShareRefused(Refusal):
    """When a code is not made, or shows nothing.

    `code` is "too_many", "not_own"; of a code that is used "unknown", "revoked", "expired",
    "used_up".
    """


@dataclass(frozen=True, slots=True)
class Grant:
    """What its owner lets somebody see, and for how long."""

    for_whom: str
    shown: frozenset[Shown]
    years: int
    valid_until_on: date
    uses_allowed: int


def make_code(
    session: Session, grant: Grant, *, secret: str, actor: Actor, on: date, at: datetime
) -> ShareCode:
    """Return a new code of whoever acts; the caller commits.

    There is no parameter for whose it is: staff cannot make one of somebody else's record, whatever
    they may do at the desk.

    :raises ShareRefused: "not_own" for whoever acts for somebody or at the desk, "too_many".
    """
    is_own = actor.channel is Channel.WEB and actor.on_behalf_of_person_id is None
    if actor.person_id is None or not is_own:
        raise ShareRefused("not_own")
    if _open_ones(session, actor.person_id, on) >= MOST_OPEN:
        raise ShareRefused("too_many", most=MOST_OPEN)
    reference = new_reference()
    code = ShareCode(
        reference=reference,
        code_hash=code_hash(share_code(secret, reference)),
        person_id=actor.person_id,
        region_code=session.get_one(Person, actor.person_id).region_code,
        for_whom=grant.for_whom,
        shown=grant.shown,
        years=grant.years,
        made_at=at,
        valid_until_on=grant.valid_until_on,
        uses_allowed=grant.uses_allowed,
        uses=0,
    )
    session.add(code)
    session.flush()
    note(session, "share_code.made", code, actor, at)
    return code


def take_back(session: Session, code: ShareCode, *, actor: Actor, at: datetime) -> None:
    """Let a code show nothing from now on; twice is once."""
    session.refresh(code, with_for_update=True)
    if code.revoked_at is None:
        code.revoked_at = at
        note(session, "share_code.taken_back", code, actor, at)


def note(session: Session, action: str, code: ShareCode, actor: Actor, at: datetime) -> None:
    """Write a line of the activity log about a code."""
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("share_code", code.id),
        person_id=code.person_id,
        facts={"reference": code.reference, "shown": sorted(code.shown)},
    )


def _open_ones(session: Session, person_id: int, on: date) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                is_of(ShareCode.person_id, person_id),
                ShareCode.revoked_at.is_(None),
                ShareCode.valid_until_on >= on,
                ShareCode.uses < ShareCode.uses_allowed,
            )
        )
        or 0
    )
