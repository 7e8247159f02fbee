"""Find codes and their uses for the person who made them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.person_keys import is_of
from siweb.share_codes.tables.share_code import ShareCode, ShareCodeUse

# The latest; codes end by themselves, and what was shown stands among who looked as well.
_OWN = 50
# Long enough to read and to print, short enough that nobody finds it in an open browser later.
_SHOWN_FOR = timedelta(minutes=10)


def own_codes(session: Session, person_id: int) -> Sequence[ShareCode]:
    """Return a person's codes, the newest first."""
    return session.scalars(
        select(ShareCode)
        .where(is_of(ShareCode.person_id, person_id))
        .order_by(ShareCode.made_at.desc(), ShareCode.id.desc())
        .limit(_OWN)
    ).all()


def open_codes(session: Session, person_id: int, *, on: date) -> list[ShareCode]:
    """Return a person's codes that still show something on a day, the newest first."""
    return [code for code in own_codes(session, person_id) if code.is_open(on)]


def own_code(session: Session, person_id: int, reference: str) -> ShareCode | None:
    """Return a person's own code; None for others'."""
    return session.scalar(
        select(ShareCode).where(
            ShareCode.reference == reference, is_of(ShareCode.person_id, person_id)
        )
    )


def used_code(session: Session, use_id: int | None, *, at: datetime) -> ShareCode | None:
    """Return the code of a use that was made just now; None where it was taken back since."""
    if use_id is None:
        return None
    return session.scalar(
        select(ShareCode)
        .join(ShareCodeUse, ShareCodeUse.code_id == ShareCode.id)
        .where(
            ShareCodeUse.id == use_id,
            ShareCodeUse.used_at > at - _SHOWN_FOR,
            ShareCode.revoked_at.is_(None),
        )
    )


def uses_of(session: Session, code: ShareCode) -> Sequence[datetime]:
    """Return when a code was used, the latest first; there are never more than it allows."""
    return session.scalars(
        select(ShareCodeUse.used_at)
        .where(ShareCodeUse.code_id == code.id)
        .order_by(ShareCodeUse.used_at.desc(), ShareCodeUse.id.desc())
    ).all()
