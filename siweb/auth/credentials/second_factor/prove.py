"""Prove a second factor, by a code of the app or by a recovery code."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.keyed_hash import keyed_hash, line_of
from siweb.auth.credentials.second_factor.recovery import codes_left, use_code
from siweb.auth.credentials.second_factor.totp import DIGITS, matching_step
from siweb.auth.credentials.throttle import (
    PER_NUMBER,
    PER_NUMBER_ANYWHERE,
    Limit,
    forget,
    reserve,
    take_back,
)
from siweb.auth.tables.second_factor import SecondFactor
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.db.claim import claim
from siweb.db.reference_code import normalise
from siweb.rules.errors import Refusal


class ProofRefused(Refusal):
    """When a code is wrong, or was used before: never said which."""


def reserve_proof(
    session: Session, account_id: int, address: str, *, key: str, at: datetime
) -> Mapping[str, Limit]:
    """Count a try; commit before it is compared. What is returned takes it back.

    Counted as passwords are, line by line and over all lines: whoever has the password alone gets
    no more tries by it, and does not keep the owner out elsewhere.

    :raises SignInPaused: after too many failures.
    """
    limits = {
        keyed_hash(key, "factor_line", f"{line_of(address)}:{account_id}"): PER_NUMBER,
        keyed_hash(key, "factor", str(account_id)): PER_NUMBER_ANYWHERE,
    }
    reserve(session, limits, at=at)
    return limits


def prove(
    session: Session,
    account_id: int,
    person_id: int,
    typed: str,
    reserved: Mapping[str, Limit],
    *,
    sign_in_id: int,
    key: str,
    at: datetime,
) -> int | None:
    """Note in a sign-in that its owner has the second factor.

    Returns how many recovery codes are left when one was used, else None.

    :raises ProofRefused: when the code is wrong or was used before; the try stays counted.
    """
    code, left = normalise(typed), None
    # The two kinds differ in length, so one field takes both.
    if len(code) == DIGITS:
        _use_step(session, account_id, code, at)
    else:
        wrong = ProofRefused("does_not_fit")
        use_code(session, account_id, code, key=key, at=at, otherwise=wrong)
        left = codes_left(session, account_id)
    take_back_proof(session, reserved)
    note_proof(session, sign_in_id, at=at)
    record_activity(
        session,
        "second_factor.proved",
        actor=Actor(account_id, person_id),
        at=at,
        subject=("account", account_id),
        person_id=person_id,
        facts={"recovery_codes_left": left} if left is not None else {},
    )
    return left


def take_back_proof(session: Session, reserved: Mapping[str, Limit]) -> None:
    """Take back a reserved try that fitted."""
    line, anywhere = reserved
    forget(session, (line,))
    # What others guessed over their lines stays counted: the owner's coming gives them nothing.
    take_back(session, anywhere, PER_NUMBER_ANYWHERE)


def note_proof(session: Session, sign_in_id: int, *, at: datetime) -> None:
    """Note in a sign-in when its owner last proved the second factor."""
    session.execute(
        update(SignInSession).where(SignInSession.id == sign_in_id).values(proved_at=at)
    )


def _use_step(session: Session, account_id: int, code: str, at: datetime) -> None:
    """Take a code of the app once: of two requests with the same one, the second finds it used."""
    wrong = ProofRefused("does_not_fit")
    factor = session.get(SecondFactor, account_id)
    step = factor and matching_step(factor.secret, code, at=at, after=factor.last_step)
    if step is None:
        raise wrong
    place = (
        update(SecondFactor)
        .where(SecondFactor.account_id == account_id, SecondFactor.last_step < step)
        .values(last_step=step)
    )
    claim(session, place, otherwise=wrong)
