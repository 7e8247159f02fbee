"""Recovery codes: each stands in once for a device that is lost."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.tables.second_factor import RecoveryCode
from siweb.db.claim import claim
from siweb.db.reference_code import new_reference, normalise
from siweb.rules.errors import Refusal

CODES = 10
# Ten of 23 characters are 45 bits: with the throttle's pauses beyond any guessing.
LENGTH = 10


def renew_codes(session: Session, account_id: int, *, key: str) -> list[str]:
    """Return new codes, which nobody can read again; the ones before are worth nothing."""
    codes = [new_reference(LENGTH) for _ in range(CODES)]
    forget_codes(session, account_id)
    session.execute(
        insert(RecoveryCode),
        [{"account_id": account_id, "digest": _digest(key, account_id, code)} for code in codes],
    )
    return codes


def use_code(
    session: Session, account_id: int, typed: str, *, key: str, at: datetime, otherwise: Refusal
) -> None:
    """Use a code up.

    :raises Refusal: `otherwise`, when there is no such code or it was used before.
    """
    place = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.digest == _digest(key, account_id, normalise(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    claim(session, place, otherwise=otherwise)


def codes_left(session: Session, account_id: int) -> int:
    """Return how many codes are still good."""
    asked = select(func.count()).select_from(RecoveryCode)
    left = asked.where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return int(session.scalar(left) or 0)


def forget_codes(session: Session, account_id: int) -> None:
    """Delete all codes of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _digest(key: str, account_id: int, code: str) -> str:
    return keyed_hash(key, "recovery_code", f"{account_id}:{code}")
