"""Somebody uses a code: it is counted and told to its owner, and then it shows what it may."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor, Channel
from siweb.documents.verify import hold_to_limit
from siweb.messages.kinds.papers import SHARE_CODE_USED
from siweb.messages.notify import notify
from siweb.share_codes.code import code_hash
from siweb.share_codes.make import ShareRefused, note
from siweb.share_codes.tables.share_code import ShareCode, ShareCodeUse

# Nobody that the office knows: the code is all that they showed.
_HOLDER = Actor(account_id=None, person_id=None, channel=Channel.WEB)


def use_code(
    session: Session, typed: str, *, address_hash: str, on: date, at: datetime
) -> ShareCodeUse:
    """Return the use of a code, one of those that it allows. The caller commits in every case.

    :raises VerificationPaused: when the address tried too often, whatever the code.
    :raises ShareRefused: "unknown", "revoked", "expired", "used_up".
    """
    # The same window as verifications: who guesses codes of one kind guesses the other as well.
    hold_to_limit(session, address_hash, at)
    code = session.scalar(select(ShareCode).where(ShareCode.code_hash == code_hash(typed)))
    if code is None:
        raise ShareRefused("unknown")
    if code.revoked_at is not None:
        raise ShareRefused("revoked")
    if on > code.valid_until_on:
        raise ShareRefused("expired")
    uses = _count(session, code)
    use = ShareCodeUse(code_id=code.id, used_at=at, address_hash=address_hash)
    session.add(use)
    note(session, "share_code.used", code, _HOLDER, at)
    notify(
        session,
        SHARE_CODE_USED,
        code.person_id,
        region_code=code.region_code,
        # Whoever uses it reads that the person is told each time: a use is told by its number.
        subject=("share_code", f"{code.reference}-{uses}"),
        at=at,
    )
    return use


def _count(session: Session, code: ShareCode) -> int:
    """Take one use and return which one it is; of two at once who want the last one gets it.

    :raises ShareRefused: "used_up".
    """
    counted = session.execute(
        update(ShareCode)
        .where(
            ShareCode.id == code.id,
            ShareCode.uses < ShareCode.uses_allowed,
            # It may have been taken back since it was read.
            ShareCode.revoked_at.is_(None),
        )
        .values(uses=ShareCode.uses + 1)
        .returning(ShareCode.uses)
    ).scalar()
    if counted is None:
        raise ShareRefused("used_up")
    return int(counted)
