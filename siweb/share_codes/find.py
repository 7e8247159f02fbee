"""Find codes and their uses for the person who made them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.registry.person_keys import is_of
from siweb.share_codes.tables.share_code import ShareCode, ShareCodeUse

# The latest; codes end by themselves, and what was shown stands among who looked as well.
_OWN = 50


def own_codes(session: Session, person_id: int) -> Sequence[ShareCode]:
    """Return a person's codes, the newest first."""
    return session.scalars(
        select(ShareCode)
        .where(is_of(ShareCode.person_id, person_id))
        .order_by(ShareCode.made_at.desc(), ShareCode.id.desc())
        .limit(_OWN)
    ).all()


def own_code(session: Session, person_id: int, reference: str) -> ShareCode | None:
    """Return a person's own code; None for others'."""
    return session.scalar(
        select(ShareCode).where(
            ShareCode.reference == reference, is_of(ShareCode.person_id, person_id)
        )
    )


def uses_of(session: Session, code: ShareCode) -> Sequence[datetime]:
    """Return when a code was used, the latest first; there are never more than it allows."""
    return session.scalars(
        select(ShareCodeUse.used_at)
        .where(ShareCodeUse.code_id == code.id)
        .order_by(ShareCodeUse.used_at.desc(), ShareCodeUse.id.desc())
    ).all()
